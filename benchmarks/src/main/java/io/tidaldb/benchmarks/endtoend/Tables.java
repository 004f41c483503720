package io.tidaldb.benchmarks.endtoend;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/// Prints rows of Markdown tables.
final class Tables {

  private static final long MAX_NANOS = 600_000_000_000L;

  private Tables() {}

  static Histogram histogram() {
    return new Histogram(MAX_NANOS, 3);
  }

  static void header(String... cells) {
    row(cells);
    var rule = new String[cells.length];
    java.util.Arrays.fill(rule, "---");
    row(rule);
  }

  static void row(String... cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }

  /// p50, p99, p99.9 and maximum in microseconds.
  static String percentiles(Histogram nanos) {
    return String.format(
        Locale.ROOT,
        "%.1f / %.1f / %.1f / %.1f",
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3,
        nanos.getValueAtPercentile(99.9) / 1e3,
        nanos.getMaxValue() / 1e3);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
  }
}
