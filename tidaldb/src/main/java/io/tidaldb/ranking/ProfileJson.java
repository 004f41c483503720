package io.tidaldb.ranking;

import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Profiles as JSON: written in one canonical form, read strictly.
///
/// ```json
/// {"name": "home", "kind": "items", "description": "Home feed", "window": "24h",
///  "score": [{"feature": "velocity(signal:view, window:24h)", "weight": 0.7}, {"feature": "trending", "weight": 0.3}],
///  "gates": [{"feature": "completion_rate", "min": 0.02}]}
/// ```
///
/// `"sort": "hot"` stands in the place of `score`. The version is not in it: saving gives one.
public final class ProfileJson {

  /// Bytes of UTF-8 that a profile may have.
  public static final int SIZE_MAX = 64 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "kind",
          "description",
          "window",
          "sources",
          "sort",
          "score",
          "cold",
          "gates",
          "diversity",
          "explore");
  private static final Set<String> LATER = Set.of("boosts", "filter", "caps");

  private ProfileJson() {}

  /// The canonical form: keys in a fixed order, defaults left out, no spaces.
  public static String toJson(Profile profile) {
    var root = MAPPER.createObjectNode();
    root.put("name", profile.name());
    root.put("kind", "items");
    if (!profile.description().isEmpty()) {
      root.put("description", profile.description());
    }
    profile.window().ifPresent(w -> root.put("window", w.label()));
    sources(profile.sources(), root);
    profile.sort().ifPresent(s -> root.put("sort", s.label()));
    score(profile.score(), root);
    profile.cold().ifPresent(cold -> cold(cold, root.putObject("cold")));
    if (!profile.gates().isEmpty()) {
      var gates = root.putArray("gates");
      for (var gate : profile.gates()) {
        var node = gates.addObject().put("feature", gate.feature().label());
        gate.min().ifPresent(min -> node.put("min", min));
        gate.max().ifPresent(max -> node.put("max", max));
      }
    }
    if (!profile.diversity().isNone()) {
      var diversity = root.putObject("diversity");
      profile.diversity().values().forEach((key, value) -> put(diversity, key, value));
    }
    if (profile.explore() > 0) {
      root.put("explore", profile.explore());
    }
    return MAPPER.writeValueAsString(root);
  }

  private static void sources(List<Source> sources, ObjectNode into) {
    if (!sources.isEmpty()) {
      var array = into.putArray("sources");
      sources.forEach(source -> array.add(source.label()));
    }
  }

  private static void score(List<Profile.Term> terms, ObjectNode into) {
    if (!terms.isEmpty()) {
      var score = into.putArray("score");
      for (var term : terms) {
        score.addObject().put("feature", term.feature().label()).put("weight", term.weight());
      }
    }
  }

  private static void cold(Profile.Cold cold, ObjectNode into) {
    sources(cold.sources(), into);
    score(cold.score(), into);
  }

  /// Reads a profile; its version is 0.
  ///
  /// @throws InvalidRequestException if it is not JSON, has a key that nobody knows, or breaks a
  ///   rule
  public static Profile fromJson(String json) {
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    if (size > SIZE_MAX) {
      throw refused("is larger than its limit: size=" + size + " limit=" + SIZE_MAX);
    }
    var profile = read(json);
    ProfileRules.check(profile);
    return profile;
  }

  private static Profile read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          "PROFILE_INVALID", "profile is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(root instanceof ObjectNode object)) {
      throw refused("is not a JSON object");
    }
    requireKeys(object, KEYS, "profile");
    var kind = text(object, "kind").orElse("items");
    if (!kind.equals("items")) {
      throw refused("ranks a kind that is not supported: kind=" + kind + " allowed=items");
    }
    var window = text(object, "window").map(ProfileJson::window);
    var name = text(object, "name").orElseThrow(() -> refused("has no 'name'"));
    var trendingWindow = window.orElse(Window.TWENTY_FOUR_HOURS);
    return new Profile(
        name,
        0,
        text(object, "description").orElse(""),
        window,
        text(object, "sort").map(ProfileJson::sort),
        terms(object, trendingWindow),
        gates(object, trendingWindow),
        sources(object),
        diversity(object),
        number(object, "explore").orElse(0),
        cold(object, trendingWindow));
  }

  private static void put(ObjectNode node, String key, Number value) {
    if (value instanceof Integer whole) {
      node.put(key, whole);
    } else {
      node.put(key, value.doubleValue());
    }
  }

  private static Diversity diversity(ObjectNode root) {
    var node = root.get("diversity");
    if (node == null || node.isNull()) {
      return Diversity.NONE;
    }
    if (!(node instanceof ObjectNode object)) {
      throw refused("needs an object under 'diversity': given=" + node);
    }
    var values = new LinkedHashMap<String, Double>();
    for (var key : object.propertyNames()) {
      values.put(key, number(object, key).orElseThrow());
    }
    return Diversity.of(values);
  }

  private static Optional<Profile.Cold> cold(ObjectNode root, Window window) {
    var node = root.get("cold");
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ObjectNode cold)) {
      throw refused("needs an object under 'cold': given=" + node);
    }
    requireKeys(cold, Set.of("sources", "score"), "cold");
    return Optional.of(new Profile.Cold(sources(cold), terms(cold, window)));
  }

  private static List<Source> sources(ObjectNode root) {
    var node = root.get("sources");
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw refused("needs a list under 'sources'");
    }
    var sources = new ArrayList<Source>();
    for (var entry : node) {
      if (!entry.isString()) {
        throw refused("needs strings in the list 'sources': given=" + entry);
      }
      sources.add(FeatureText.parseSource(entry.stringValue()));
    }
    return sources;
  }

  private static List<Profile.Term> terms(ObjectNode root, Window window) {
    var terms = new ArrayList<Profile.Term>();
    for (var node : array(root, "score")) {
      requireKeys(node, Set.of("feature", "weight"), "score");
      var weight = number(node, "weight");
      if (weight.isEmpty()) {
        throw refused("has a term without 'weight': " + node);
      }
      terms.add(new Profile.Term(FeatureText.parse(feature(node), window), weight.getAsDouble()));
    }
    return terms;
  }

  private static List<Profile.Gate> gates(ObjectNode root, Window window) {
    var gates = new ArrayList<Profile.Gate>();
    for (var node : array(root, "gates")) {
      requireKeys(node, Set.of("feature", "min", "max"), "gates");
      gates.add(
          new Profile.Gate(
              FeatureText.parse(feature(node), window), number(node, "min"), number(node, "max")));
    }
    return gates;
  }

  private static String feature(ObjectNode node) {
    return text(node, "feature")
        .orElseThrow(() -> refused("has an entry without 'feature': " + node));
  }

  private static Window window(String label) {
    return Window.ofLabel(label)
        .orElseThrow(
            () ->
                refused(
                    "has an unknown window: given=" + label + " allowed=1h, 24h, 7d, 30d, all"));
  }

  private static Sort sort(String label) {
    return Arrays.stream(Sort.values())
        .filter(s -> s.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "has an unknown sort: given="
                        + label
                        + "; "
                        + NearNames.advice(
                            label,
                            Arrays.stream(Sort.values()).map(Sort::label).toList(),
                            "see the sort modes")));
  }

  private static List<ObjectNode> array(ObjectNode root, String key) {
    var node = root.get(key);
    if (node == null) {
      return List.of();
    }
    var objects = new ArrayList<ObjectNode>();
    if (!node.isArray()) {
      throw refused("needs a list under '" + key + "'");
    }
    for (var entry : node) {
      if (!(entry instanceof ObjectNode object)) {
        throw refused("needs objects in the list '" + key + "': given=" + entry);
      }
      objects.add(object);
    }
    return objects;
  }

  private static Optional<String> text(ObjectNode node, String key) {
    var value = node.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw refused("needs a string under '" + key + "': given=" + value);
    }
    return Optional.of(value.stringValue());
  }

  private static OptionalDouble number(ObjectNode node, String key) {
    var value = node.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber()) {
      throw refused("needs a number under '" + key + "': given=" + value);
    }
    return OptionalDouble.of(value.doubleValue());
  }

  private static void requireKeys(ObjectNode node, Collection<String> allowed, String where) {
    for (var key : node.propertyNames()) {
      if (allowed.contains(key)) {
        continue;
      }
      if (LATER.contains(key)) {
        throw refused("has a part that this version cannot honour: key=" + key + "; leave it out");
      }
      var known = allowed.stream().sorted().toList();
      throw refused(
          "has an unknown key: key="
              + key
              + " in="
              + where
              + "; "
              + NearNames.advice(key, known, "allowed are " + String.join(", ", known)));
    }
  }

  private static InvalidRequestException refused(String why) {
    return new InvalidRequestException("PROFILE_INVALID", "profile " + why);
  }
}
