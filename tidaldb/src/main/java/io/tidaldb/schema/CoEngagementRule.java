package io.tidaldb.schema;

import java.time.Duration;

/// What co-engagement keeps: part of the [Schema].
///
/// @param capacity edges kept, 1 … 16,777,216; the least leaves before another enters
/// @param window distinct positive items of a user that a new one is tied to, 2 … 200
/// @param halfLife after which a piece of evidence counts half, 1 hour … 3,650 days
public record CoEngagementRule(int capacity, int window, Duration halfLife) {

  /// 1,000,000 edges, windows of 50, 30 days.
  public static final CoEngagementRule STANDARD =
      new CoEngagementRule(1_000_000, 50, Duration.ofDays(30));

  /// The greatest capacity.
  public static final int CAPACITY_MAX = 1 << 24;

  static final int WINDOW_MIN = 2;
  static final int WINDOW_MAX = 200;
  static final Duration HALF_LIFE_MIN = Duration.ofHours(1);
  static final Duration HALF_LIFE_MAX = Duration.ofDays(3_650);

  /// The same rule with another capacity.
  public CoEngagementRule capacity(int edges) {
    return new CoEngagementRule(edges, window, halfLife);
  }

  /// The same rule with another window.
  public CoEngagementRule window(int items) {
    return new CoEngagementRule(capacity, items, halfLife);
  }

  /// The same rule with another half-life.
  public CoEngagementRule halfLife(Duration given) {
    return new CoEngagementRule(capacity, window, given);
  }
}
