package io.tidaldb.ranking;

import io.tidaldb.log.StrictJson;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.Experiment.Mode;
import io.tidaldb.schema.Experiment.Unit;
import io.tidaldb.schema.Experiment.Variant;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Experiments as JSON: written in one canonical form, read strictly.
///
/// ```json
/// {"name": "home", "salt": "spring", "unit": "user", "mode": "SPLIT",
///  "variants": [{"profile": "for_you@1", "share": 0.9}, {"profile": "for_you@2", "share": 0.1}],
///  "from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
/// ```
public final class ExperimentJson {

  static final int VARIANTS_MAX = 16;
  static final int SALT_MAX = 64;

  private static final double SUM_TOLERANCE = 1e-9;
  private static final Pattern PROFILE =
      Pattern.compile("([a-z][a-z0-9_]{0,63})(?:@([1-9][0-9]{0,8}))?");

  private ExperimentJson() {}

  /// The canonical form: every key in a fixed order, absent times left out, no spaces.
  public static String toJson(Experiment experiment) {
    var root = StrictJson.empty();
    root.put("name", experiment.name());
    root.put("salt", experiment.salt());
    root.put("unit", experiment.unit().label());
    root.put("mode", experiment.mode().name());
    var variants = root.putArray("variants");
    for (var variant : experiment.variants()) {
      variants.addObject().put("profile", variant.label()).put("share", variant.share());
    }
    experiment.from().ifPresent(time -> root.put("from", time.toString()));
    experiment.until().ifPresent(time -> root.put("until", time.toString()));
    return StrictJson.write(root);
  }

  /// Reads an experiment and checks it.
  ///
  /// @throws InvalidRequestException if it is not JSON, has a key that nobody knows, or breaks a
  ///   rule
  public static Experiment fromJson(String json) {
    var root = StrictJson.read("experiment", json);
    root.requireKeys(Set.of("name", "salt", "unit", "mode", "variants", "from", "until"));
    var name = root.text("name").orElseThrow(() -> root.refused("has no 'name'"));
    var experiment =
        new Experiment(
            name,
            root.text("salt").orElse(name),
            one(root, "unit", Unit.values(), Unit::label).orElse(Unit.USER),
            variants(root),
            one(root, "mode", Mode.values(), Mode::name).orElse(Mode.SPLIT),
            time(root, "from"),
            time(root, "until"));
    check(experiment);
    return experiment;
  }

  private static List<Variant> variants(StrictJson root) {
    var variants = new ArrayList<Variant>();
    for (var entry : root.objects("variants")) {
      entry.requireKeys(Set.of("profile", "share"));
      var text = entry.text("profile").orElseThrow(() -> root.refused("has no 'profile'"));
      var form = PROFILE.matcher(text);
      if (!form.matches()) {
        throw root.refused("names a profile that is not name@version: given=" + text);
      }
      var version = form.group(2);
      variants.add(
          new Variant(
              form.group(1),
              version == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(version)),
              entry.number("share").orElseThrow(() -> root.refused("has no 'share'"))));
    }
    return variants;
  }

  private static <E> Optional<E> one(
      StrictJson root, String key, E[] values, Function<E, String> label) {
    var text = root.text(key);
    var found =
        text.flatMap(
            given -> Arrays.stream(values).filter(v -> label.apply(v).equals(given)).findFirst());
    if (text.isPresent() && found.isEmpty()) {
      throw root.refused(
          "has an unknown "
              + key
              + ": given="
              + text.get()
              + " allowed="
              + String.join(", ", Arrays.stream(values).map(label).toList()));
    }
    return found;
  }

  private static Optional<Timestamp> time(StrictJson root, String key) {
    try {
      return root.text(key).map(Instant::parse).map(Timestamp::of);
    } catch (DateTimeException e) {
      throw root.refused(
          "needs a moment like 2026-03-01T00:00:00Z under '"
              + key
              + "': given="
              + root.text(key).orElseThrow());
    }
  }

  /// Checks the rules that need no state.
  ///
  /// @throws InvalidRequestException that names the rule
  public static void check(Experiment experiment) {
    require(
        ProfileRules.isName(experiment.name()), experiment, "needs a name [a-z][a-z0-9_]{0,63}:");
    int salt = experiment.salt().codePointCount(0, experiment.salt().length());
    require(
        salt >= 1 && salt <= SALT_MAX && isText(experiment.salt()),
        experiment,
        "needs a salt of 1…" + SALT_MAX + " characters: given=" + salt);
    int variants = experiment.variants().size();
    require(
        variants >= 1 && variants <= VARIANTS_MAX,
        experiment,
        "needs 1…" + VARIANTS_MAX + " variants: given=" + variants);
    require(
        experiment.mode() == Mode.SPLIT || variants == 2,
        experiment,
        "interleaves two variants: given=" + variants);
    double sum = 0;
    for (var variant : experiment.variants()) {
      require(
          PROFILE.matcher(variant.label()).matches(),
          experiment,
          "names a profile that is not name@version: given=" + variant.label());
      require(
          variant.share() > 0 && variant.share() <= 1,
          experiment,
          "needs shares above 0 and up to 1: given=" + variant.share());
      sum += variant.share();
    }
    require(
        Math.abs(sum - 1) <= SUM_TOLERANCE, experiment, "needs shares that sum to 1: given=" + sum);
    require(
        experiment.from().isEmpty()
            || experiment.until().isEmpty()
            || experiment.from().get().compareTo(experiment.until().get()) < 0,
        experiment,
        String.format(
            Locale.ROOT,
            "ends before it begins: from=%s until=%s",
            experiment.from(),
            experiment.until()));
  }

  /// Half of a surrogate pair has no bytes, and so no variant.
  private static boolean isText(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  private static void require(boolean holds, Experiment experiment, String why) {
    if (!holds) {
      throw new InvalidRequestException(
          "EXPERIMENT_INVALID", "experiment " + why + " experiment=" + experiment.name());
    }
  }
}
