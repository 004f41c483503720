package io.tidaldb.ledger;

import io.tidaldb.schema.Window;
import java.util.Set;

/// The three grains of window buckets, and which of them an event of some age still stands in.
///
/// A *bucket key* is the granule above bit 40 and the number of granules since 1970 below: within a
/// pair, keys that fall go from the newest minute to the oldest day.
public final class Granule {

  public static final int DAY = 0;
  public static final int HOUR = 1;
  public static final int MINUTE = 2;

  public static final long MINUTE_NANOS = 60_000_000_000L;
  public static final long HOUR_NANOS = 60 * MINUTE_NANOS;
  public static final long DAY_NANOS = 24 * HOUR_NANOS;

  /// The level of a type without finite windows: nothing is kept in buckets.
  public static final int NOTHING = -1;

  /// The key of an event that no bucket keeps.
  public static final long GONE = -1;

  private static final int INDEX_BITS = 40;
  public static final long MINUTES_KEPT = 120;
  public static final long HOURS_KEPT = 192;
  public static final long DAYS_KEPT = 32;

  private Granule() {}

  /// How coarse buckets must get for the longest finite window: [#NOTHING], or 0 minutes, 1 hours,
  /// 2 days.
  public static int level(Set<Window> windows) {
    int level = NOTHING;
    for (var window : windows) {
      level =
          Math.max(
              level,
              switch (window) {
                case ONE_HOUR -> 0;
                case TWENTY_FOUR_HOURS, SEVEN_DAYS -> 1;
                case THIRTY_DAYS -> 2;
                case ALL_TIME -> NOTHING;
              });
    }
    return level;
  }

  /// The key of a bucket.
  public static long key(int granule, long index) {
    return (long) granule << INDEX_BITS | index;
  }

  /// The granule of a key.
  public static int granule(long key) {
    return (int) (key >>> INDEX_BITS);
  }

  /// The number of granules since 1970 of a key.
  public static long index(long key) {
    return key & ((1L << INDEX_BITS) - 1);
  }

  /// Where a minute stands when the newest event is of time `newest`; [#GONE] if nowhere.
  public static long placeOfMinute(long minute, long newest, int level) {
    if (level == NOTHING) {
      return GONE;
    }
    return newest / MINUTE_NANOS - minute < MINUTES_KEPT
        ? key(MINUTE, minute)
        : placeOfHour(minute / 60, newest, level);
  }

  private static long placeOfHour(long hour, long newest, int level) {
    if (level < 1) {
      return GONE;
    }
    return newest / HOUR_NANOS - hour < HOURS_KEPT
        ? key(HOUR, hour)
        : placeOfDay(hour / 24, newest, level);
  }

  private static long placeOfDay(long day, long newest, int level) {
    return level >= 2 && newest / DAY_NANOS - day < DAYS_KEPT ? key(DAY, day) : GONE;
  }
}
