package io.tidaldb.ranking;

import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a profile changes as more is known of a user: by the *warmth* c = n / (n + 5) of n pieces of
/// positive evidence, each term counts c · its warm and (1 − c) · its cold weight, so that nothing
/// jumps after the first like.
public final class Warmth {

  private static final double HALF = 5;

  private Warmth() {}

  /// The warmth of a user with so much evidence.
  public static double of(double evidence) {
    return evidence / (evidence + HALF);
  }

  /// The terms of a profile at a warmth: its cold ones at 0, in their order.
  static List<Profile.Term> terms(Profile profile, double warmth) {
    if (profile.cold().isEmpty()) {
      return profile.score();
    }
    var cold = profile.cold().get().score();
    if (warmth == 0) {
      return cold;
    }
    Map<Feature, Double> weights = new LinkedHashMap<>();
    profile
        .score()
        .forEach(term -> weights.merge(term.feature(), warmth * term.weight(), Double::sum));
    cold.forEach(term -> weights.merge(term.feature(), (1 - warmth) * term.weight(), Double::sum));
    var terms = new ArrayList<Profile.Term>();
    weights.forEach((feature, weight) -> terms.add(new Profile.Term(feature, weight)));
    return terms;
  }

  /// The fixed order of a profile at a warmth: its own, or that for those of whom nothing is known.
  public static Optional<Sort> sort(Profile profile, double warmth) {
    return profile
        .sort()
        .or(() -> profile.cold().filter(cold -> warmth == 0).flatMap(Profile.Cold::sort));
  }

  /// Where candidates come from at a warmth: the cold places at 0, else both.
  public static List<Source> sources(Profile profile, double warmth) {
    if (profile.cold().isEmpty()) {
      return profile.sources();
    }
    var cold = profile.cold().get().sources();
    if (warmth == 0) {
      return cold;
    }
    var both = new LinkedHashSet<>(profile.sources());
    both.addAll(cold);
    return List.copyOf(both);
  }
}
