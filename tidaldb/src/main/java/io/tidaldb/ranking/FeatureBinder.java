package io.tidaldb.ranking;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import java.util.List;

/// Binds the features of a profile to one query.
final class FeatureBinder {

  private static final double TRENDING_SHARE = 0.5;
  private static final double TRENDING_VIEW = 0.3;
  private static final double TRENDING_REACH = 0.2;
  private static final double AFFINITY_PIVOT = 5;
  private static final double TIMES_PIVOT = 3;

  private final Binder binder;

  FeatureBinder(Binder binder) {
    this.binder = binder;
  }

  /// One weighted part of a score.
  record Term(double weight, BoundFeature feature) {}

  /// The parts that a term of a profile stands for: one, or three for [Feature.Trending].
  List<Term> terms(Feature feature, double weight) {
    if (!(feature instanceof Feature.Trending trending)) {
      return List.of(new Term(weight, bind(feature)));
    }
    var window = binder.scope().window().orElse(trending.window());
    Windows.requireFinite(window, "trending");
    return List.of(
        new Term(TRENDING_SHARE * weight, velocity(Meaning.SHARE, window)),
        new Term(TRENDING_VIEW * weight, velocity(Meaning.VIEW, window)),
        new Term(TRENDING_REACH * weight, reach(window)));
  }

  /// The feature as one number.
  BoundFeature bind(Feature feature) {
    return switch (feature) {
      case Feature.Decayed(String signal) ->
          binder
              .signal(signal)
              .map(type -> binder.decayedShare(type, feature.label()))
              .orElseGet(() -> undeclared(feature, signal));
      case Feature.Count(String signal, Window window) ->
          binder
              .signal(signal)
              .map(type -> binder.countShare(type, window, feature.label()))
              .orElseGet(() -> undeclared(feature, signal));
      case Feature.Velocity(String signal, Window window) ->
          binder
              .signal(signal)
              .map(type -> velocity(type, window, feature.label()))
              .orElseGet(() -> undeclared(feature, signal));
      case Feature.Trending trending -> trending(trending);
      case Feature.Recency recency -> recency(recency);
      case Feature.CompletionRate() -> binder.completionRate();
      case Feature.Quality() -> binder.quality();
      case Feature.FieldValue(String field, double pivot) ->
          binder.hasNumbers(field)
              ? new BoundFeature.Ratio(feature.label(), binder.number(field), pivot)
              : new BoundFeature.Missing(feature.label(), "no numeric field '" + field + "'");
      case Feature.Similarity() ->
          binder.scope().personal().similarity().isPresent()
              ? bounded(feature, binder.similar(), "cosine with the nearest seed")
              : new BoundFeature.Missing(feature.label(), "no seed with a vector");
      case Feature.PreferenceMatch() ->
          binder.scope().personal().preferenceMatch().isPresent()
              ? bounded(feature, binder.preferred(), "cosine with the preference")
              : new BoundFeature.Missing(feature.label(), "no preference");
      case Feature.CoEngagement() -> together(feature);
      case Feature.RecentMatch() ->
          binder.scope().personal().recentMatch().isPresent()
              ? bounded(feature, binder.recent(), "of what follows the last positives most")
              : new BoundFeature.Missing(feature.label(), "no positives");
      case Feature.CreatorAffinity() ->
          binder.scope().personal().affinity().isPresent()
              ? new BoundFeature.Ratio(feature.label(), binder.affinity(), AFFINITY_PIVOT)
              : new BoundFeature.Missing(feature.label(), "no user");
      case Feature.Follows(), Feature.InterestMatch(), Feature.Fatigue(), Feature.SocialProof() ->
          habit(feature);
      case Feature.CreatorField(String field, double pivot) ->
          Binder.isNumberOfCreators(binder.scope().schema(), field)
              ? new BoundFeature.Ratio(
                  feature.label(), binder.column(new Input.CreatorNumber(field)), pivot)
              : new BoundFeature.Missing(
                  feature.label(), "no numeric field '" + field + "' of creators");
      case Feature.Random() -> bounded(feature, binder.chance(), "seed " + binder.scope().seed());
    };
  }

  private BoundFeature habit(Feature feature) {
    return binder
        .scope()
        .personal()
        .habits()
        .map(habits -> habit(feature, habits))
        .orElseGet(() -> new BoundFeature.Missing(feature.label(), "no user"));
  }

