package io.tidaldb.log;

import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.FeedbackPolicy.Effect;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Feedback policies as JSON: written in one canonical form, read strictly.
///
/// ```json
/// {"version": 2, "affinity_half_life": "PT720H",
///  "follow": {"preference": 0.1, "evidence": 1, "affinity": 5},
///  "meanings": {"view": {"preference": 0.02, "evidence": 0.2, "affinity": 0.1},
///               "skip": {"preference": -0.05, "affinity": -0.3}}}
/// ```
///
/// What is left out is 0; without `affinity_half_life` it is that of the standard.
public final class FeedbackPolicyJson {

  private static final String WHAT = "feedback policy";
  private static final int VERSION_MAX = 1_000_000_000;

  private FeedbackPolicyJson() {}

  /// The canonical form: keys in a fixed order, meanings in theirs, every number written.
  public static String toJson(FeedbackPolicy policy) {
    var root = StrictJson.empty();
    root.put("version", policy.version());
    root.put("affinity_half_life", policy.affinityHalfLife().toString());
    put(root.putObject("follow"), policy.follow());
    var meanings = root.putObject("meanings");
    policy.effects().forEach((meaning, effect) -> put(meanings.putObject(meaning.label()), effect));
    return StrictJson.write(root);
  }

  private static void put(ObjectNode node, Effect effect) {
    node.put("preference", effect.preference());
    node.put("evidence", effect.evidence());
    node.put("affinity", effect.affinity());
  }

  /// Reads a policy and checks it; its version is 0 if it says none.
  ///
  /// @throws InvalidRequestException if it is not JSON, has a key that nobody knows, or breaks a
  ///   rule
  public static FeedbackPolicy fromJson(String json) {
    var root = StrictJson.read(WHAT, json);
    root.requireKeys(Set.of("version", "affinity_half_life", "follow", "meanings"));
    var effects = new EnumMap<Meaning, Effect>(Meaning.class);
    root.object("meanings")
        .ifPresent(
            meanings -> {
              for (var label : meanings.keys()) {
                var meaning =
                    Meaning.ofLabel(label)
                        .filter(FeedbackPolicy.TEACHING::contains)
                        .orElseThrow(
                            () ->
                                root.refused(
                                    "has an effect of an unknown meaning: given="
                                        + label
                                        + " allowed="
                                        + String.join(
                                            ", ",
                                            FeedbackPolicy.TEACHING.stream()
                                                .map(Meaning::label)
                                                .toList())));
                effects.put(
                    meaning, meanings.object(label).map(FeedbackPolicyJson::effect).orElseThrow());
              }
            });
    double version = root.number("version").orElse(0);
    if (version != Math.rint(version) || version < 0 || version > VERSION_MAX) {
      throw root.refused("has a version that is none: given=" + version);
    }
    return new FeedbackPolicy(
            (int) version,
            effects,
            root.object("follow").map(FeedbackPolicyJson::effect).orElse(Effect.NONE),
            root.text("affinity_half_life")
                .map(text -> span(root, text))
                .orElse(FeedbackPolicy.STANDARD.affinityHalfLife()))
        .checked();
  }

  /// The policy, or null if the text is none: folding never fails.
  public static @Nullable FeedbackPolicy parse(String json) {
    try {
      return fromJson(json);
    } catch (InvalidRequestException e) {
      return null;
    }
  }

  private static Effect effect(StrictJson node) {
    node.requireKeys(Set.of("preference", "evidence", "affinity"));
    return new Effect(
        node.number("preference").orElse(0),
        node.number("evidence").orElse(0),
        node.number("affinity").orElse(0));
  }

  private static Duration span(StrictJson root, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw root.refused("needs a span like PT720H: given=" + text);
    }
  }
}
