package io.tidaldb.engine;

/// How many events left the queue in about the last second: two half-second counters that take
/// turns.
///
/// **Threads.** The writer adds; callers read a value that may be half a second old.
final class DrainRate {

  private static final long HALF_NANOS = 500_000_000L;

  private long halfStart = System.nanoTime();
  private long current;
  private volatile long previous;
  private volatile long latest;

  void add(int count) {
    long now = System.nanoTime();
    if (now - halfStart >= HALF_NANOS) {
      previous = now - halfStart >= 2 * HALF_NANOS ? 0 : current;
      current = 0;
      halfStart = now;
    }
    current += count;
    latest = current;
  }

  long perSecond() {
    return previous + latest;
  }
}
