package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.UserState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.roaringbitmap.RoaringBitmap;

/// What the user of a query must not see: hidden items, items of blocked creators in either
/// direction, items of muted creators unless they are asked for, and what was seen or rejected in
/// the session; of creators those that are blocked or muted themselves.
///
/// It is asked twice: for the set of candidates when the query begins, and for each hit when the
/// page is cut, with the state as it is then.
final class NeverShown {

  /// The profiles, by name, that leave out what the user declared to be of no interest.
  private static final Set<String> MINDING = Set.of("for_you", "related", "notification");

  private final People people;
  private final EntityReader items;
  private final Optional<EntityId> creator;
  private final boolean showsMuted;
  private final boolean minds;
  private final boolean ofItems;

  /// @param profile what ranks; some leave out what the user declared to be of no interest
  NeverShown(People people, EntityReader items, Retrieve request, Profile profile) {
    this.people = people;
    this.items = items;
    this.creator = request.creator();
    this.showsMuted = asksForMuted(request.filter(), true);
    this.ofItems = request.kind() == EntityKind.ITEM;
    this.minds = ofItems && request.sort().isEmpty() && MINDING.contains(profile.name());
  }

  /// Whether a filter has the leaf `muted` where it is not negated.
  private static boolean asksForMuted(Filter filter, boolean positive) {
    return switch (filter) {
      case Filter.And(var parts) -> parts.stream().anyMatch(part -> asksForMuted(part, positive));
      case Filter.Or(var parts) -> parts.stream().anyMatch(part -> asksForMuted(part, positive));
      case Filter.Not(var part) -> asksForMuted(part, !positive);
      case Filter.RelatedBy(var type) -> positive && type == RelationType.MUTE;
      case Filter.KeywordIn _,
          Filter.HasAll _,
          Filter.Exists _,
          Filter.NumberRange _,
          Filter.TimeRange _,
          Filter.FromNow _,
          Filter.Within _,
          Filter.BooleanIs _,
          Filter.IdIn _,
          Filter.RefersTo _,
          Filter.StateIs _,
          Filter.InCollection _,
          Filter.InMyCollections _,
          Filter.InNetwork _,
          Filter.AffinityAtLeast _,
          Filter.RateThreshold _,
          Filter.SignalThreshold _ ->
          false;
    };
  }

  /// Takes out of a set what must not be shown.
  ///
  /// @param counts takes how many went, per reason
  void removeFrom(RoaringBitmap set, ObjLongConsumer<String> counts) {
    var viewer = people.viewer();
    if (viewer.isPresent()) {
      if (ofItems) {
        remove(set, viewer.get().hidden(), "hidden", counts);
      }
      removeCreators(set, CreatorSet.of(viewer.get().blocked()), "blocked", counts);
      if (!showsMuted && !isAskedFor(viewer.get())) {
        removeCreators(set, CreatorSet.of(viewer.get().muted()), "muted", counts);
      }
    }
    if (minds && people.memory().isPresent()) {
      var gone = people.memory().get().items(UserState.NOT_INTERESTED);
      remove(set, gone, "not_interested", counts);
    }
    var session = people.session();
    if (session.isPresent() && ofItems) {
      remove(set, session.get().rejected(), "rejected", counts);
      remove(set, session.get().seen(), "seen in session", counts);
    }
  }

  /// A creator's own page shows them, muted or not: every item there is theirs.
  private boolean isAskedFor(Viewer viewer) {
    return creator.isPresent() && CreatorSet.of(viewer.muted()).contains(creator.get().value());
  }

  private static void remove(
      RoaringBitmap set, RoaringBitmap gone, String reason, ObjLongConsumer<String> counts) {
    long before = set.getLongCardinality();
    set.andNot(gone);
    counts.accept(reason, before - set.getLongCardinality());
  }

  private void removeCreators(
      RoaringBitmap set, CreatorSet creators, String reason, ObjLongConsumer<String> counts) {
    if (!creators.isEmpty()) {
      remove(set, creators.select(items, set), reason, counts);
    }
  }

  /// Whether the creator that the query asks for is blocked: then there is nothing to show.
  boolean isCreatorBlocked() {
    var viewer = people.viewer();
    return creator.isPresent()
        && viewer.isPresent()
        && CreatorSet.of(viewer.get().blocked()).contains(creator.get().value());
  }

  /// Says so.
  void warn(List<Warning> warnings) {
    if (isCreatorBlocked()) {
      warnings.add(new Warning("CREATOR_BLOCKED", "creator=" + creator.orElseThrow()));
    }
  }

  /// What must not be shown as of now, for the hits of one page.
  Cut cut() {
    return new Cut(people.freshViewer());
  }

  /// The last word about hits.
  final class Cut {
    private final Optional<RoaringBitmap> hidden;
    private final CreatorSet blocked;
    private final CreatorSet muted;

    private Cut(Optional<Viewer> viewer) {
      hidden = ofItems ? viewer.map(Viewer::hidden) : Optional.empty();
      blocked = CreatorSet.of(viewer.map(Viewer::blocked).orElse(new long[0]));
      boolean leavesMuted = viewer.isPresent() && !showsMuted && !isAskedFor(viewer.get());
      muted = CreatorSet.of(leavesMuted ? viewer.orElseThrow().muted() : new long[0]);
    }

    /// Whether the item in a slot may be shown.
    boolean allows(int slot) {
      return hidden.filter(set -> set.contains(slot)).isEmpty()
          && (blocked.isEmpty() || !blocked.holdsCreatorOf(items, slot))
          && (muted.isEmpty() || !muted.holdsCreatorOf(items, slot));
    }
  }
}
