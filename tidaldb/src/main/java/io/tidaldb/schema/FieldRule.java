package io.tidaldb.schema;

import io.tidaldb.schema.SchemaViolation.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a declaration says of a field beside its type: part of the [Schema].
///
/// @param fresh for how long a query reads a value after the time it was said for, 1 ms … 365 days;
///   empty if until it is replaced
public record FieldRule(Optional<Duration> fresh) {

  /// Values hold until they are replaced.
  public static final FieldRule STANDARD = new FieldRule(Optional.empty());

  private static final Duration FRESH_MIN = Duration.ofMillis(1);
  private static final Duration FRESH_MAX = Duration.ofDays(365);

  /// The same rule for a live counter: a value that is older than this at a query's time reads as
  /// absent there. For numbers and durations of items.
  public FieldRule fresh(Duration span) {
    return new FieldRule(Optional.of(span));
  }

  /// Adds what it breaks.
  void check(String path, EntityKind kind, FieldType type, List<SchemaViolation> found) {
    if (fresh.isEmpty()) {
      return;
    }
    var span = fresh.get();
    if (span.compareTo(FRESH_MIN) < 0 || span.compareTo(FRESH_MAX) > 0) {
      found.add(
          new SchemaViolation(
              Code.FRESHNESS_OUT_OF_RANGE,
              path + ".fresh",
              span.toString(),
              FRESH_MIN + "…" + FRESH_MAX));
    }
    boolean counts =
        type == FieldType.INTEGER || type == FieldType.NUMBER || type == FieldType.DURATION;
    if (kind != EntityKind.ITEM || !counts) {
      found.add(
          new SchemaViolation(
              Code.FRESHNESS_UNFIT,
              path + ".fresh",
              kind + " " + type,
              "INTEGER, NUMBER or DURATION of an ITEM"));
    }
  }
}
