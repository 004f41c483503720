package io.tidaldb.ranking;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules that a profile must keep, whatever the schema, and the warnings that a schema gives
/// it.
public final class ProfileRules {

  /// Names of profiles in a database.
  public static final int NAMES_MAX = 1_000;

  /// Versions of one name.
  public static final int VERSIONS_MAX = 100;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final int TERMS_MAX = 32;
  private static final int GATES_MAX = 16;
  private static final int BOOSTS_MAX = 16;
  private static final double FACTOR_MAX = 10;
  private static final int SOURCES_MAX = 8;
  private static final String CREATORS = "creator.";

  /// Fields that nobody declares.
  private static final Set<String> COMPUTED = Set.of("created", "followers");

  private static final double WEIGHT_MAX = 10;
  private static final double EXPLORE_MAX = 0.5;
  private static final Duration HALF_LIFE_MAX = Duration.ofDays(36_500);

  private ProfileRules() {}

  /// Checks a profile that is to be saved.
  ///
  /// @return what it names and the schema lacks: it will count 0
  /// @throws InvalidRequestException if it breaks a rule
  public static List<Warning> check(Profile profile, Schema schema) {
    check(profile);
    int size = ProfileJson.toJson(profile).getBytes(StandardCharsets.UTF_8).length;
    require(
        size <= ProfileJson.SIZE_MAX,
        profile,
        "is larger than its limit as JSON: size=" + size + " limit=" + ProfileJson.SIZE_MAX);
    return new SchemaGaps(schema, EntityKind.ITEM).of(profile);
  }

  /// Checks a share of hits that explore.
  ///
  /// @throws InvalidRequestException if it is none of 0 … 0.5
  public static void checkExplore(double share) {
    if (!(share >= 0 && share <= EXPLORE_MAX)) {
      throw new InvalidRequestException(
          "EXPLORE_OUT_OF_RANGE", "explore out of range: given=" + share + " allowed=0…0.5");
    }
  }

  /// Checks everything that needs no schema.
  static void check(Profile profile) {
    require(isName(profile.name()), profile, "has no valid name: allowed=[a-z][a-z0-9_]{0,63}");
    require(
        profile.sort().isPresent() == profile.score().isEmpty(),
        profile,
        "needs either a score or a sort: terms="
            + profile.score().size()
            + " sort="
            + profile.sort().isPresent());
    require(
        profile.score().size() <= TERMS_MAX,
        profile,
        "has too many terms: given=" + profile.score().size() + " limit=" + TERMS_MAX);
    var _ = profile.diversity().checked();
    checkExplore(profile.explore());
    var _ = profile.caps().checked();
    var _ = FilterShape.flatten(profile.filter());
    checkBoosts(profile);
    require(
        profile.sources().size() <= SOURCES_MAX,
        profile,
        "has too many sources: given=" + profile.sources().size() + " limit=" + SOURCES_MAX);
    profile.sources().forEach(source -> SourceRules.check(profile, source));
    profile.score().forEach(term -> checkTerm(profile, term));
    profile.cold().ifPresent(cold -> checkCold(profile, cold));
    require(
        profile.gates().size() <= GATES_MAX,
        profile,
        "has too many gates: given=" + profile.gates().size() + " limit=" + GATES_MAX);
    for (var gate : profile.gates()) {
      checkGate(profile, gate);
    }
  }

  private static void checkCold(Profile profile, Profile.Cold cold) {
    require(profile.sort().isEmpty(), profile, "has a sort, which is never cold");
    require(
        cold.sort().isPresent() == cold.score().isEmpty() && cold.score().size() <= TERMS_MAX,
        profile,
        "has a cold part that needs either a sort or a score, of a bounded number of terms: sort="
            + cold.sort().isPresent()
            + " terms="
            + cold.score().size()
            + " limit="
            + TERMS_MAX);
    require(
        cold.sources().size() <= SOURCES_MAX,
        profile,
        "has too many cold sources: given=" + cold.sources().size() + " limit=" + SOURCES_MAX);
    cold.sources().forEach(source -> SourceRules.check(profile, source));
    cold.score().forEach(term -> checkTerm(profile, term));
  }

