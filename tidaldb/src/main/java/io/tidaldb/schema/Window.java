package io.tidaldb.schema;

import java.util.Optional;

/// A span of event time that ends at the read time, counted in whole granules.
///
/// With B(t) = floor(t / granule), a window of n buckets read at time t holds the events with B(t)
/// − n < B(event) ≤ B(t).
public enum Window {
  /// 60 minutes.
  ONE_HOUR("1h", 3_600, 60, 60),
  /// 24 hours.
  TWENTY_FOUR_HOURS("24h", 86_400, 3_600, 24),
  /// 168 hours.
  SEVEN_DAYS("7d", 604_800, 3_600, 168),
  /// 30 UTC days.
  THIRTY_DAYS("30d", 2_592_000, 86_400, 30),
  /// Every event there ever was.
  ALL_TIME("all", 0, 0, 0);

  private final String label;
  private final long seconds;
  private final long granuleSeconds;
  private final int buckets;

  Window(String label, long seconds, long granuleSeconds, int buckets) {
    this.label = label;
    this.seconds = seconds;
    this.granuleSeconds = granuleSeconds;
    this.buckets = buckets;
  }

  /// The window's name in queries: `1h`, `24h`, `7d`, `30d`, `all`.
  public String label() {
    return label;
  }

  /// Nominal length in seconds, the divisor of a velocity; 0 for [#ALL_TIME].
  public long seconds() {
    return seconds;
  }

  /// Length of one bucket in nanoseconds; 0 for [#ALL_TIME].
  public long granuleNanos() {
    return granuleSeconds * 1_000_000_000L;
  }

  /// How many buckets the window spans; 0 for [#ALL_TIME].
  public int buckets() {
    return buckets;
  }

  /// Whether the window has an end.
  public boolean isFinite() {
    return this != ALL_TIME;
  }

  /// The window with this label.
  public static Optional<Window> ofLabel(String label) {
    for (var window : values()) {
      if (window.label.equals(label)) {
        return Optional.of(window);
      }
    }
    return Optional.empty();
  }
}
