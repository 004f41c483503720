package io.tidaldb.ranking;

import io.tidaldb.ranking.FeatureBinder.Term;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Bounds a weighted sum of features from above, term by term: a term not looked at yet adds its
/// weight at most. Terms of negative weight add nothing.
final class TermBounds {

  private final Binder binder;

  TermBounds(Binder binder) {
    this.binder = binder;
  }

  /// The steps for these terms, the greatest weight first.
  Pruning pruning(List<Term> terms) {
    var adding =
        terms.stream()
            .filter(t -> t.weight() > 0 && !(t.feature() instanceof BoundFeature.Missing))
            .sorted(Comparator.comparingDouble(Term::weight).reversed())
            .toList();
    var pruning = new Pruning(binder);
    for (int t = 0; t < adding.size(); t++) {
      double rest = adding.stream().skip(t + 1L).mapToDouble(Term::weight).sum();
      pruning.add(bound(adding.get(t).weight(), adding.get(t).feature()), rest);
    }
    return pruning;
  }

  /// The counts that bound the sum, if nothing but counts adds to it.
  Optional<WindowSum> windowSum(List<Term> terms) {
    var parts = new ArrayList<WindowSum.Part>();
    for (var term : terms) {
      if (term.weight() <= 0 || term.feature() instanceof BoundFeature.Missing) {
        continue;
      }
      var part =
          term.feature() instanceof BoundFeature.Share share
              ? part(term.weight(), share)
              : Optional.<WindowSum.Part>empty();
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(new WindowSum(parts));
  }

  private Optional<WindowSum.Part> part(double weight, BoundFeature.Share share) {
    return switch (binder.inputs().input(share.column())) {
      case Input.Count(_, int type, var window) ->
          Optional.of(part(weight, share, type, window, 1));
      case Input.Velocity(_, int type, var window) ->
          Optional.of(part(weight, share, type, window, (double) window.seconds()));
      default -> Optional.empty();
    };
  }

  private static WindowSum.Part part(
      double weight, BoundFeature.Share share, int type, Window window, double seconds) {
    return new WindowSum.Part(
        type,
        window,
        count ->
            weight
                * Formulas.u(Formulas.share(count / seconds, share.whole(), share.rootOfLive())));
  }

  private Bound bound(double weight, BoundFeature feature) {
    return switch (feature) {
      case BoundFeature.Share share ->
          switch (binder.inputs().input(share.column())) {
            case Input.Count(_, int type, _) -> count(weight, share, type, 1);
            case Input.Velocity(_, int type, var window) ->
                count(weight, share, type, (double) window.seconds());
            case Input.Decayed _,
                Input.WeightSum _,
                Input.Age _,
                Input.FieldNumber _,
                Input.Together _,
                Input.Preferred _,
                Input.Recent _,
                Input.Similar _,
                Input.Affinity _,
                Input.Holds _,
                Input.Saved _,
                Input.Followed _,
                Input.Interest _,
                Input.Ignored _,
                Input.Proof _,
                Input.CreatorNumber _,
                Input.Chance _ ->
                column(weight, share);
          };
      case BoundFeature.Ratio ratio -> column(weight, ratio);
      case BoundFeature.Bounded bounded -> above(weight, bounded);
      case BoundFeature.Missing _ -> batch -> {};
    };
  }

  /// By the counts of the widest window.
  private Bound count(double weight, BoundFeature.Share share, int type, double seconds) {
    var widest = binder.widest(type);
    return batch -> {
      binder.signals().windowedCounts(type, widest, batch.slots, batch.count, batch.longs);
      for (int i = 0; i < batch.count; i++) {
        if (batch.longs[i] > 0) {
          double x = (double) batch.longs[i] / seconds;
          batch.upper[i] +=
              weight * Formulas.u(Formulas.share(x, share.whole(), share.rootOfLive()));
        }
      }
    };
  }

  private Bound column(double weight, BoundFeature feature) {
    var columns = feature.columns();
    return batch -> {
      binder.fill(columns, batch);
      feature.addTo(weight, batch.in, batch.count, batch.upper);
    };
  }

  private Bound above(double weight, BoundFeature.Bounded feature) {
    var above = feature.above();
    return batch -> {
      binder.fill(feature.columns(), batch);
      for (int i = 0; i < batch.count; i++) {
        batch.upper[i] += weight * above.at(batch.in, i);
      }
    };
  }
}
