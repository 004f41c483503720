package io.tidaldb.tidalql;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads sources of candidates: what stands behind `FROM`.
///
/// ```ebnf
/// call = name [ "(" [ pairs ] ")" ] ;
/// ```
final class SourceParser {

  private static final List<String> WITHIN = List.of("n", "within");

  /// The arguments of each source; none for one that takes none.
  private static final Map<String, List<String>> ARGUMENTS =
      Map.of(
          "affinity", WITHIN,
          "ann", List.of("exact", "k", "of", "slot"),
          "co_engagement", List.of("n", "of", "seeds"),
          "followed", WITHIN,
          "interests", List.of("n"),
          "new_items", WITHIN,
          "recent_match", List.of("n"),
          "scan", List.of(),
          "signal_head", List.of("measure", "n", "signal", "window"));

  private static final List<String> NAMES = ARGUMENTS.keySet().stream().sorted().toList();

  private final Tokens tokens;
  private final Values values;
  private Map<String, Values.Pair> pairs = Map.of();

  SourceParser(Tokens tokens, Values values) {
    this.tokens = tokens;
    this.values = values;
  }

  /// `call { "," call }`
  Source[] sources() {
    var sources = new ArrayList<Source>();
    do {
      sources.add(source());
    } while (tokens.takeSymbol(","));
    return sources.toArray(Source[]::new);
  }

  private Source source() {
    var name = tokens.oneOf(NAMES);
    pairs = pairsOf(name.text());
    return switch (name.text()) {
      case "scan" -> new Source.Scan();
      case "ann" ->
          new Source.Ann(
              count("k", 200),
              one("of", Source.Toward.values(), Source.Toward.PREFERENCE, Source.Toward::label),
              text("slot").orElse(EmbeddingSlot.CONTENT),
              truth("exact"));
      case "co_engagement" ->
          new Source.CoEngagement(
              count("n", 200),
              one("of", Source.Of.values(), Source.Of.RECENT, Source.Of::label),
              count("seeds", 10));
      case "recent_match" -> new Source.RecentMatch(count("n", 200));
      case "interests" -> new Source.Interests(count("n", 200));
      case "followed" -> new Source.Followed(count("n", 200), within(Duration.ofDays(30)));
      case "affinity" -> new Source.Affinity(count("n", 200), within(Duration.ofDays(30)));
      case "new_items" -> new Source.NewItems(count("n", 100), within(Duration.ofDays(1)));
      default ->
          new Source.SignalHead(
              text("signal")
                  .orElseThrow(() -> tokens.wrong(name, List.of("signal_head(signal:…)"))),
              one("measure", Measure.values(), Measure.VELOCITY, Measure::label),
              one("window", Window.values(), Window.TWENTY_FOUR_HOURS, Window::label),
              count("n", 200));
    };
  }

  private Map<String, Values.Pair> pairsOf(String name) {
    var known = ARGUMENTS.getOrDefault(name, List.of());
    if (!known.isEmpty()) {
      return values.call(known);
    }
    if (tokens.takeSymbol("(")) {
      tokens.expectSymbol(")");
    }
    return Map.of();
  }

  private int count(String key, int otherwise) {
    var pair = pairs.get(key);
    if (pair == null) {
      return otherwise;
    }
    return values.of(
        pair,
        "a whole number",
        value ->
            value instanceof Value.Numeral number
                ? number.whole().filter(n -> n == n.intValue()).map(Long::intValue)
                : Optional.empty());
  }

  private Duration within(Duration otherwise) {
    var pair = pairs.get("within");
    return pair == null
        ? otherwise
        : values.of(
            pair,
            "a span like 7d",
            value -> value instanceof Value.Span(var span) ? Optional.of(span) : Optional.empty());
  }

  private boolean truth(String key) {
    var pair = pairs.get(key);
    return pair != null
        && values.of(
            pair,
            "true or false",
            value ->
                value instanceof Value.Truth(var truth) ? Optional.of(truth) : Optional.empty());
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable(pairs.get(key)).map(values::text);
  }

  private <E> E one(
      String key, E[] choices, E otherwise, java.util.function.Function<E, String> label) {
    var pair = pairs.get(key);
    if (pair == null) {
      return otherwise;
    }
    return Arrays.stream(choices)
        .filter(choice -> label.apply(choice).equals(pair.token().text()))
        .findFirst()
        .orElseThrow(() -> tokens.wrong(pair.token(), Arrays.stream(choices).map(label).toList()));
  }
}