  private static void checkBoosts(Profile profile) {
    require(
        profile.boosts().size() <= BOOSTS_MAX,
        profile,
        "has too many boosts: given=" + profile.boosts().size() + " limit=" + BOOSTS_MAX);
    require(
        profile.boosts().isEmpty()
            || (profile.sort().isEmpty() && profile.cold().flatMap(Profile.Cold::sort).isEmpty()),
        profile,
        "has boosts, which change a score, and a sort, which is none");
    for (var boost : profile.boosts()) {
      require(
          boost.factor() >= 0 && boost.factor() <= FACTOR_MAX,
          profile,
          "has a factor out of range: when="
              + boost.when().text()
              + " given="
              + boost.factor()
              + " allowed=0…10");
      var _ = FilterShape.flatten(boost.when());
    }
  }

  private static void checkTerm(Profile profile, Profile.Term term) {
    require(
        Math.abs(term.weight()) <= WEIGHT_MAX,
        profile,
        "has a weight out of range: feature="
            + term.feature().label()
            + " given="
            + term.weight()
            + " allowed=-10…10");
    checkFeature(profile, term.feature());
  }

  private static void checkGate(Profile profile, Profile.Gate gate) {
    var label = gate.feature().label();
    require(
        gate.min().isPresent() || gate.max().isPresent(),
        profile,
        "has a gate without min and max: feature=" + label);
    double min = gate.min().orElse(0);
    double max = gate.max().orElse(1);
    require(
        Double.isFinite(min) && Double.isFinite(max),
        profile,
        "has a gate that is not finite: feature=" + label + " min=" + min + " max=" + max);
    require(
        gate.min().isEmpty() || gate.max().isEmpty() || min <= max,
        profile,
        "has a gate that nothing passes: feature=" + label + " min=" + min + " max=" + max);
    checkFeature(profile, gate.feature());
  }

  private static void checkFeature(Profile profile, Feature feature) {
    switch (feature) {
      case Feature.Decayed(var signal) -> requireName(profile, feature, signal);
      case Feature.Count(var signal, var window) -> requireName(profile, feature, signal);
      case Feature.Velocity(var signal, var window) -> {
        requireName(profile, feature, signal);
        Windows.requireFinite(window, feature.label());
      }
      case Feature.Trending(var window) -> Windows.requireFinite(window, feature.label());
      case Feature.Recency(var halfLife) ->
          require(
              halfLife.compareTo(Duration.ofSeconds(1)) >= 0
                  && halfLife.compareTo(HALF_LIFE_MAX) <= 0
                  && halfLife.equals(Duration.ofSeconds(halfLife.toSeconds())),
              profile,
              "has a half-life out of range: given="
                  + halfLife
                  + " allowed=1 s … 36500 days, whole seconds");
      case Feature.FieldValue(var field, double pivot) ->
          checkField(profile, feature, field, pivot);
      case Feature.CreatorField(var field, double pivot) ->
          checkField(profile, feature, field, pivot);
      case Feature.CompletionRate(),
          Feature.Quality(),
          Feature.Similarity(),
          Feature.PreferenceMatch(),
          Feature.CoEngagement(),
          Feature.RecentMatch(),
          Feature.CreatorAffinity(),
          Feature.Follows(),
          Feature.InterestMatch(),
          Feature.Fatigue(),
          Feature.SocialProof(),
          Feature.Random() -> {}
    }
  }

  private static void checkField(Profile profile, Feature feature, String field, double pivot) {
    requireName(profile, feature, field);
    require(
        pivot > 0 && Double.isFinite(pivot),
        profile,
        "has a pivot that is not above 0: feature=" + feature.label());
  }

