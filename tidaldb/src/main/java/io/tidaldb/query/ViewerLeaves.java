package io.tidaldb.query;

import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.UserState;
import java.util.Arrays;

/// The leaves of a filter that ask what the user of the query did, follows and keeps.
final class ViewerLeaves {

  private static final int DEPTH_MAX = 2;

  private final FilterScope scope;

  ViewerLeaves(FilterScope scope) {
    this.scope = scope;
  }

  FilterNode state(Filter.StateIs is) {
    var label = is.state().label();
    var viewer = scope.people().viewerOf(label);
    if (is.within().isEmpty()) {
      return FilterNode.indexed(label, () -> viewer.items(is.state()));
    }
    var span = is.within().get();
    if (is.state() != UserState.SHOWN || span.isNegative()) {
      throw new InvalidRequestException(
          "FILTER_SPAN_INVALID",
          "only 'shown' can be asked within a span, of at least 0: state="
              + label
              + " within="
              + span);
    }
    long from = Math.max(0, scope.at() - FilterPlan.saturatedNanos(span) + 1);
    return FilterNode.indexed(label + " WITHIN " + span, () -> viewer.shownSince(from));
  }

  FilterNode related(Filter.RelatedBy by) {
    var label = by.type() == RelationType.FOLLOW ? "followed" : "muted";
    if (by.type() != RelationType.FOLLOW && by.type() != RelationType.MUTE) {
      throw new InvalidRequestException(
          "FILTER_RELATION_INVALID",
          "cannot be filtered by: relation=" + by.type().label() + " allowed=follow, mute");
    }
    var viewer = scope.people().viewerOf(label);
    return new FilterNode.Creators(
        label, scope.items(), by.type() == RelationType.FOLLOW ? viewer::followed : viewer::muted);
  }

  /// Read at once: whether the network was too great is told even where nothing is left to be
  /// looked at.
  FilterNode network(Filter.InNetwork in) {
    var label = "in_network(depth:" + in.depth() + ")";
    if (in.depth() < 1 || in.depth() > DEPTH_MAX) {
      throw new InvalidRequestException(
          "FILTER_DEPTH_OUT_OF_RANGE",
          "depth out of range: filter=in_network given=" + in.depth() + " allowed=1…" + DEPTH_MAX);
    }
    var network = scope.people().viewerOf(label).network(in.depth());
    var warning =
        new Warning("FAN_OUT_CAPPED", "depth=" + in.depth() + " users=" + network.users());
    if (network.isCapped() && !scope.warnings().contains(warning)) {
      scope.warnings().add(warning);
    }
    return FilterNode.indexed(label, network::items);
  }

  FilterNode affinity(Filter.AffinityAtLeast atLeast) {
    double min = atLeast.min();
    if (!(min > 0) || Double.isInfinite(min)) {
      throw new InvalidRequestException(
          "FILTER_MIN_OUT_OF_RANGE",
          "affinity is compared with a number above 0: filter=affinity min=" + min);
    }
    var label = "affinity(min:" + QueryWords.number(min) + ")";
    var viewer = scope.people().viewerOf(label);
    return new FilterNode.Creators(
        label,
        scope.items(),
        () ->
            Arrays.stream(viewer.closest(Integer.MAX_VALUE))
                .filter(creator -> viewer.affinity(creator) >= min)
                .sorted()
                .toArray());
  }

  FilterNode ownCollections() {
    var label = "in_my_collections()";
    var _ = scope.people().viewerOf(label);
    return FilterNode.indexed(label, scope.people()::ownCollections);
  }
}
