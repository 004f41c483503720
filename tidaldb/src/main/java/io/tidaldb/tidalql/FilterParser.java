package io.tidaldb.tidalql;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Filter.Comparison;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import io.tidaldb.tidalql.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads filters.
///
/// ```ebnf
/// expr = conj { "OR" conj } ;  conj = fact { ( "AND" | "," ) fact } ;
/// fact = "NOT" fact | "(" expr ")" | leaf ;
/// ```
final class FilterParser {

  private static final String ID = "id";
  private static final String CREATOR = "creator";
  private static final double EXACT_MAX = 1L << 53;
  private static final String SIGNAL = "signal";
  private static final String IN_COLLECTION = "in_collection";
  private static final String IN_MY_COLLECTIONS = "in_my_collections";
  private static final String IN_NETWORK = "in_network";
  private static final String AFFINITY = "affinity";
  private static final String QUALITY = "quality";
  private static final String COMPLETION_RATE = "completion_rate";

  /// Calls that take a comparison, and those that do not.
  private static final List<String> CALLS =
      List.of(
          AFFINITY, COMPLETION_RATE, IN_COLLECTION, IN_MY_COLLECTIONS, IN_NETWORK, QUALITY, SIGNAL);

  private static final Map<String, List<String>> PAIRS =
      Map.of(
          AFFINITY,
          List.of("min"),
          IN_COLLECTION,
          List.of("id"),
          IN_NETWORK,
          List.of("depth"),
          SIGNAL,
          List.of("measure", "name", "window"));

  private static final List<String> MEASURES =
      Arrays.stream(Measure.values()).map(Measure::label).sorted().toList();

  private static final Map<String, Filter> STATES = states();

  private final Tokens tokens;
  private final Values values;
  private final Later later;

  FilterParser(Tokens tokens, Values values, Later later) {
    this.tokens = tokens;
    this.values = values;
    this.later = later;
  }

  private static Map<String, Filter> states() {
    var states = new LinkedHashMap<String, Filter>();
    for (var state : UserState.values()) {
      states.put(state.label(), new Filter.StateIs(state, Optional.empty()));
    }
    states.put("unseen", Filter.unseen());
    states.put("unshown", Filter.unshown());
    states.put("followed", Filter.followed());
    states.put("muted", Filter.muted());
    states.put("unblocked", Filter.unblocked());
    return Map.copyOf(states);
  }

  Filter expression() {
    var parts = new ArrayList<Filter>();
    do {
      parts.add(conjunction());
    } while (tokens.takeWord("OR"));
    return parts.size() == 1 ? parts.getFirst() : new Filter.Or(parts);
  }