  /// What is known of the user.
  private BoundFeature habit(Feature feature, Habits habits) {
    var label = feature.label();
    boolean ofItems = binder.scope().kind() == EntityKind.ITEM;
    if (!ofItems
        && (feature instanceof Feature.Fatigue || feature instanceof Feature.SocialProof)) {
      return new BoundFeature.Missing(label, "only items have it");
    }
    return switch (feature) {
      case Feature.Follows() ->
          either(label, binder.column(new Input.Followed()), "creator followed", "not followed");
      case Feature.InterestMatch() ->
          habits.hasInterests()
              ? either(label, binder.column(new Input.Interest()), "an interest", "not an interest")
              : new BoundFeature.Missing(label, "no interests");
      case Feature.Fatigue() ->
          binder.signal(Meaning.IMPRESSION).isPresent()
              ? new BoundFeature.Ratio(label, binder.column(new Input.Ignored()), TIMES_PIVOT)
              : Binder.missing(label, Meaning.IMPRESSION);
      default -> {
        binder.warnIfCapped(habits.network());
        yield new BoundFeature.Ratio(label, binder.column(new Input.Proof()), TIMES_PIVOT);
      }
    };
  }

  /// 1 or 0.
  private static BoundFeature either(String label, int column, String yes, String no) {
    return new BoundFeature.Bounded(
        label,
        (in, i) -> in[column][i],
        (in, i) -> in[column][i] > 0 ? yes : no,
        (in, i) -> in[column][i],
        List.of(column));
  }

  private BoundFeature together(Feature feature) {
    if (binder.scope().personal().together().isEmpty()) {
      return new BoundFeature.Missing(feature.label(), "no seeds");
    }
    return bounded(feature, binder.together(), "of the strongest edge");
  }

  private static BoundFeature bounded(Feature feature, int column, String detail) {
    return new BoundFeature.Bounded(
        feature.label(),
        (in, i) -> in[column][i],
        (in, i) -> detail,
        (in, i) -> in[column][i],
        List.of(column));
  }

  private BoundFeature trending(Feature.Trending trending) {
    var terms = terms(trending, 1);
    Formula sum =
        (in, i) -> {
          double u = 0;
          for (int t = 0; t < terms.size(); t++) {
            u += BoundFeature.contribution(terms.get(t).weight(), terms.get(t).feature().u(in, i));
          }
          return u;
        };
    return new BoundFeature.Bounded(
        trending.label(),
        sum,
        (in, i) -> "share, view and reach",
        sum,
        terms.stream().flatMap(t -> t.feature().columns().stream()).toList());
  }

  private BoundFeature recency(Feature.Recency recency) {
    int age = binder.age();
    double halfLifeNanos = recency.halfLife().toNanos();
    return new BoundFeature.Bounded(
        recency.label(),
        (in, i) -> Formulas.recency(in[age][i], halfLifeNanos),
        (in, i) -> "age " + BoundFeature.number(in[age][i] / Formulas.HOUR_NANOS) + " h",
        (in, i) -> Formulas.recencyAbove(in[age][i], halfLifeNanos),
        List.of(age));
  }

  private BoundFeature velocity(Meaning meaning, Window window) {
    var name = "velocity(" + meaning.label() + ", " + window.label() + ")";
    return binder
        .signal(meaning)
        .map(type -> velocity(type, window, name))
        .orElseGet(() -> Binder.missing(name, meaning));
  }

  private BoundFeature velocity(SignalType type, Window window, String name) {
    if (!type.velocity()) {
      return new BoundFeature.Missing(name, "signal '" + type.name() + "' declares no velocity");
    }
    return binder.velocityShare(type, type.id().value(), type.name(), window, name);
  }

  private BoundFeature reach(Window window) {
    var name = "velocity(reach, " + window.label() + ")";
    var view = binder.signal(Meaning.VIEW);
    if (view.isEmpty()) {
      return Binder.missing(name, Meaning.VIEW);
    }
    int reach = view.get().velocity() ? binder.signals().reach() : -1;
    return reach < 0
        ? new BoundFeature.Missing(name, "signal '" + view.get().name() + "' declares no velocity")
        : binder.velocityShare(view.get(), reach, "reach", window, name);
  }

  private BoundFeature undeclared(Feature feature, String signal) {
    return new BoundFeature.Missing(
        feature.label(),
        "no signal '"
            + signal
            + "' of "
            + binder.scope().kind().name().toLowerCase(java.util.Locale.ROOT)
            + "s");
  }
}
