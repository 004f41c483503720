package io.tidaldb.testing;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// An injector that counts and, at the nth arrival at one crash point, stops the world. Once it has
/// fired, every further arrival at any point stops too: the other threads of a stopped world do not
/// go on.
///
/// **Threads.** Any; arrivals are counted atomically.
public final class Crashes implements CrashInjector {

  private static final int KILLED = 137;

  private final Map<CrashPoint, Long> hits = new ConcurrentHashMap<>();
  private final @Nullable CrashPoint point;
  private final long nth;
  private final boolean halt;
  private volatile boolean fired;

  private Crashes(@Nullable CrashPoint point, long nth, boolean halt) {
    if (nth < 1) {
      throw new IllegalArgumentException("arrivals count from 1: nth=" + nth);
    }
    this.point = point;
    this.nth = nth;
    this.halt = halt;
  }

  /// Throws [SimulatedCrash] at the nth arrival, counted from 1.
  public static Crashes at(CrashPoint point, long nth) {
    return new Crashes(point, nth, false);
  }

  /// Halts the process with 137 at the nth arrival, as a kill would: no handlers, no shutdown
  /// hooks. For children.
  public static Crashes haltAt(CrashPoint point, long nth) {
    return new Crashes(point, nth, true);
  }

  /// Only counts.
  public static Crashes counting() {
    return new Crashes(null, 1, false);
  }

  @Override
  public void reached(CrashPoint reached) {
    long count = hits.merge(reached, 1L, Long::sum);
    if (reached == point && count == nth) {
      fired = true;
      if (halt) {
        Runtime.getRuntime().halt(KILLED);
      }
    }
    if (fired) {
      throw new SimulatedCrash(reached + " arrival=" + count);
    }
  }

  /// How often a point was reached, the fatal arrival included.
  public long hits(CrashPoint of) {
    return hits.getOrDefault(of, 0L);
  }

  /// Whether the world was stopped.
  public boolean fired() {
    return fired;
  }
}
