package io.tidaldb.tidalql;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.tidalql.Token.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads values: written ones and parameters, each of the type that its place asks for.
final class Values {

  static final int DIMENSIONS_MAX = 4_096;

  private static final String OUT_OF_RANGE = "VALUE_OUT_OF_RANGE";
  private static final List<String> WINDOWS =
      Arrays.stream(Window.values()).map(Window::label).toList();

  private final Tokens tokens;
  private final Arguments arguments;

  Values(Tokens tokens, Arguments arguments) {
    this.tokens = tokens;
    this.arguments = arguments;
  }

  /// A moment, or a span to or from the query's time.
  ///
  /// @param time empty if it is counted from the query's time
  /// @param offset added to the query's time
  record When(Optional<Timestamp> time, Duration offset) {}

  /// A value of any type, but no list.
  Value value() {
    var token = tokens.peek();
    var value = written(token);
    if (value == null) {
      tokens.tried("a value");
      throw tokens.wrong();
    }
    var _ = tokens.take();
    if (value instanceof Value.Many) {
      throw wrongType(token, value, "one value");
    }
    return value;
  }

  private @Nullable Value written(Token token) {
    return switch (token.kind()) {
      case STRING -> new Value.Text(token.text());
      case NUMBER -> number(token);
      case SPAN -> new Value.Span(spanOf(token));
      case PARAMETER -> arguments.value(token, tokens);
      case WORD ->
          token.isWord("TRUE")
              ? new Value.Truth(true)
              : token.isWord("FALSE") ? new Value.Truth(false) : null;
      case QUOTED, SYMBOL, BROKEN, END -> null;
    };
  }

  private Value.Numeral number(Token token) {
    double number = Double.parseDouble(token.text());
    if (Double.isInfinite(number)) {
      throw tokens.refused(OUT_OF_RANGE, token, "number is too great");
    }
    Optional<EntityId> id = Optional.empty();
    Optional<Long> whole = Optional.empty();
    if (token.text().indexOf('.') < 0 && token.text().length() <= 20) {
      id = token.isCount() ? parsed(token.text(), Values::unsigned) : id;
      whole = parsed(token.text(), Long::valueOf);
    }
    return new Value.Numeral(number, id, whole, number < 0);
  }

  private static EntityId unsigned(String digits) {
    return EntityId.of(Long.parseUnsignedLong(digits));
  }