  private Filter conjunction() {
    var parts = new ArrayList<Filter>();
    do {
      parts.add(fact());
    } while (tokens.takeWord("AND") || tokens.takeSymbol(","));
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  private Filter fact() {
    tokens.enter();
    Filter fact;
    if (!isField() && tokens.takeWord("NOT")) {
      fact = new Filter.Not(fact());
    } else if (tokens.takeSymbol("(")) {
      fact = expression();
      tokens.expectSymbol(")");
    } else {
      fact = leaf();
    }
    tokens.leave();
    return fact;
  }

  /// Whether here stands a name with what may follow a field, so that it is a field even if it is a
  /// keyword too.
  private boolean isField() {
    var next = tokens.peekNext();
    boolean follows =
        next.kind() == Kind.SYMBOL
            ? comparison(next) != null || next.isSymbol(".")
            : next.isWord("IN")
                || next.isWord("BETWEEN")
                || next.isWord("HAS")
                || next.isWord("AFTER")
                || next.isWord("BEFORE");
    var token = tokens.peek();
    return follows
        && (token.kind() == Kind.WORD || token.kind() == Kind.QUOTED)
        && QueryWords.NAME.matcher(token.text()).matches();
  }

  private Filter leaf() {
    var token = tokens.peek();
    if (isField()) {
      return condition(token, path());
    }
    if (tokens.takeWord("EXISTS")) {
      return new Filter.Exists(path());
    }
    if (tokens.takeWord("MATCHES")) {
      later.note(token, "MATCHES");
      var _ = values.string();
      return Filter.all();
    }
    var state = token.kind() == Kind.WORD ? STATES.get(lower(token)) : null;
    if (state != null) {
      return state(state);
    }
    if (token.kind() == Kind.WORD && tokens.peekNext().isSymbol("(") && !isReserved(token)) {
      return call();
    }
    STATES.keySet().forEach(tokens::tried);
    return condition(token, path());
  }

  private static boolean isReserved(Token token) {
    return QueryWords.isReserved(token.text());
  }

  private static String lower(Token token) {
    return token.text().toLowerCase(Locale.ROOT);
  }

  private Filter state(Filter state) {
    var token = tokens.take();
    if (!tokens.peek().isWord("WITHIN") || tokens.peekNext().isSymbol("(")) {
      tokens.tried("WITHIN");
      return state;
    }
    return switch (state) {
      case Filter.StateIs(var is, var none) when is == UserState.SHOWN -> {
        var _ = tokens.take();
        yield Filter.shownWithin(values.span());
      }
      case Filter.Not(Filter.StateIs(var is, var none)) when is == UserState.SHOWN -> {
        var _ = tokens.take();
        yield Filter.not(Filter.shownWithin(values.span()));
      }
      default ->
          throw tokens.refused(
              "FILTER_SPAN_INVALID",
              tokens.peek(),
              "only shown and unshown can be asked within a span: state=" + lower(token));
    };
  }

  /// `name [ "." name ]`; the second form is a field of the item's creator.
  private String path() {
    var name = isField() ? tokens.plainName(Tokens.A_NAME) : tokens.name(Tokens.A_NAME);
    if (!tokens.peek().isSymbol(".")) {
      return name.text();
    }
    var _ = tokens.take();
    return name.text() + "." + tokens.plainName(Tokens.A_NAME).text();
  }

  /* --- conditions on fields --- */

  private Filter condition(Token name, String field) {
    var comparison = comparison(tokens.peek());
    if (comparison != null) {
      var _ = tokens.take();
      return compared(field, comparison);
    }
    if (tokens.takeWord("IN")) {
      return in(field);
    }
    if (tokens.takeWord("NOT")) {
      tokens.expectWord("IN");
      return Filter.not(in(field));
    }
    if (tokens.takeWord("BETWEEN")) {
      return between(field);
    }
    if (tokens.takeWord("HAS")) {
      return has(field);
    }
    if (!tokens.peekNext().isSymbol("(") && tokens.takeWord("WITHIN")) {
      return new Filter.Within(field, values.span());
    }
    if (tokens.takeWord("AFTER")) {
      return after(field);
    }
    if (tokens.takeWord("BEFORE")) {
      return before(field, 0);
    }
    tokens.tried("a comparison");
    var meant = Hints.nearest(name.text(), new TreeSet<>(STATES.keySet()));
    throw tokens.wrong(meant, "");
  }

  private static @Nullable Comparison comparison(Token token) {
    if (token.kind() != Kind.SYMBOL) {
      return null;
    }
    return switch (token.text()) {
      case "=" -> Comparison.EQUAL;
      case "!=" -> Comparison.NOT_EQUAL;
      case "<" -> Comparison.LESS;
      case "<=" -> Comparison.AT_MOST;
      case ">" -> Comparison.GREATER;
      case ">=" -> Comparison.AT_LEAST;
      default -> null;
    };
  }

  private Filter compared(String field, Comparison comparison) {
    var condition = Filter.field(field);
    return switch (comparison) {
      case EQUAL -> equal(field, tokens.peek(), values.value());
      case NOT_EQUAL -> Filter.not(equal(field, tokens.peek(), values.value()));
      case LESS -> condition.lessThan(number());
      case AT_MOST -> condition.atMost(number());
      case GREATER -> condition.greaterThan(number());
      case AT_LEAST -> condition.atLeast(number());
    };
  }

  private double number() {
    return values.decimal("a number");
  }

  private Filter equal(String field, Token token, Value value) {
    return switch (value) {
      case Value.Text(var text) -> Filter.field(field).is(text);
      case Value.Truth(var truth) -> Filter.field(field).is(truth);
      case Value.Id(var id) -> ids(field, Set.of(id));
      case Value.Numeral number when isId(field, number) ->
          ids(field, Set.of(number.id().orElseThrow()));
      case Value.Numeral _, Value.Span _ ->
          Filter.field(field)
              .is(
                  Values.asNumber(value)
                      .orElseThrow(() -> values.wrongType(token, value, "a finite number")));
      case Value.Moment _, Value.Many _ -> throw values.wrongType(token, value, "one value");
    };
  }

  /// Whether a whole number can only be an id: of a field of ids, or greater than numbers are
  /// exact.
  private static boolean isId(String field, Value.Numeral number) {
    boolean named = field.equals(ID) || field.equals(CREATOR);
    return number.id().isPresent() && (named || (!number.below() && number.number() >= EXACT_MAX));
  }

  private static Filter ids(String field, Set<EntityId> ids) {
    return field.equals(ID) ? new Filter.IdIn(ids) : new Filter.RefersTo(field, ids);
  }

  /// A list of strings, of ids, or of numbers.
  private Filter in(String field) {
    var list = values.list();
    if (list.isEmpty()) {
      return new Filter.KeywordIn(field, Set.of()).canonical();
    }
    if (list.getFirst().value() instanceof Value.Text) {
      return new Filter.KeywordIn(field, strings(list));
    }
    var ids = new HashSet<EntityId>();
    for (var one : list) {
      asId(field, one.value()).ifPresent(ids::add);
    }
    if (list.stream().allMatch(one -> asId(field, one.value()).isPresent())) {
      return ids(field, ids);
    }
    var parts = new ArrayList<Filter>();
    for (var one : list) {
      if (!(one.value() instanceof Value.Numeral || one.value() instanceof Value.Span)) {
        throw values.wrongType(one.token(), one.value(), "a value like those before");
      }
      parts.add(equal(field, one.token(), one.value()));
    }
    return new Filter.Or(parts).canonical();
  }

  private static Optional<EntityId> asId(String field, Value value) {
    return switch (value) {
      case Value.Id(var id) -> Optional.of(id);
      case Value.Numeral number when !number.below() || field.equals(ID) || field.equals(CREATOR) ->
          number.id();
      default -> Optional.empty();
    };
  }

  private Set<String> strings(List<Values.Item> list) {
    var strings = new HashSet<String>();
    for (var one : list) {
      if (!(one.value() instanceof Value.Text(var text))) {
        throw values.wrongType(one.token(), one.value(), "a string");
      }
      strings.add(text);
    }
    return strings;
  }

  private Filter between(String field) {
    if (tokens.peek().kind() == Kind.STRING) {
      var from = after(field);
      tokens.expectWord("AND");
      // Inclusive, and moments are whole nanoseconds.
      return from.and(before(field, 1));
    }
    double min = number();
    tokens.expectWord("AND");
    return Filter.field(field).between(min, number());
  }

  private Filter has(String field) {
    if (tokens.takeWord("ANY")) {
      return new Filter.KeywordIn(field, strings(values.list())).canonical();
    }
    if (tokens.takeWord("ALL")) {
      return new Filter.HasAll(field, strings(values.list())).canonical();
    }
    var token = tokens.peek();
    return equal(field, token, values.value());
  }

  private Filter after(String field) {
    var when = values.when();
    return when.time().isPresent()
        ? Filter.field(field).after(when.time().get())
        : Filter.field(field).afterNow(when.offset());
  }

  private Filter before(String field, long later) {
    var when = values.when();
    if (when.time().isEmpty()) {
      var offset = when.offset();
      return Filter.field(field)
          .beforeNow(offset.toSeconds() == Long.MAX_VALUE ? offset : offset.plusNanos(later));
    }
    long nanos = when.time().get().nanos();
    return nanos == Long.MAX_VALUE && later > 0
        ? Filter.all()
        : Filter.field(field).before(Timestamp.ofNanos(nanos + later));
  }

  /* --- calls --- */

  private Filter call() {
    tokens.forgetTried();
    var name = tokens.oneOf(CALLS);
    var taken = PAIRS.getOrDefault(name.text(), List.of());
    var pairs = values.call(taken);
    if (taken.isEmpty() && !pairs.isEmpty()) {
      throw tokens.wrong(pairs.values().iterator().next().key(), List.of(")"));
    }
    return switch (name.text()) {
      case SIGNAL -> signal(name, pairs);
      case IN_COLLECTION -> {
        var id = values.id(required(name, pairs, "id"));
        yield Filter.inCollection(CollectionId.of(id.value()));
      }
      case QUALITY -> Filter.quality().compare(compare(), number()).canonical();
      case COMPLETION_RATE -> Filter.completionRate().compare(compare(), number()).canonical();
      case IN_MY_COLLECTIONS -> Filter.inMyCollections();
      case IN_NETWORK ->
          Filter.inNetwork(pairs.containsKey("depth") ? depth(pairs.get("depth")) : 1);
      case AFFINITY -> {
        var min = required(name, pairs, "min");
        yield Filter.affinity(values.of(min, "a number", Values::asNumber)).canonical();
      }
      default -> throw new IllegalStateException("no such call: name=" + name.text());
    };
  }

  private int depth(Values.Pair pair) {
    return values.of(
        pair,
        "a depth like 1",
        value ->
            value instanceof Value.Numeral number
                ? number.whole().filter(n -> n == n.intValue()).map(Long::intValue)
                : Optional.empty());
  }

  private Filter signal(Token name, Map<String, Values.Pair> pairs) {
    var signal = values.text(required(name, pairs, "name"));
    var measure = pairs.containsKey("measure") ? measure(pairs.get("measure")) : Measure.COUNT;
    var window = pairs.get("window");
    if (window != null && measure == Measure.DECAYED) {
      throw tokens.refused(
          "WINDOW_UNUSED", window.key(), "a decayed score has no window: signal=" + signal);
    }
    var over = window == null ? Window.ALL_TIME : window(window);
    return new Filter.SignalThreshold(signal, measure, over, compare(), number()).canonical();
  }

  private Measure measure(Values.Pair pair) {
    return Arrays.stream(Measure.values())
        .filter(measure -> measure.label().equals(pair.token().text()))
        .findFirst()
        .orElseThrow(() -> tokens.wrong(pair.token(), MEASURES));
  }

  private Window window(Values.Pair pair) {
    return Window.ofLabel(pair.token().text())
        .orElseThrow(
            () ->
                tokens.wrong(
                    pair.token(), Arrays.stream(Window.values()).map(Window::label).toList()));
  }

  private Comparison compare() {
    var comparison = comparison(tokens.peek());
    if (comparison == null) {
      tokens.tried("a comparison");
      throw tokens.wrong();
    }
    var _ = tokens.take();
    return comparison;
  }

  private Values.Pair required(Token call, Map<String, Values.Pair> pairs, String key) {
    var pair = pairs.get(key);
    if (pair == null) {
      throw tokens.wrong(call, List.of(call.text() + "(" + key + ":…)"));
    }
    return pair;
  }
}
