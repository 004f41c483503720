package io.tidaldb.schema;

import io.tidaldb.schema.PredicateTokens.Kind;
import io.tidaldb.schema.PredicateTokens.Token;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads predicates.
///
/// ```ebnf
/// expr = conj { "OR" conj } ;  conj = fact { ( "AND" | "," ) fact } ;
/// fact = "NOT" fact | "(" expr ")" | leaf ;
/// leaf = "EXISTS" field | call [ cmp number ]
///      | field ( cmp value | [ "NOT" ] "IN" list | "BETWEEN" value "AND" value
///              | "HAS" ( value | ( "ANY" | "ALL" ) list )
///              | "WITHIN" duration | ( "AFTER" | "BEFORE" ) string ) ;
/// ```
final class PredicateParser {

  /// Far more than a predicate may have: only so that no text exhausts the stack.
  private static final int NESTING_MAX = 64;

  private static final Map<String, Long> UNIT_MILLIS =
      Map.of(
          "ms",
          1L,
          "s",
          1_000L,
          "m",
          60_000L,
          "h",
          3_600_000L,
          "d",
          86_400_000L,
          "w",
          604_800_000L);

  private final PredicateTokens source;
  private final List<Token> tokens;
  private int at;
  private int nesting;

  PredicateParser(String text) {
    PredicateRules.checkSize(text);
    source = new PredicateTokens(text);
    tokens = source.read();
  }

  Predicate parse() {
    var predicate = expression();
    if (peek().kind() != Kind.END) {
      throw wrong("AND", "OR", "the end");
    }
    return predicate;
  }

  private Predicate expression() {
    var parts = new ArrayList<Predicate>();
    do {
      parts.add(conjunction());
    } while (takeWord("or"));
    return Predicate.or(parts.toArray(new Predicate[0]));
  }

  private Predicate conjunction() {
    var parts = new ArrayList<Predicate>();
    do {
      parts.add(fact());
    } while (takeWord("and") || takeSymbol(","));
    return Predicate.and(parts.toArray(new Predicate[0]));
  }

  private Predicate fact() {
    if (++nesting > NESTING_MAX) {
      throw new LimitExceededException("predicateDepth", PredicateRules.DEPTH_MAX, nesting, "");
    }
    try {
      if (takeWord("not")) {
        return new Predicate.Not(fact());
      }
      if (takeSymbol("(")) {
        var inner = expression();
        expectSymbol(")");
        return inner;
      }
      return leaf();
    } finally {
      nesting--;
    }
  }

  private Predicate leaf() {
    if (takeWord("exists")) {
      return new Predicate.Exists(field());
    }
    if (peek().kind() == Kind.NAME && !peek().quoted() && tokens.get(at + 1).isSymbol("(")) {
      return call();
    }
    var field = field();
    var next = peek();
    if (takeWord("not")) {
      expectWord("in");
      return new Predicate.Not(list(field));
    }
    if (takeWord("in")) {
      return list(field);
    }
    if (takeWord("between")) {
      return between(field);
    }
    if (takeWord("has")) {
      return has(field);
    }
    if (takeWord("within")) {
      return Predicate.within(field, duration());
    }
    if (takeWord("after")) {
      return Predicate.after(field, instant());
    }
    if (takeWord("before")) {
      return Predicate.before(field, instant());
    }
    var comparison = comparison(next);
    if (comparison.isEmpty()) {
      throw wrong("a comparison", "AFTER", "BEFORE", "BETWEEN", "HAS", "IN", "NOT IN", "WITHIN");
    }
    at++;
    return compared(field, comparison.get());
  }

