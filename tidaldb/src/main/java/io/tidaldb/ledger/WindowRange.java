package io.tidaldb.ledger;

import io.tidaldb.schema.Window;

/// The buckets that a window holds at one moment: for each granule the first and the last number,
/// none if last < first.
///
/// @param firstMinute first minute since 1970
/// @param lastMinute last minute
/// @param firstHour first hour
/// @param lastHour last hour
/// @param firstDay first day
/// @param lastDay last day
public record WindowRange(
    long firstMinute, long lastMinute, long firstHour, long lastHour, long firstDay, long lastDay) {

  private static final long NEVER = Long.MAX_VALUE / 2;

  /// The range of a finite window read at a time.
  public static WindowRange of(Window window, long at) {
    return switch (window) {
      case ONE_HOUR -> minutes(at / Granule.MINUTE_NANOS);
      case TWENTY_FOUR_HOURS, SEVEN_DAYS -> hours(at / Granule.HOUR_NANOS, window.buckets());
      case THIRTY_DAYS -> days(at / Granule.DAY_NANOS, window.buckets());
      case ALL_TIME -> throw new IllegalArgumentException("no buckets hold all time");
    };
  }

  /// Everything from an hour on that stands in minutes or hours.
  static WindowRange hoursFrom(long first) {
    return new WindowRange(first * 60, NEVER, first, NEVER, 0, -1);
  }

  private static WindowRange minutes(long now) {
    return new WindowRange(now - 59, now, 0, -1, 0, -1);
  }

  private static WindowRange hours(long now, int count) {
    long first = now - count + 1;
    return new WindowRange(first * 60, now * 60 + 59, first, now, 0, -1);
  }

  private static WindowRange days(long now, int count) {
    long first = now - count + 1;
    long firstHour = first * 24;
    long lastHour = now * 24 + 23;
    return new WindowRange(firstHour * 60, lastHour * 60 + 59, firstHour, lastHour, first, now);
  }
}
