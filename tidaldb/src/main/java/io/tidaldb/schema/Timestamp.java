package io.tidaldb.schema;

import java.time.Instant;
import java.time.InstantSource;

/// A moment: nanoseconds since 1970-01-01 UTC, 0 … 2^63-1 (the year 2262).
///
/// @param nanos nanoseconds since 1970, never negative
public record Timestamp(long nanos) implements Comparable<Timestamp> {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Instant LAST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

  /// @throws InvalidRequestException if `nanos` is negative
  public Timestamp {
    if (nanos < 0) {
      throw new InvalidRequestException(
          "TIMESTAMP_OUT_OF_RANGE", "timestamp lies before 1970: nanos=" + nanos);
    }
  }

  /// The moment `nanos` nanoseconds after 1970-01-01 UTC.
  public static Timestamp ofNanos(long nanos) {
    return new Timestamp(nanos);
  }

  /// The same moment, exactly.
  ///
  /// @throws InvalidRequestException if it lies before 1970 or after the year 2262
  public static Timestamp of(Instant instant) {
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST)) {
      throw new InvalidRequestException(
          "TIMESTAMP_OUT_OF_RANGE",
          "timestamp out of range: given="
              + instant
              + " earliest="
              + Instant.EPOCH
              + " latest="
              + LAST);
    }
    return new Timestamp(instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano());
  }

  /// The moment that the given clock shows.
  public static Timestamp now(InstantSource clock) {
    return of(clock.instant());
  }

  /// The same moment, exactly.
  public Instant toInstant() {
    return Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
  }

  @Override
  public int compareTo(Timestamp other) {
    return Long.compare(nanos, other.nanos);
  }

  /// ISO-8601 in UTC.
  @Override
  public String toString() {
    return toInstant().toString();
  }
}
