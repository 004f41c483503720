package io.tidaldb.query;

import java.time.Duration;

/// What counts as new and hardly shown.
///
/// @param age items of this age do not explore any more
/// @param impressions nor do items that were shown so often
public record ExplorationLimits(Duration age, int impressions) {

  /// A day, 200 impressions.
  public static final ExplorationLimits DEFAULT = new ExplorationLimits(Duration.ofHours(24), 200);
}
