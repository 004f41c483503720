package io.tidaldb.schema;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a predicate must keep to: its bounds, and what the schema declares.
public final class PredicateRules {

  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  static final int DEPTH_MAX = 8;
  private static final int LEAVES_MAX = 64;
  private static final int VALUES_MAX = 1_000;
  private static final int TEXT_BYTES_MAX = 16 << 10;
  private static final Set<FieldType> WORDS =
      Set.of(FieldType.KEYWORD, FieldType.TAGS, FieldType.ID);
  private static final Set<FieldType> NUMBERS =
      Set.of(FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION);

  private PredicateRules() {}

  /// The predicate if it is within bounds: 64 leaves, depth 8, 1,000 values a leaf, 16 KiB of text.
  ///
  /// @throws LimitExceededException naming the bound
  static Predicate bounded(Predicate predicate) {
    int depth = depth(predicate);
    if (depth > DEPTH_MAX) {
      throw new LimitExceededException("predicateDepth", DEPTH_MAX, depth, "");
    }
    int leaves = leaves(predicate);
    if (leaves > LEAVES_MAX) {
      throw new LimitExceededException("predicateLeaves", LEAVES_MAX, leaves, "");
    }
    checkEach(predicate);
    checkSize(predicate.toString());
    return predicate;
  }

  static void checkSize(String text) {
    // Cheap first: a byte a character at least.
    long bytes =
        text.length() > TEXT_BYTES_MAX
            ? text.length()
            : text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes > TEXT_BYTES_MAX) {
      throw new LimitExceededException("predicateBytes", TEXT_BYTES_MAX, bytes, "");
    }
  }

  static void checkValues(int values) {
    if (values > VALUES_MAX) {
      throw new LimitExceededException("predicateValues", VALUES_MAX, values, "");
    }
  }

  private static int depth(Predicate predicate) {
    return 1
        + switch (predicate) {
          case Predicate.And(var parts) -> deepest(parts);
          case Predicate.Or(var parts) -> deepest(parts);
          case Predicate.Not(var part) -> depth(part);
          default -> 0;
        };
  }

  private static int deepest(List<Predicate> parts) {
    return parts.stream().mapToInt(PredicateRules::depth).max().orElse(0);
  }

  private static int leaves(Predicate predicate) {
    return switch (predicate) {
      case Predicate.And(var parts) -> parts.stream().mapToInt(PredicateRules::leaves).sum();
      case Predicate.Or(var parts) -> parts.stream().mapToInt(PredicateRules::leaves).sum();
      case Predicate.Not(var part) -> leaves(part);
      default -> 1;
    };
  }

  private static void checkEach(Predicate predicate) {
    switch (predicate) {
      case Predicate.And(var parts) -> parts.forEach(PredicateRules::checkEach);
      case Predicate.Or(var parts) -> parts.forEach(PredicateRules::checkEach);
      case Predicate.Not(var part) -> checkEach(part);
      case Predicate.In(var field, var values) -> checkValues(values.size());
      case Predicate.HasAll(var field, var values) -> checkValues(values.size());
      default -> {}
    }
  }

  /// Checks every field and signal against a schema.
  ///
  /// @throws InvalidRequestException `FIELD_UNDECLARED`, `FIELD_TYPE`, `WINDOW_NOT_DECLARED`
  /// @throws NotFoundException if a signal is unknown
  public static void check(Predicate predicate, Schema schema) {
    switch (predicate) {
      case Predicate.And(var parts) -> parts.forEach(part -> check(part, schema));
      case Predicate.Or(var parts) -> parts.forEach(part -> check(part, schema));
      case Predicate.Not(var part) -> check(part, schema);
      case Predicate.In(var field, var values) -> field(schema, field, WORDS, "keywords and ids");
      case Predicate.HasAll(var field, var values) ->
          field(schema, field, Set.of(FieldType.TAGS), "tags");
      case Predicate.Is(var field, var value) ->
          field(schema, field, Set.of(FieldType.BOOLEAN), "booleans");
      case Predicate.Range range -> field(schema, range.field(), NUMBERS, "numbers");
      case Predicate.TimeRange(var field, var from, var before) ->
          field(schema, field, Set.of(FieldType.TIME), "times");
      case Predicate.Within(var field, var span) ->
          field(schema, field, Set.of(FieldType.TIME), "times");
      case Predicate.Exists(var field) ->
          field(schema, field, Set.of(FieldType.values()), "any field");
      case Predicate.Did did -> signal(schema, did);
      case Predicate.Interest(var field, var value, var comparison, var share) -> {
        if (!schema.interestFields().contains(field)) {
          throw undeclared(
              "interest is not kept: field=" + field + " kept=" + schema.interestFields());
        }
      }
      case Predicate.Segment _ -> {}
    }
  }

  private static void field(Schema schema, String name, Set<FieldType> fitting, String what) {
    var field =
        schema
            .field(EntityKind.USER, name)
            .filter(known -> known.type() != FieldType.PLAIN && known.type() != FieldType.TEXT)
            .orElseThrow(
                () ->
                    undeclared(
                        "not a field of users that can be asked for: field="
                            + name
                            + "; declare it with SchemaBuilder.field(USER, …)"));
    if (!fitting.contains(field.type())) {
      throw new InvalidRequestException(
          "FIELD_TYPE",
          "field has another type: field="
              + name
              + " type="
              + field.type()
              + "; the condition is for "
              + what);
    }
  }

  private static InvalidRequestException undeclared(String what) {
    return new InvalidRequestException("FIELD_UNDECLARED", what);
  }

  private static void signal(Schema schema, Predicate.Did did) {
    var type =
        schema
            .signal(did.signal())
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "signal",
                        did.signal(),
                        "declared are "
                            + schema.signals().stream().map(SignalType::name).toList()));
    if (!type.windows().contains(did.window())) {
      throw new InvalidRequestException(
          "WINDOW_NOT_DECLARED",
          "window not declared: signal="
              + did.signal()
              + " given="
              + did.window().label()
              + " declared="
              + type.windows().stream().map(Window::label).toList());
    }
  }
}
