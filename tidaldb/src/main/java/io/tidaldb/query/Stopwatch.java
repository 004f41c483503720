package io.tidaldb.query;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Microseconds per stage. The only clock that a query reads, and only for its statistics.
final class Stopwatch {

  private final LongSupplier nanos;
  private final long start;
  private final Map<String, Long> micros = new LinkedHashMap<>();
  private long last;

  Stopwatch() {
    this(System::nanoTime);
  }

  /// @param nanos a clock that only goes forward
  Stopwatch(LongSupplier nanos) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.last = start;
  }

  /// How long ago it began.
  Duration elapsed() {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }

  /// Ends a stage.
  void stage(String name) {
    long now = nanos.getAsLong();
    micros.merge(name, (now - last) / 1_000, Long::sum);
    last = now;
  }

  /// All stages and the total.
  Map<String, Long> total() {
    micros.put("total", (nanos.getAsLong() - start) / 1_000);
    return micros;
  }
}
