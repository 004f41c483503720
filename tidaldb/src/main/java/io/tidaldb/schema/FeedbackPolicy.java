package io.tidaldb.schema;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// What a signal teaches about its user: data, valid from its position in the log on. Immutable
/// with value equality.
///
/// @param version 1 for [#STANDARD]; saving gives 2, 3, …
/// @param effects by meaning; what is missing teaches nothing
/// @param follow what following a creator teaches; unfollowing takes the affinity back
/// @param affinityHalfLife after which half of an affinity is left, 1 h … 3,650 d, whole seconds
public record FeedbackPolicy(
    int version, Map<Meaning, Effect> effects, Effect follow, Duration affinityHalfLife) {

  /// Meanings that may have an effect.
  public static final Set<Meaning> TEACHING =
      Collections.unmodifiableSet(
          java.util.EnumSet.of(
              Meaning.VIEW,
              Meaning.COMPLETION,
              Meaning.LIKE,
              Meaning.COMMENT,
              Meaning.SAVE,
              Meaning.SHARE,
              Meaning.PURCHASE,
              Meaning.SKIP,
              Meaning.DISLIKE,
              Meaning.NOT_INTERESTED,
              Meaning.HIDE,
              Meaning.REPORT));

  /// What holds where nothing was saved: version 1.
  public static final FeedbackPolicy STANDARD =
      new FeedbackPolicy(
          1,
          Map.ofEntries(
              Map.entry(Meaning.VIEW, new Effect(0.02, 0.2, 0.1)),
              Map.entry(Meaning.COMPLETION, new Effect(0.15, 1, 0.5)),
              Map.entry(Meaning.LIKE, new Effect(0.10, 1, 1)),
              Map.entry(Meaning.COMMENT, new Effect(0.08, 1, 1)),
              Map.entry(Meaning.SAVE, new Effect(0.12, 1, 1)),
              Map.entry(Meaning.SHARE, new Effect(0.15, 1, 2)),
              Map.entry(Meaning.PURCHASE, new Effect(0.20, 2, 3)),
              Map.entry(Meaning.SKIP, new Effect(-0.05, 0, -0.3)),
              Map.entry(Meaning.DISLIKE, new Effect(-0.10, 0, -1)),
              Map.entry(Meaning.NOT_INTERESTED, new Effect(-0.15, 0, -1)),
              Map.entry(Meaning.HIDE, new Effect(-0.20, 0, -2)),
              Map.entry(Meaning.REPORT, new Effect(-0.20, 0, -2))),
          new Effect(0.10, 1, 5),
          Duration.ofDays(30));

  private static final Duration HALF_LIFE_MIN = Duration.ofHours(1);
  private static final Duration HALF_LIFE_MAX = Duration.ofDays(3_650);

  public FeedbackPolicy {
    var kept = new EnumMap<Meaning, Effect>(Meaning.class);
    effects.forEach(
        (meaning, effect) -> {
          if (!effect.equals(Effect.NONE)) {
            kept.put(meaning, effect);
          }
        });
    effects = Collections.unmodifiableMap(kept);
  }

  /// What one signal of a meaning does. For completions all but the preference is per fraction
  /// finished; the preference always moves by the rate times the signal's weight.
  ///
  /// @param preference how far the preference moves toward the item's vector, or away from it if
  ///   below 0; −1 … 1
  /// @param evidence how much more is known of the user; above 0 only with a preference above 0; 0
  ///   … 100
  /// @param affinity how much the affinity to the creator rises or falls, −100 … 100
  public record Effect(double preference, double evidence, double affinity) {

    /// Teaches nothing.
    public static final Effect NONE = new Effect(0, 0, 0);

    public Effect {
      preference = preference == 0 ? 0.0 : preference;
      evidence = evidence == 0 ? 0.0 : evidence;
      affinity = affinity == 0 ? 0.0 : affinity;
    }
  }

  /// What signals of a meaning do.
  public Effect effect(Meaning meaning) {
    return effects.getOrDefault(meaning, Effect.NONE);
  }

  /// The positive evidence of one signal.
  public double evidence(Meaning meaning, double weight) {
    double evidence = effect(meaning).evidence;
    return meaning == Meaning.COMPLETION ? evidence * weight : evidence;
  }

  /// How far one signal raises or lowers the affinity to the item's creator.
  public double affinity(Meaning meaning, double weight) {
    double affinity = effect(meaning).affinity;
    return meaning == Meaning.COMPLETION ? affinity * weight : affinity;
  }

  /// The same with another effect of a meaning.
  public FeedbackPolicy with(Meaning meaning, Effect effect) {
    var changed = new EnumMap<Meaning, Effect>(Meaning.class);
    changed.putAll(effects);
    changed.put(meaning, effect);
    return new FeedbackPolicy(version, changed, follow, affinityHalfLife);
  }

  /// The same with another effect of following.
  public FeedbackPolicy withFollow(Effect effect) {
    return new FeedbackPolicy(version, effects, effect, affinityHalfLife);
  }

  /// The same with another half-life of affinities.
  public FeedbackPolicy withAffinityHalfLife(Duration halfLife) {
    return new FeedbackPolicy(version, effects, follow, halfLife);
  }

  /// The same as this version.
  public FeedbackPolicy withVersion(int newVersion) {
    return new FeedbackPolicy(newVersion, effects, follow, affinityHalfLife);
  }

  /// The same policy.
  ///
  /// @throws InvalidRequestException that names the meaning, the number and what is allowed
  public FeedbackPolicy checked() {
    effects.forEach(
        (meaning, effect) -> {
          if (!TEACHING.contains(meaning)) {
            throw refused("has an effect where none is possible: meaning=" + meaning.label());
          }
          check(meaning.label(), effect);
        });
    check("follow", follow);
    if (affinityHalfLife.compareTo(HALF_LIFE_MIN) < 0
        || affinityHalfLife.compareTo(HALF_LIFE_MAX) > 0
        || !affinityHalfLife.truncatedTo(ChronoUnit.SECONDS).equals(affinityHalfLife)) {
      throw refused(
          "has an affinity half-life out of range: given="
              + affinityHalfLife
              + " allowed=1h…3650d, whole seconds");
    }
    return this;
  }

  private static void check(String of, Effect effect) {
    range(of, "preference", effect.preference, -1, 1);
    range(of, "evidence", effect.evidence, 0, 100);
    range(of, "affinity", effect.affinity, -100, 100);
    if (effect.evidence > 0 && effect.preference <= 0) {
      throw refused(
          "has evidence without a preference above 0: of=" + of + " evidence=" + effect.evidence);
    }
  }

  private static void range(String of, String what, double given, int least, int most) {
    if (!(given >= least && given <= most)) {
      throw refused(
          "has a number out of range: of="
              + of
              + " "
              + what
              + "="
              + given
              + " allowed="
              + least
              + "…"
              + most);
    }
  }

  private static InvalidRequestException refused(String why) {
    return new InvalidRequestException("FEEDBACK_POLICY_INVALID", "feedback policy " + why);
  }
}
