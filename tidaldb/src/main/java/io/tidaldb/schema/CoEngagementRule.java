package io.tidaldb.schema;

import io.tidaldb.schema.SchemaViolation.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

  /// The longest window.
  public static final int WINDOW_MAX = 200;

  private static final int WINDOW_MIN = 2;
  private static final Duration HALF_LIFE_MIN = Duration.ofHours(1);
  private static final Duration HALF_LIFE_MAX = Duration.ofDays(3_650);

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

  /// Whether every number is in its range.
  public boolean isValid() {
    var found = new ArrayList<SchemaViolation>();
    check(found);
    return found.isEmpty();
  }

  /// Adds what it breaks.
  void check(List<SchemaViolation> found) {
    if (capacity < 1 || capacity > CAPACITY_MAX) {
      found.add(
          new SchemaViolation(
              Code.CAPACITY_OUT_OF_RANGE,
              "coEngagement.capacity",
              capacity + "",
              "1…" + CAPACITY_MAX));
    }
    if (window < WINDOW_MIN || window > WINDOW_MAX) {
      found.add(
          new SchemaViolation(
              Code.WINDOW_OUT_OF_RANGE,
              "coEngagement.window",
              window + "",
              WINDOW_MIN + "…" + WINDOW_MAX));
    }
    if (halfLife.compareTo(HALF_LIFE_MIN) < 0 || halfLife.compareTo(HALF_LIFE_MAX) > 0) {
      found.add(
          new SchemaViolation(
              Code.HALF_LIFE_OUT_OF_RANGE,
              "coEngagement.halfLife",
              halfLife.toString(),
              HALF_LIFE_MIN + "…" + HALF_LIFE_MAX));
    }
  }
}
