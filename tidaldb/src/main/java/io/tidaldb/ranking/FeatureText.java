package io.tidaldb.ranking;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads the text of a feature, `velocity(signal:view, window:24h)`, which [Feature#label()]
/// writes, or of a source of candidates.
///
/// ```
/// feature = name [ "(" [ key ":" value { "," key ":" value } ] ")" ]
/// ```
public final class FeatureText {

  private static final Pattern FORM =
      Pattern.compile("\\s*([a-z][a-z0-9_]*)\\s*(?:\\(([^()]*)\\))?\\s*");
  private static final Pattern DURATION = Pattern.compile("(?:[0-9]{1,18}(?:ms|[smhdw]))+");
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]{1,18})(ms|[smhdw])");
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,400})?(E-?[0-9]{1,3})?");
  private static final List<String> NAMES =
      List.of(
          "co_engagement",
          "completion_rate",
          "count",
          "creator_affinity",
          "creator_field",
          "decayed",
          "fatigue",
          "field",
          "follows",
          "interest_match",
          "preference_match",
          "quality",
          "random",
          "recency",
          "recent_match",
          "similarity",
          "social_proof",
          "trending",
          "velocity");

  private static final List<String> SOURCES =
      List.of(
          "affinity",
          "ann",
          "co_engagement",
          "followed",
          "interests",
          "new_items",
          "recent_match",
          "scan",
          "signal_head");

  private final String text;
  private final Map<String, String> arguments = new LinkedHashMap<>();

  private FeatureText(String text) {
    this.text = text;
  }

  /// Reads a feature.
  ///
  /// @param window the window of `trending` where its text gives none
  /// @throws InvalidRequestException if the text is no feature
  public static Feature parse(String text, Window window) {
    return new FeatureText(text).read(window);
  }

  /// Reads a source of candidates, `co_engagement(of:seed, n:200)`; [Source#label()] writes it.
  ///
  /// @throws InvalidRequestException if the text is no source
  public static Source parseSource(String text) {
    return new FeatureText(text).readSource();
  }

  private Source readSource() {
    var name = name();
    var source =
        switch (name) {
          case "ann" ->
              new Source.Ann(
                  whole(arguments.getOrDefault("k", "200")),
                  toward(arguments.getOrDefault("of", "preference")),
                  arguments.getOrDefault("slot", EmbeddingSlot.CONTENT),
                  truth(arguments.getOrDefault("exact", "false")));
          case "scan" -> new Source.Scan();
          case "recent_match" -> new Source.RecentMatch(n(200));
          case "interests" -> new Source.Interests(n(200));
          case "followed" -> new Source.Followed(n(200), within("30d"));
          case "affinity" -> new Source.Affinity(n(200), within("30d"));
          case "new_items" -> new Source.NewItems(n(100), within("24h"));
          case "signal_head" ->
              new Source.SignalHead(
                  take("signal"),
                  measure(arguments.getOrDefault("measure", "velocity")),
                  window(arguments.getOrDefault("window", "24h")),
                  n(200));
          case "co_engagement" ->
              new Source.CoEngagement(
                  n(200),
                  of(arguments.getOrDefault("of", "recent")),
                  whole(arguments.getOrDefault("seeds", "10")));
          default ->
              throw refused(
                  "is unknown; "
                      + NearNames.advice(name, SOURCES, "known are " + String.join(", ", SOURCES)));
        };
    known(source).forEach(arguments::remove);
    requireNoMore();
    return source;
  }

  /// The arguments that a source takes.
  private static List<String> known(Source source) {
    return switch (source) {
      case Source.Scan() -> List.of();
      case Source.Ann ann -> List.of("k", "of", "slot", "exact");
      case Source.CoEngagement edges -> List.of("n", "of", "seeds");
      case Source.RecentMatch match -> List.of("n");
      case Source.Interests interests -> List.of("n");
      case Source.SignalHead head -> List.of("n", "measure", "window");
      case Source.Followed followed -> List.of("n", "within");
      case Source.Affinity affinity -> List.of("n", "within");
      case Source.NewItems items -> List.of("n", "within");
    };
  }

  private int n(int otherwise) {
    var given = arguments.get("n");
    return given == null ? otherwise : whole(given);
  }

  private Duration within(String otherwise) {
    return duration(arguments.getOrDefault("within", otherwise));
  }

  private Measure measure(String label) {
    return Arrays.stream(Measure.values())
        .filter(measure -> measure.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "has an unknown measure '"
                        + label
                        + "', allowed are count, velocity, decayed"));
  }

  private Source.Of of(String value) {
    return switch (value) {
      case "recent" -> Source.Of.RECENT;
      case "seed" -> Source.Of.SEED;
      default -> throw refused("has an unknown 'of', allowed are recent, seed: '" + value + "'");
    };
  }

  private Source.Toward toward(String value) {
    return switch (value) {
      case "preference" -> Source.Toward.PREFERENCE;
      case "recent" -> Source.Toward.RECENT;
      case "seed" -> Source.Toward.SEED;
      default ->
          throw refused(
              "has an unknown 'of', allowed are preference, recent, seed: '" + value + "'");
    };
  }

  private boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("needs true or false in the place of '" + value + "'");
    };
  }

  private int whole(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw refused("needs a whole number in the place of '" + value + "'");
    }
  }

  /// Reads the arguments and gives the name.
  private String name() {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw refused("is not of the form name(key:value, …)");
    }
    arguments(form.group(2) == null ? "" : form.group(2));
    return form.group(1);
  }

  private void requireNoMore() {
    if (!arguments.isEmpty()) {
      throw refused("takes no '" + arguments.keySet().iterator().next() + "'");
    }
  }

  private Feature read(Window window) {
    var name = name();
    var feature =
        switch (name) {
          case "decayed" -> new Feature.Decayed(take("signal"));
          case "count" -> new Feature.Count(take("signal"), window(take("window")));
          case "velocity" -> new Feature.Velocity(take("signal"), window(take("window")));
          case "trending" ->
              new Feature.Trending(
                  arguments.containsKey("window") ? window(take("window")) : window);
          case "recency" -> new Feature.Recency(duration(take("half_life")));
          case "completion_rate" -> new Feature.CompletionRate();
          case "quality" -> new Feature.Quality();
          case "field" -> new Feature.FieldValue(take("name"), number(take("pivot")));
          case "random" -> new Feature.Random();
          case "similarity" -> new Feature.Similarity();
          case "preference_match" -> new Feature.PreferenceMatch();
          case "co_engagement" -> new Feature.CoEngagement();
          case "recent_match" -> new Feature.RecentMatch();
          case "creator_affinity" -> new Feature.CreatorAffinity();
          case "creator_field" -> new Feature.CreatorField(take("name"), number(take("pivot")));
          case "follows" -> new Feature.Follows();
          case "interest_match" -> new Feature.InterestMatch();
          case "fatigue" -> new Feature.Fatigue();
          case "social_proof" -> new Feature.SocialProof();
          default ->
              throw refused(
                  "is unknown; "
                      + NearNames.advice(name, NAMES, "known are " + String.join(", ", NAMES)));
        };
    requireNoMore();
    return feature;
  }

  private void arguments(String list) {
    if (list.isBlank()) {
      return;
    }
    for (var pair : split(list, ',')) {
      var parts = split(pair, ':');
      if (parts.size() != 2 || parts.get(0).isBlank() || parts.get(1).isBlank()) {
        throw refused("has an argument that is not key:value: '" + pair.strip() + "'");
      }
      if (arguments.put(parts.get(0).strip(), parts.get(1).strip()) != null) {
        throw refused("gives '" + parts.get(0).strip() + "' twice");
      }
    }
  }

  private static List<String> split(String list, char separator) {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int at = list.indexOf(separator); at >= 0; at = list.indexOf(separator, from)) {
      parts.add(list.substring(from, at));
      from = at + 1;
    }
    parts.add(list.substring(from));
    return parts;
  }

  private String take(String key) {
    var value = arguments.remove(key);
    if (value == null) {
      throw refused("needs '" + key + "'");
    }
    return value;
  }

  private Window window(String label) {
    return Window.ofLabel(label)
        .orElseThrow(
            () ->
                refused(
                    "has an unknown window '" + label + "', allowed are 1h, 24h, 7d, 30d, all"));
  }

  private double number(String value) {
    if (!NUMBER.matcher(value).matches()) {
      throw refused("needs a number in the place of '" + value + "'");
    }
    return Double.parseDouble(value);
  }

  private Duration duration(String value) {
    if (!DURATION.matcher(value).matches()) {
      throw refused("needs a duration like 48h in the place of '" + value + "'");
    }
    var sum = Duration.ZERO;
    var parts = DURATION_PART.matcher(value);
    try {
      while (parts.find()) {
        sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
      }
    } catch (ArithmeticException e) {
      throw refused("has a duration beyond all bounds: '" + value + "'");
    }
    return sum;
  }

  private static Duration part(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofDays(Math.multiplyExact(amount, 7));
    };
  }

  private InvalidRequestException refused(String why) {
    return new InvalidRequestException("FEATURE_INVALID", "feature " + why + ": given=" + text);
  }
}
