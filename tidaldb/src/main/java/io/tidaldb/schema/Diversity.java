package io.tidaldb.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How alike neighbours on a page may be: limits per *block* of [#per] results. Where nothing fits
/// them, they are relaxed for that position and the page says so; no candidate is lost.
///
/// @param maxPerCreator at most so many of one creator in a block, 1 … 100
/// @param minGap two of one creator are at least so many positions apart, 1 … 20
/// @param formatMix after p results of a block, one format has at most this share of them, but one
///   in any case; 0.1 … 1
/// @param topicDiversity the same for categories
/// @param categoryMin at least so many categories in a block, if the candidates have them; 1 … 20
/// @param mmr chooses among what fits by relevance, which counts this share, and by how little a
///   candidate is like the last 20; 0 … 1, by vectors
/// @param per results in a block, 1 … 1,000; empty for the first page's limit
public record Diversity(
    OptionalInt maxPerCreator,
    OptionalInt minGap,
    OptionalDouble formatMix,
    OptionalDouble topicDiversity,
    OptionalInt categoryMin,
    OptionalDouble mmr,
    OptionalInt per) {

  /// No limits: the order of scores.
  public static final Diversity NONE =
      new Diversity(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty());

  /// The same with at most so many of one creator in a block.
  public Diversity maxPerCreator(int items) {
    return new Diversity(
        OptionalInt.of(items), minGap, formatMix, topicDiversity, categoryMin, mmr, per);
  }

  /// The same with two of one creator at least so many positions apart.
  public Diversity minGap(int positions) {
    return new Diversity(
        maxPerCreator, OptionalInt.of(positions), formatMix, topicDiversity, categoryMin, mmr, per);
  }

  /// The same with one format having at most this share.
  public Diversity formatMix(double share) {
    return new Diversity(
        maxPerCreator, minGap, OptionalDouble.of(share), topicDiversity, categoryMin, mmr, per);
  }

  /// The same with one category having at most this share.
  public Diversity topicDiversity(double share) {
    return new Diversity(
        maxPerCreator, minGap, formatMix, OptionalDouble.of(share), categoryMin, mmr, per);
  }

  /// The same with at least so many categories in a block.
  public Diversity categoryMin(int categories) {
    return new Diversity(
        maxPerCreator, minGap, formatMix, topicDiversity, OptionalInt.of(categories), mmr, per);
  }

  /// The same choosing what is least like its neighbours, too.
  ///
  /// @param relevance what the rank counts; 1 changes nothing, 0.7 is a good begin
  public Diversity mmr(double relevance) {
    return new Diversity(
        maxPerCreator,
        minGap,
        formatMix,
        topicDiversity,
        categoryMin,
        OptionalDouble.of(relevance),
        per);
  }

  /// The same with blocks of so many results.
  public Diversity per(int results) {
    return new Diversity(
        maxPerCreator,
        minGap,
        formatMix,
        topicDiversity,
        categoryMin,
        mmr,
        OptionalInt.of(results));
  }

  /// Whether it limits anything.
  public boolean isNone() {
    return maxPerCreator.isEmpty()
        && minGap.isEmpty()
        && formatMix.isEmpty()
        && topicDiversity.isEmpty()
        && categoryMin.isEmpty()
        && mmr.isEmpty();
  }

  /// What it says, by the names that TidalQL and the JSON of profiles use, in their order.
  public Map<String, Number> values() {
    var values = new LinkedHashMap<String, Number>();
    maxPerCreator.ifPresent(value -> values.put("max_per_creator", value));
    minGap.ifPresent(value -> values.put("min_gap", value));
    formatMix.ifPresent(value -> values.put("format_mix", value));
    topicDiversity.ifPresent(value -> values.put("topic_diversity", value));
    categoryMin.ifPresent(value -> values.put("category_min", value));
    mmr.ifPresent(value -> values.put("mmr", value));
    per.ifPresent(value -> values.put("per", value));
    return values;
  }

  /// As [#values()] says.
  ///
  /// @throws InvalidRequestException if a name is unknown, a number is none of its kind, or out of
  ///   its range
  public static Diversity of(Map<String, ? extends Number> values) {
    var diversity = NONE;
    for (var entry : values.entrySet()) {
      var value = entry.getValue();
      diversity =
          switch (entry.getKey()) {
            case "max_per_creator" -> diversity.maxPerCreator(whole(entry.getKey(), value));
            case "min_gap" -> diversity.minGap(whole(entry.getKey(), value));
            case "format_mix" -> diversity.formatMix(value.doubleValue());
            case "topic_diversity" -> diversity.topicDiversity(value.doubleValue());
            case "category_min" -> diversity.categoryMin(whole(entry.getKey(), value));
            case "mmr" -> diversity.mmr(value.doubleValue());
            case "per" -> diversity.per(whole(entry.getKey(), value));
            default ->
                throw new InvalidRequestException(
                    "DIVERSITY_INVALID",
                    "unknown limit of diversity: given="
                        + entry.getKey()
                        + " allowed=max_per_creator, min_gap, format_mix, topic_diversity,"
                        + " category_min, mmr, per");
          };
    }
    return diversity.checked();
  }

  private static int whole(String name, Number value) {
    if (value.doubleValue() != value.intValue()) {
      throw new InvalidRequestException(
          "DIVERSITY_INVALID", name + " is a whole number: given=" + value);
    }
    return value.intValue();
  }

  /// The same.
  ///
  /// @throws InvalidRequestException if a value is out of its range
  public Diversity checked() {
    List<String> wrong = new ArrayList<>();
    check("max_per_creator", maxPerCreator, 100, wrong);
    check("min_gap", minGap, 20, wrong);
    check("format_mix", formatMix, 0.1, wrong);
    check("topic_diversity", topicDiversity, 0.1, wrong);
    check("mmr", mmr, 0, wrong);
    check("category_min", categoryMin, 20, wrong);
    check("per", per, 1_000, wrong);
    if (!wrong.isEmpty()) {
      throw new InvalidRequestException(
          "DIVERSITY_INVALID", "diversity out of range: " + String.join(", ", wrong));
    }
    return this;
  }

  private static void check(String name, OptionalInt value, int max, List<String> wrong) {
    if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > max)) {
      wrong.add(name + "=" + value.getAsInt() + " allowed=1…" + max);
    }
  }

  private static void check(String name, OptionalDouble value, double min, List<String> wrong) {
    if (value.isPresent() && !(value.getAsDouble() >= min && value.getAsDouble() <= 1)) {
      wrong.add(name + "=" + value.getAsDouble() + " allowed=" + (min == 0 ? "0" : min) + "…1");
    }
  }
}