  private Predicate compared(String field, Filter.Comparison comparison) {
    boolean equality =
        comparison == Filter.Comparison.EQUAL || comparison == Filter.Comparison.NOT_EQUAL;
    var value = peek();
    Predicate leaf;
    if (equality && value.kind() == Kind.STRING) {
      at++;
      leaf = Predicate.eq(field, value.text());
    } else if (equality && (value.isWord("true") || value.isWord("false"))) {
      at++;
      leaf = Predicate.eq(field, value.isWord("true"));
    } else {
      double number = number(equality ? new String[] {"a value"} : new String[] {"a number"});
      leaf =
          switch (comparison) {
            case EQUAL, NOT_EQUAL -> Predicate.eq(field, number);
            case LESS -> lessThan(field, number, false);
            case AT_MOST -> lessThan(field, number, true);
            case GREATER -> greaterThan(field, number, false);
            case AT_LEAST -> greaterThan(field, number, true);
          };
    }
    return comparison == Filter.Comparison.NOT_EQUAL ? new Predicate.Not(leaf) : leaf;
  }

  private static Predicate lessThan(String field, double max, boolean inclusive) {
    return new Predicate.Range(
        field, OptionalDouble.empty(), true, OptionalDouble.of(max), inclusive);
  }

  private static Predicate greaterThan(String field, double min, boolean inclusive) {
    return new Predicate.Range(
        field, OptionalDouble.of(min), inclusive, OptionalDouble.empty(), true);
  }

  private Predicate between(String field) {
    if (peek().kind() == Kind.STRING) {
      var from = instant();
      expectWord("and");
      var last = instant();
      // Inclusive, and times are whole nanoseconds.
      return new Predicate.TimeRange(
          field,
          Optional.of(from),
          last.nanos() == Long.MAX_VALUE
              ? Optional.empty()
              : Optional.of(Timestamp.ofNanos(last.nanos() + 1)));
    }
    double min = number("a number", "a time");
    expectWord("and");
    return Predicate.between(field, min, number("a number"));
  }

  private Predicate has(String field) {
    if (takeWord("any")) {
      return list(field);
    }
    if (takeWord("all")) {
      return new Predicate.HasAll(field, strings());
    }
    return Predicate.eq(field, string());
  }

  private Predicate list(String field) {
    if (peek().isSymbol("(") && tokens.get(at + 1).kind() == Kind.NUMBER) {
      at++;
      var parts = new ArrayList<Predicate>();
      do {
        parts.add(Predicate.eq(field, number("a number")));
      } while (takeSymbol(","));
      expectSymbol(")");
      return Predicate.or(parts.toArray(new Predicate[0]));
    }
    return new Predicate.In(field, strings());
  }

  private java.util.Set<String> strings() {
    expectSymbol("(");
    var values = new java.util.TreeSet<String>();
    do {
      values.add(string());
    } while (takeSymbol(","));
    expectSymbol(")");
    PredicateRules.checkValues(values.size());
    return values;
  }

  private Predicate call() {
    var name = peek();
    at += 2;
    var pairs = new HashMap<String, String>();
    if (!peek().isSymbol(")")) {
      do {
        pair(pairs);
      } while (takeSymbol(","));
    }
    expectSymbol(")");
    return switch (name.text()) {
      case "did" -> {
        var window =
            Window.ofLabel(required(name, pairs, "window"))
                .orElseThrow(
                    () ->
                        wrong(
                            name,
                            "window:1h",
                            "window:24h",
                            "window:7d",
                            "window:30d",
                            "window:all"));
        yield new Predicate.Did(
            required(name, pairs, "signal"), window, callComparison(), number("a number"));
      }
      case "interest" ->
          new Predicate.Interest(
              required(name, pairs, "field"),
              required(name, pairs, "value"),
              callComparison(),
              number("a number"));
      case "segment" ->
          new Predicate.Segment(
              Predicate.Activity.ofLabel(required(name, pairs, "name"))
                  .orElseThrow(
                      () ->
                          wrong(
                              name,
                              "name:new",
                              "name:power",
                              "name:regular",
                              "name:casual",
                              "name:dormant")));
      default -> throw wrong(name, "did", "interest", "segment");
    };
  }

