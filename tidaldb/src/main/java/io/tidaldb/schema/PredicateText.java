package io.tidaldb.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The canonical text of predicates: one blank between words, keywords in capitals, values sorted,
/// parentheses only where they are needed.
final class PredicateText {

  /// Words that a field may not look like; then it stands in back quotes.
  static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "between",
          "has",
          "any",
          "all",
          "exists",
          "within",
          "after",
          "before",
          "true",
          "false",
          "did",
          "interest",
          "segment");

  private PredicateText() {}

  static String write(Predicate predicate) {
    return switch (predicate) {
      case Predicate.Or(var parts) -> join(parts, " OR ", PredicateText::write);
      case Predicate.And(var parts) -> join(parts, " AND ", PredicateText::part);
      case Predicate.Not(var part) ->
          "NOT " + (part instanceof Predicate.And ? "(" + part + ")" : part(part));
      case Predicate.In(var field, var values) ->
          values.size() == 1
              ? name(field) + " = " + quoted(values.iterator().next())
              : name(field) + " IN " + list(values);
      case Predicate.HasAll(var field, var values) -> name(field) + " HAS ALL " + list(values);
      case Predicate.Is(var field, var value) -> name(field) + " = " + value;
      case Predicate.Range range -> range(range);
      case Predicate.TimeRange(var field, var from, var before) ->
          from.map(time -> name(field) + " AFTER " + quoted(time.toString())).orElse("")
              + (from.isPresent() && before.isPresent() ? " AND " : "")
              + before.map(time -> name(field) + " BEFORE " + quoted(time.toString())).orElse("");
      case Predicate.Within(var field, var span) -> name(field) + " WITHIN " + span(span);
      case Predicate.Exists(var field) -> "EXISTS " + name(field);
      case Predicate.Did(var signal, var window, var comparison, var value) ->
          "did(signal:"
              + signal
              + ", window:"
              + window.label()
              + ") "
              + comparison.symbol()
              + " "
              + number(value);
      case Predicate.Interest(var field, var value, var comparison, var share) ->
          "interest(field:"
              + field
              + ", value:"
              + quoted(value)
              + ") "
              + comparison.symbol()
              + " "
              + number(share);
      case Predicate.Segment(var activity) -> "segment(name:" + activity.label() + ")";
    };
  }

  /// A part of an And.
  private static String part(Predicate part) {
    return part instanceof Predicate.Or ? "(" + write(part) + ")" : write(part);
  }

  private static String range(Predicate.Range range) {
    var field = name(range.field());
    if (range.min().isPresent()
        && range.max().isPresent()
        && range.minInclusive()
        && range.maxInclusive()) {
      double min = range.min().getAsDouble();
      double max = range.max().getAsDouble();
      return min == max
          ? field + " = " + number(min)
          : field + " BETWEEN " + number(min) + " AND " + number(max);
    }
    return end(field, range.min(), range.minInclusive() ? " >= " : " > ")
        + (range.min().isPresent() && range.max().isPresent() ? " AND " : "")
        + end(field, range.max(), range.maxInclusive() ? " <= " : " < ");
  }

  private static String end(String field, OptionalDouble end, String symbol) {
    return end.isEmpty() ? "" : field + symbol + number(end.getAsDouble());
  }

  private static String join(
      Collection<Predicate> parts, String between, UnaryOperatorOfPredicate writer) {
    return parts.stream().map(writer::write).collect(Collectors.joining(between));
  }

  /// Writes one part.
  private interface UnaryOperatorOfPredicate {
    String write(Predicate part);
  }

  private static String list(Set<String> values) {
    UnaryOperator<String> quote = PredicateText::quoted;
    return values.stream().map(quote).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String name(String field) {
    return KEYWORDS.contains(field) ? "`" + field + "`" : field;
  }

  /// A number without exponent, which reads back to the same bits.
  private static String number(double value) {
    var plain = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString();
  }

  private static String span(Duration span) {
    long millis = span.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (letter < ' ') {
            out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) letter));
          } else {
            out.append(letter);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
