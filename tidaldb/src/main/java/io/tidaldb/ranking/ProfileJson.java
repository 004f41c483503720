package io.tidaldb.ranking;

import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import io.tidaldb.tidalql.TidalQl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
///  "gates": [{"feature": "completion_rate", "min": 0.02}],
///  "boosts": [{"when": "NOT followed", "factor": 0.75}], "filter": "format != \"ad\"",
///  "diversity": {"max_per_creator": 2}, "explore": 0.1, "caps": null}
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
          "boosts",
          "filter",
          "diversity",
          "explore",
          "caps");

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
    if (!profile.boosts().isEmpty()) {
      var boosts = root.putArray("boosts");
      for (var boost : profile.boosts()) {
        boosts.addObject().put("when", boost.when().text()).put("factor", boost.factor());
      }
    }
    if (!profile.filter().equals(Filter.all())) {
      root.put("filter", profile.filter().text());
    }
    if (!profile.diversity().isNone()) {
      var diversity = root.putObject("diversity");
      profile.diversity().values().forEach((key, value) -> put(diversity, key, value));
    }
    if (profile.explore() > 0) {
      root.put("explore", profile.explore());
    }
    if (!profile.caps().isNone()) {
      var caps = root.putObject("caps");
      profile.caps().values().forEach((key, value) -> put(caps, key, value));
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
    cold.sort().ifPresent(sort -> into.put("sort", sort.label()));
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
        boosts(object),
        text(object, "filter").map(text -> filter("filter", text)).orElse(Filter.all()),
        sources(object),
        diversity(object),
        number(object, "explore").orElse(0),
        caps(object),
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
    return Diversity.of(numbers(root, "diversity"));
  }

  private static NotificationCaps caps(ObjectNode root) {
    return NotificationCaps.of(numbers(root, "caps"));
  }

  /// Numbers by name; none for null.
  private static Map<String, Double> numbers(ObjectNode root, String key) {
    var node = root.get(key);
    if (node == null || node.isNull()) {
      return Map.of();
    }
    if (!(node instanceof ObjectNode object)) {
      throw refused("needs an object under '" + key + "': given=" + node);
    }
    var values = new LinkedHashMap<String, Double>();
    for (var name : object.propertyNames()) {
      values.put(name, number(object, name).orElseThrow());
    }
    return values;
  }

  private static List<Profile.Boost> boosts(ObjectNode root) {
    var boosts = new ArrayList<Profile.Boost>();
    for (var node : array(root, "boosts")) {
      requireKeys(node, Set.of("when", "factor"), "boosts");
      var when =
          text(node, "when").orElseThrow(() -> refused("has a boost without 'when': " + node));
      var factor = number(node, "factor");
      if (factor.isEmpty()) {
        throw refused("has a boost without 'factor': " + node);
      }
      boosts.add(new Profile.Boost(filter("when", when), factor.getAsDouble()));
    }
    return boosts;
  }

  private static Filter filter(String key, String text) {
    try {
      return TidalQl.filter(text);
    } catch (QuerySyntaxException e) {
      throw new InvalidRequestException(
          "PROFILE_INVALID", "profile has no filter under '" + key + "': " + e.getMessage(), e);
    }
  }

  private static Optional<Profile.Cold> cold(ObjectNode root, Window window) {
    var node = root.get("cold");
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ObjectNode cold)) {
      throw refused("needs an object under 'cold': given=" + node);
    }
    requireKeys(cold, Set.of("sources", "sort", "score"), "cold");
    return Optional.of(
        new Profile.Cold(
            sources(cold), text(cold, "sort").map(ProfileJson::sort), terms(cold, window)));
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