  /// `name:value`; a window is written as a number and a unit.
  private void pair(Map<String, String> pairs) {
    var key = field();
    expectSymbol(":");
    var value = peek();
    at++;
    switch (value.kind()) {
      case NAME, STRING -> pairs.put(key, value.text());
      case NUMBER -> {
        var unit = peek();
        if (unit.kind() != Kind.NAME) {
          throw wrong("a unit of time");
        }
        at++;
        pairs.put(key, value.text() + unit.text());
      }
      case SYMBOL, END -> throw wrong(value, "a name", "a value");
    }
  }

  private String required(Token call, Map<String, String> pairs, String key) {
    var value = pairs.get(key);
    if (value == null) {
      throw wrong(call, call.text() + "(" + key + ":…)");
    }
    return value;
  }

  private Filter.Comparison callComparison() {
    var comparison = comparison(peek());
    if (comparison.isEmpty()) {
      throw wrong("a comparison");
    }
    at++;
    return comparison.get();
  }

  /* --- tokens --- */

  private static Optional<Filter.Comparison> comparison(Token token) {
    for (var comparison : Filter.Comparison.values()) {
      if (token.isSymbol(comparison.symbol())) {
        return Optional.of(comparison);
      }
    }
    return Optional.empty();
  }

  private String field() {
    var token = peek();
    if (token.kind() != Kind.NAME
        || (!token.quoted()
            && PredicateText.KEYWORDS.contains(token.text().toLowerCase(java.util.Locale.ROOT))
            && !isCallName(token))) {
      throw wrong("a name", "EXISTS", "NOT", "(");
    }
    if (!PredicateRules.NAME.matcher(token.text()).matches()) {
      throw wrong("a name like [a-z][a-z0-9_]{0,63}");
    }
    at++;
    return token.text();
  }

  /// Names of calls are reserved only before a parenthesis.
  private static boolean isCallName(Token token) {
    return List.of("did", "interest", "segment").contains(token.text());
  }

  private String string() {
    var token = peek();
    if (token.kind() != Kind.STRING) {
      throw wrong("a string");
    }
    at++;
    return token.text();
  }

  private Timestamp instant() {
    var token = peek();
    try {
      return Timestamp.of(Instant.parse(string()));
    } catch (DateTimeException e) {
      throw wrong(token, "a time like \"2026-01-01T00:00:00Z\"");
    }
  }

  /// A number, or a duration in seconds.
  private double number(String... expected) {
    var token = peek();
    if (token.kind() != Kind.NUMBER) {
      throw wrong(expected);
    }
    if (isUnit(tokens.get(at + 1))) {
      return duration().toMillis() / 1_000.0;
    }
    at++;
    return Double.parseDouble(token.text());
  }

  private Duration duration() {
    long millis = 0;
    var first = peek();
    do {
      var token = peek();
      if (token.kind() != Kind.NUMBER
          || token.text().indexOf('.') >= 0
          || !isUnit(tokens.get(at + 1))) {
        throw wrong("a duration like 7d");
      }
      try {
        long unit = UNIT_MILLIS.getOrDefault(tokens.get(at + 1).text(), 0L);
        millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(token.text()), unit));
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(first, "a shorter duration");
      }
      at += 2;
    } while (peek().kind() == Kind.NUMBER);
    return Duration.ofMillis(millis);
  }

  private static boolean isUnit(Token token) {
    return token.kind() == Kind.NAME && UNIT_MILLIS.containsKey(token.text());
  }

  private Token peek() {
    return tokens.get(at);
  }

  private boolean takeWord(String word) {
    if (!peek().isWord(word)) {
      return false;
    }
    at++;
    return true;
  }

  private boolean takeSymbol(String symbol) {
    if (!peek().isSymbol(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  private void expectWord(String word) {
    if (!takeWord(word)) {
      throw wrong(word.toUpperCase(java.util.Locale.ROOT));
    }
  }

  private void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw wrong("\"" + symbol + "\"");
    }
  }

  private InvalidRequestException wrong(String... expected) {
    return wrong(peek(), expected);
  }

  private InvalidRequestException wrong(Token token, String... expected) {
    return source.wrong(token.offset(), List.of(expected), token.shown());
  }
}