  private static <T> Optional<T> parsed(String digits, Function<String, T> reader) {
    try {
      return Optional.of(reader.apply(digits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// An id: 0 … 2^64-1.
  EntityId id() {
    return one(Kind.NUMBER, "an id", this::asId);
  }

  /// Ids, or a parameter that is a list of them.
  List<EntityId> ids() {
    var ids = new ArrayList<EntityId>();
    if (tokens.peek().kind() == Kind.PARAMETER) {
      var token = tokens.peek();
      var value = arguments.value(token, tokens);
      if (value instanceof Value.Many(var values)) {
        var _ = tokens.take();
        for (var one : values) {
          ids.add(asId(one).orElseThrow(() -> wrongType(token, one, "an id")));
        }
        return ids;
      }
    }
    do {
      ids.add(id());
    } while (tokens.takeSymbol(","));
    return ids;
  }

  private Optional<EntityId> asId(Value value) {
    return switch (value) {
      case Value.Numeral number -> number.id();
      case Value.Id(var id) -> Optional.of(id);
      default -> Optional.empty();
    };
  }

  /// A whole number that a `long` holds.
  long whole() {
    return one(
        Kind.NUMBER,
        "a whole number",
        value -> value instanceof Value.Numeral number ? number.whole() : Optional.empty());
  }

  /// A whole number that an `int` holds.
  int count() {
    var token = tokens.peek();
    long number = whole();
    if (number != (int) number) {
      throw tokens.refused(OUT_OF_RANGE, token, "number is too great: given=" + number);
    }
    return (int) number;
  }

  /// A finite number; spans count in seconds.
  double decimal(String what) {
    var token = tokens.peek();
    var value = written(token);
    if (value == null || token.kind() == Kind.STRING) {
      tokens.tried(what);
      throw tokens.wrong();
    }
    var _ = tokens.take();
    return asNumber(value).orElseThrow(() -> wrongType(token, value, what));
  }

  /// A value as a finite number.
  static Optional<Double> asNumber(Value value) {
    return switch (value) {
      case Value.Numeral number when Double.isFinite(number.number()) ->
          Optional.of(number.number());
      case Value.Span(var span) -> Optional.of(Spans.seconds(span));
      default -> Optional.empty();
    };
  }

  /// A string.
  String string() {
    return one(
        Kind.STRING,
        "a string",
        value -> value instanceof Value.Text(var text) ? Optional.of(text) : Optional.empty());
  }

  /// A span of time.
  Duration span() {
    return one(
        Kind.SPAN,
        "a span like 7d",
        value -> value instanceof Value.Span(var span) ? Optional.of(span) : Optional.empty());
  }

  /// A value of one type, written as one kind of token, or a parameter.
  private <T> T one(Kind kind, String what, Function<Value, Optional<T>> reader) {
    var token = tokens.peek();
    if (token.kind() != kind && token.kind() != Kind.PARAMETER) {
      tokens.tried(what);
      throw tokens.wrong();
    }
    var value = written(token);
    var _ = tokens.take();
    return reader
        .apply(Objects.requireNonNull(value))
        .orElseThrow(
            () ->
                token.kind() == Kind.PARAMETER
                    ? wrongType(token, value, what)
                    : tokens.wrong(token, List.of(what)));
  }

  private Duration spanOf(Token token) {
    var span =
        Spans.read(token.text())
            .orElseThrow(() -> tokens.refused(OUT_OF_RANGE, token, "span is too long"));
    return token.text().charAt(0) == '-' ? span.negated() : span;
  }

  /// A moment: a string, `now` with or without an offset, or a parameter.
  When when() {
    var token = tokens.peek();
    if (tokens.takeWord("NOW")) {
      return new When(Optional.empty(), offset());
    }
    if (token.kind() != Kind.STRING && token.kind() != Kind.PARAMETER) {
      tokens.tried("a moment like \"2026-03-01T10:00:00Z\"");
      throw tokens.wrong();
    }
    var value = written(token);
    var _ = tokens.take();
    return switch (value) {
      case Value.Moment(var time) -> new When(Optional.of(time), Duration.ZERO);
      case Value.Text(var text) -> new When(Optional.of(moment(token, text)), Duration.ZERO);
      case null, default -> throw wrongType(token, Objects.requireNonNull(value), "a moment");
    };
  }

  /// `- 7d` is two tokens, `-7d` is one.
  private Duration offset() {
    if (tokens.peek().kind() == Kind.SPAN && tokens.peek().text().charAt(0) == '-') {
      return spanOf(tokens.take());
    }
    if (tokens.takeSymbol("+")) {
      return unsignedSpan();
    }
    return tokens.takeSymbol("-") ? unsignedSpan().negated() : Duration.ZERO;
  }

  private Duration unsignedSpan() {
    var token = tokens.peek();
    var span = span();
    if (span.isNegative()) {
      throw tokens.refused(OUT_OF_RANGE, token, "span is negative");
    }
    return span;
  }

  Timestamp moment(Token token, String text) {
    try {
      return Timestamp.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw tokens.wrong(token, List.of("a moment like \"2026-03-01T10:00:00Z\""));
    } catch (InvalidRequestException e) {
      throw tokens.refused(token, e);
    }
  }

  /// A value of a list.
  ///
  /// @param token where it stands; the parameter of a whole list
  record Item(Token token, Value value) {}

  /// A list of values, or a parameter that is one.
  List<Item> list() {
    var token = tokens.peek();
    var items = new ArrayList<Item>();
    if (token.kind() == Kind.PARAMETER) {
      var value = arguments.value(token, tokens);
      var _ = tokens.take();
      if (!(value instanceof Value.Many(var many))) {
        throw wrongType(token, value, "a list");
      }
      many.forEach(one -> items.add(new Item(token, one)));
      return items;
    }
    tokens.expectSymbol("(");
    if (tokens.takeSymbol(")")) {
      return items;
    }
    do {
      var one = tokens.peek();
      items.add(new Item(one, value()));
    } while (tokens.takeSymbol(","));
    tokens.expectSymbol(")");
    return items;
  }

  /// The numbers of a vector, or a parameter that is one.
  List<Float> vector() {
    var token = tokens.peek();
    var numbers = new ArrayList<Float>();
    if (token.kind() == Kind.PARAMETER) {
      var value = arguments.value(token, tokens);
      var _ = tokens.take();
      if (!(value instanceof Value.Many(var values))) {
        throw wrongType(token, value, "a vector");
      }
      for (var one : values) {
        double number = asNumber(one).orElseThrow(() -> wrongType(token, one, "a number"));
        add(numbers, number, token);
      }
    } else {
      tokens.expectSymbol("[");
      do {
        var one = tokens.peek();
        add(numbers, number(tokens.expect(Kind.NUMBER, "a number")).number(), one);
      } while (tokens.takeSymbol(","));
      tokens.expectSymbol("]");
    }
    if (numbers.isEmpty()) {
      throw tokens.refused(OUT_OF_RANGE, token, "vector has no dimension");
    }
    return numbers;
  }

  private void add(List<Float> numbers, double number, Token token) {
    if (numbers.size() == DIMENSIONS_MAX) {
      throw tokens.refused(
          OUT_OF_RANGE, token, "vector has too many dimensions: limit=" + DIMENSIONS_MAX);
    }
    if (!Float.isFinite((float) number)) {
      throw tokens.refused(OUT_OF_RANGE, token, "number is too great for a vector");
    }
    numbers.add((float) number);
  }

  /// One of the windows.
  Window window() {
    var token = tokens.peek();
    if (token.kind() == Kind.SPAN || token.kind() == Kind.WORD) {
      var window = Window.ofLabel(token.text());
      if (window.isPresent()) {
        var _ = tokens.take();
        return window.get();
      }
    }
    WINDOWS.forEach(tokens::tried);
    throw tokens.wrong();
  }

  /* --- calls --- */

  /// What stands behind a name and a colon.
  ///
  /// @param key the name
  /// @param token the value or name
  record Pair(Token key, Token token) {}

  /// `name:value, …`, each name once.
  ///
  /// @param names the names that may stand there; none for any
  Map<String, Pair> pairs(List<String> names) {
    var pairs = new LinkedHashMap<String, Pair>();
    do {
      var key = names.isEmpty() ? tokens.plainName(Tokens.A_NAME) : tokens.oneOf(names);
      if (pairs.containsKey(key.text())) {
        throw tokens.refused(
            QuerySyntaxException.SYNTAX, key, "\"" + key.text() + "\" is given twice");
      }
      tokens.expectSymbol(":");
      pairs.put(key.text(), new Pair(key, pairValue()));
    } while (tokens.takeSymbol(","));
    return pairs;
  }

  private Token pairValue() {
    return switch (tokens.peek().kind()) {
      case WORD, QUOTED, STRING, NUMBER, SPAN, PARAMETER -> tokens.take();
      case SYMBOL, BROKEN, END -> {
        tokens.tried(Tokens.A_NAME);
        tokens.tried("a value");
        throw tokens.wrong();
      }
    };
  }

  /// The pairs in parentheses; none if there are no parentheses or nothing in them.
  Map<String, Pair> call(List<String> names) {
    if (!tokens.takeSymbol("(")) {
      return Map.of();
    }
    if (tokens.takeSymbol(")")) {
      return Map.of();
    }
    var pairs = pairs(names);
    tokens.expectSymbol(")");
    return pairs;
  }

  /// The value of a pair, if it is one of a type.
  <T> T of(Pair pair, String what, Function<Value, Optional<T>> reader) {
    var value = written(pair.token);
    if (value == null) {
      throw tokens.wrong(pair.token, List.of(what));
    }
    return reader
        .apply(value)
        .orElseThrow(
            () ->
                pair.token.kind() == Kind.PARAMETER
                    ? wrongType(pair.token, value, what)
                    : tokens.wrong(pair.token, List.of(what)));
  }

  /// The id that a pair gives.
  EntityId id(Pair pair) {
    return of(pair, "an id", this::asId);
  }

  /// The name that a pair gives, or the string.
  String text(Pair pair) {
    return pair.token.kind() == Kind.WORD || pair.token.kind() == Kind.QUOTED
        ? pair.token.text()
        : of(
            pair,
            Tokens.A_NAME,
            value -> value instanceof Value.Text(var text) ? Optional.of(text) : Optional.empty());
  }

  QuerySyntaxException wrongType(Token token, Value value, String what) {
    return tokens.refused(
        Arguments.TYPE,
        token,
        "expected " + what + " but " + token.shown() + " is " + value.what());
  }
}
