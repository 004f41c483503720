package io.tidaldb.cli.demo;

import java.util.Arrays;

/// How long things took.
final class Latencies {

  private final long[] sorted;

  /// @param nanos how long each took
  Latencies(long[] nanos) {
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  /// How long each took, in nanoseconds, from the shortest.
  java.util.stream.LongStream stream() {
    return Arrays.stream(sorted);
  }

  /// How many there were.
  int count() {
    return sorted.length;
  }

  /// What so large a share took at most, in microseconds.
  double micros(double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e3;
  }

  /// `p50 12 µs, p99 40 µs`.
  @Override
  public String toString() {
    return "p50 " + show(micros(0.5)) + ", p99 " + show(micros(0.99));
  }

  private static String show(double micros) {
    return micros < 1_000 ? "%.0f µs".formatted(micros) : "%.1f ms".formatted(micros / 1e3);
  }
}
