package io.tidaldb.query;

import java.util.LinkedHashMap;
import java.util.Map;

/// Microseconds per stage. The only clock that a query reads, and only for its statistics.
final class Stopwatch {

  private final long start = System.nanoTime();
  private final Map<String, Long> micros = new LinkedHashMap<>();
  private long last = start;

  /// Ends a stage.
  void stage(String name) {
    long now = System.nanoTime();
    micros.merge(name, (now - last) / 1_000, Long::sum);
    last = now;
  }

  /// All stages and the total.
  Map<String, Long> total() {
    micros.put("total", (System.nanoTime() - start) / 1_000);
    return micros;
  }
}
