package io.tidaldb.engine;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Durations in buckets that double, from 1 µs to 10 s and beyond.
///
/// **Threads.** Any thread records; readers see each bucket at some recent moment.
final class Histogram {

  /// Upper bounds are 2^i µs, i = 0 … 23 (8.4 s); the last bucket has no bound.
  static final int BUCKETS = 25;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongAdder sumNanos = new LongAdder();

  void record(long nanos) {
    long micros = Math.max(0, nanos - 1) / 1_000;
    int bucket = micros == 0 ? 0 : Math.min(BUCKETS - 1, 64 - Long.numberOfLeadingZeros(micros));
    counts.incrementAndGet(bucket);
    sumNanos.add(nanos);
  }

  /// Appends the histogram in the text format of Prometheus.
  void append(StringBuilder text, String name) {
    text.append("# TYPE ").append(name).append(" histogram\n");
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += counts.get(i);
      text.append(name).append("_bucket{le=\"");
      text.append(i == BUCKETS - 1 ? "+Inf" : String.valueOf((1L << i) / 1e6));
      text.append("\"} ").append(total).append('\n');
    }
    text.append(name).append("_sum ").append(sumNanos.sum() / 1e9).append('\n');
    text.append(name).append("_count ").append(total).append('\n');
  }
}