  private static void requireName(Profile profile, Feature feature, String name) {
    require(isName(name), profile, "names something impossible: feature=" + feature.label());
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static void require(boolean holds, Profile profile, String why) {
    if (!holds) {
      throw new InvalidRequestException(
          "PROFILE_INVALID", "profile " + why + " profile=" + profile.name());
    }
  }

  /// Finds what a profile names and a schema lacks.
  private record SchemaGaps(Schema schema, EntityKind kind) {

    List<Warning> of(Profile profile) {
      var warnings = new ArrayList<Warning>();
      profile.score().forEach(term -> gap(term.feature(), warnings));
      profile.cold().ifPresent(cold -> cold.score().forEach(term -> gap(term.feature(), warnings)));
      profile.gates().forEach(gate -> gap(gate.feature(), warnings));
      gap(profile.filter(), warnings);
      profile.boosts().forEach(boost -> gap(boost.when(), warnings));
      return warnings.stream().distinct().toList();
    }

    /// What a filter names and the schema lacks: it never holds.
    private void gap(Filter filter, List<Warning> warnings) {
      switch (filter) {
        case Filter.And(var parts) -> parts.forEach(part -> gap(part, warnings));
        case Filter.Or(var parts) -> parts.forEach(part -> gap(part, warnings));
        case Filter.Not(var part) -> gap(part, warnings);
        case Filter.KeywordIn in -> field(in.field(), filter, warnings);
        case Filter.HasAll all -> field(all.field(), filter, warnings);
        case Filter.Exists(var name) -> field(name, filter, warnings);
        case Filter.NumberRange range -> field(range.field(), filter, warnings);
        case Filter.TimeRange range -> field(range.field(), filter, warnings);
        case Filter.FromNow from -> field(from.field(), filter, warnings);
        case Filter.Within within -> field(within.field(), filter, warnings);
        case Filter.BooleanIs is -> field(is.field(), filter, warnings);
        case Filter.RefersTo refers -> field(refers.field(), filter, warnings);
        case Filter.SignalThreshold threshold -> {
          if (schema.signal(threshold.signal()).filter(t -> t.target() == kind).isEmpty()) {
            warnings.add(
                new Warning(
                    "SIGNAL_UNKNOWN", "signal=" + threshold.signal() + " filter=" + filter.text()));
          }
        }
        default -> {
          // Names nothing of the schema.
        }
      }
    }

    private void field(String name, Filter filter, List<Warning> warnings) {
      boolean ofCreator = name.startsWith(CREATORS);
      var known =
          ofCreator
              ? name.substring(CREATORS.length())
              : name.equals("creator") ? "creator_id" : name;
      var declared = schema.field(ofCreator ? EntityKind.CREATOR : kind, known);
      if (declared.isEmpty() && !COMPUTED.contains(known)) {
        warnings.add(new Warning("FIELD_UNKNOWN", "field=" + name + " filter=" + filter.text()));
      }
    }

    private void gap(Feature feature, List<Warning> warnings) {
      switch (feature) {
        case Feature.Decayed(var name) -> {
          var _ = signal(feature, name, warnings);
        }
        case Feature.Count(var name, var window) -> {
          if (signal(feature, name, warnings)) {
            window(
                () -> Windows.forCount(schema.signal(name).orElseThrow(), window, warnings),
                feature,
                warnings);
          }
        }
        case Feature.Velocity(var name, var window) -> velocity(feature, name, window, warnings);
        case Feature.FieldValue(var name, double pivot) -> {
          if (!Binder.isNumeric(schema, kind, name)) {
            warnings.add(
                new Warning("FIELD_UNKNOWN", "field=" + name + " feature=" + feature.label()));
          }
        }
        case Feature.CreatorField(var name, double pivot) -> {
          if (!Binder.isNumberOfCreators(schema, name)) {
            warnings.add(
                new Warning("FIELD_UNKNOWN", "field=" + name + " feature=" + feature.label()));
          }
        }
        case Feature.Trending t -> {}
        case Feature.Recency r -> {}
        case Feature.CompletionRate(),
            Feature.Quality(),
            Feature.Similarity(),
            Feature.PreferenceMatch(),
            Feature.CoEngagement(),
            Feature.RecentMatch(),
            Feature.CreatorAffinity(),
            Feature.Follows(),
            Feature.InterestMatch(),
            Feature.Fatigue(),
            Feature.SocialProof(),
            Feature.Random() -> {}
      }
    }

    private void velocity(
        Feature feature, String name, io.tidaldb.schema.Window window, List<Warning> warnings) {
      if (!signal(feature, name, warnings)) {
        return;
      }
      var type = schema.signal(name).orElseThrow();
      if (!Windows.readable(type, io.tidaldb.schema.Measure.VELOCITY)) {
        warnings.add(
            new Warning("VELOCITY_UNDECLARED", "signal=" + name + " feature=" + feature.label()));
        return;
      }
      window(() -> Windows.forVelocity(type, window, warnings), feature, warnings);
    }

    private boolean signal(Feature feature, String name, List<Warning> warnings) {
      boolean known = schema.signal(name).filter(t -> t.target() == kind).isPresent();
      if (!known) {
        warnings.add(
            new Warning("SIGNAL_UNKNOWN", "signal=" + name + " feature=" + feature.label()));
      }
      return known;
    }

    private static void window(
        java.util.function.Supplier<io.tidaldb.schema.Window> resolution,
        Feature feature,
        List<Warning> warnings) {
      try {
        var _ = resolution.get();
      } catch (InvalidRequestException e) {
        warnings.add(
            new Warning(
                "WINDOW_UNDECLARED", "feature=" + feature.label() + " error=" + e.getMessage()));
      }
    }
  }
}
