package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.Timestamp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a value comes from: a column, and what is done to it, in this order.
///
/// @param from the column; empty for a constant
/// @param constant what is used where there is no column
/// @param nulls values that mean that there is none
/// @param match a pattern whose first group is the value; where it is not found there is none
/// @param split where one text is divided into many
/// @param first whether only the first of many is taken
/// @param map values that are replaced
/// @param time how the text writes a moment; empty if it is none
record Column(
    Optional<String> from,
    Optional<String> constant,
    Set<String> nulls,
    Optional<Pattern> match,
    Optional<String> split,
    boolean first,
    Map<String, String> map,
    Optional<TimeFormat> time) {

  /// A column's name, or an object that says more.
  static Column of(Node node) {
    if (node.isString()) {
      return ofName(node.string());
    }
    node.allow("from", "value", "null", "match", "split", "pick", "map", "format");
    var from = node.get("from").map(Node::string);
    var constant = node.get("value").map(Node::scalar);
    if (from.isPresent() == constant.isPresent()) {
      throw node.wrong("either \"from\" (a column) or \"value\" (a constant)");
    }
    var map = new HashMap<String, String>();
    node.get("map").map(Node::members).orElse(Map.of()).forEach((k, v) -> map.put(k, v.scalar()));
    return new Column(
        from,
        constant,
        node.get("null").map(Column::texts).orElse(Set.of()),
        node.get("match").map(Column::pattern),
        node.get("split").map(Node::string),
        node.get("pick").map(Column::isFirst).orElse(false),
        map,
        node.get("format").map(TimeFormat::of));
  }

  /// The column of this name, as it is.
  static Column ofName(String name) {
    return new Column(
        Optional.of(name),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        Optional.empty());
  }

  /// The value of a row: a `String`, a `List<String>`, a [Timestamp], or null.
  @Nullable Object value(Row row) throws BadRowException {
    @Var var value = from.isPresent() ? row.value(from.get()) : constant.orElse(null);
    if (value instanceof String text) {
      value = one(text);
    } else if (value instanceof List<?> list) {
      value = many(list.stream().map(String::valueOf));
    }
    return time.isPresent() && value instanceof String text ? time.get().parse(text) : value;
  }

  /// The value of a row as one text.
  @Nullable String text(Row row) throws BadRowException {
    var value = value(row);
    if (value instanceof List<?>) {
      throw new BadRowException("one value expected: column=" + name() + " given=" + value);
    }
    return value == null ? null : value.toString();
  }

  /// The moment in a row; ISO-8601 unless another format is named.
  @Nullable Timestamp moment(Row row) throws BadRowException {
    var value = value(row);
    if (value == null || value instanceof Timestamp) {
      return (Timestamp) value;
    }
    return TimeFormat.ISO.parse(value.toString());
  }

  /// What messages call this value.
  String name() {
    return from.or(() -> constant).orElse("");
  }

  private @Nullable Object one(String text) {
    if (nulls.contains(text)) {
      return null;
    }
    @Var var found = text;
    if (match.isPresent()) {
      var matcher = match.get().matcher(text);
      if (!matcher.find()) {
        return null;
      }
      found = Objects.requireNonNullElse(matcher.group(1), "");
    }
    if (split.isPresent()) {
      return many(Arrays.stream(found.split(Pattern.quote(split.get()), -1)));
    }
    return map.getOrDefault(found, found);
  }

  private @Nullable Object many(java.util.stream.Stream<String> texts) {
    var kept =
        texts
            .map(String::strip)
            .filter(text -> !text.isEmpty() && !nulls.contains(text))
            .map(text -> map.getOrDefault(text, text))
            .toList();
    if (kept.isEmpty()) {
      return null;
    }
    return first ? kept.getFirst() : kept;
  }

  private static Set<String> texts(Node node) {
    return node.isArray()
        ? node.elements().stream().map(Node::scalar).collect(Collectors.toSet())
        : Set.of(node.scalar());
  }

  private static Pattern pattern(Node node) {
    try {
      var pattern = Pattern.compile(node.string());
      if (pattern.matcher("").groupCount() != 1) {
        throw node.wrong("a regular expression with one group");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw node.wrong("a regular expression: " + e.getDescription());
    }
  }

  private static boolean isFirst(Node node) {
    if (!node.string().equals("first")) {
      throw node.wrong("\"first\"");
    }
    return true;
  }
}
