package io.tidaldb.engine;

import io.tidaldb.schema.TidalException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Records what time did to sessions: ends expired ones, drops archived ones, logs refusals. Nobody
/// waits for it: what has expired is refused, swept or not.
///
/// **Threads.** Any; one sweep at a time. The maintenance thread calls [#step] all the time.
final class SessionSweeper {

  private static final long JUMP_NANOS = Duration.ofHours(1).toNanos();
  private static final long REFUSALS_NANOS = Duration.ofSeconds(1).toNanos();

  private final Engine engine;
  private final PendingSessions known;
  private final long intervalNanos;

  private long sweptNanos;
  private long sweptClockNanos;
  private long loggedNanos;
  private volatile boolean clockJumped;

  SessionSweeper(Engine engine, PendingSessions known) {
    this.engine = engine;
    this.known = known;
    this.intervalNanos = engine.options().sessions().sweepInterval().toNanos();
    this.sweptNanos = System.nanoTime();
    this.sweptClockNanos = engine.nowNanos();
    this.loggedNanos = sweptNanos;
  }

  /// Whether the clock ran ahead of the process's time before the last sweep, which therefore was
  /// skipped.
  boolean clockJumped() {
    return clockJumped;
  }

  /// Does what is due; returns 0 if nothing was.
  synchronized int step() {
    long now = System.nanoTime();
    int done = 0;
    try {
      if (known.refusals().hasUnlogged() && now - loggedNanos >= REFUSALS_NANOS) {
        loggedNanos = now;
        done += logRefusals();
      }
      if (now - sweptNanos >= intervalNanos) {
        done += sweep();
      }
    } catch (TidalException busy) {
      Loggers.engine().debug("sessions will be looked at again", busy);
    }
    return done;
  }

  /// Logs every refusal that is not logged; how many events that took.
  synchronized int logRefusals() {
    if (!known.refusals().takeUnlogged()) {
      return 0;
    }
    int all = 0;
    try {
      int some;
      do {
        var logged = new AtomicInteger();
        var _ = engine.write(new SessionDrafts.LogRefusals(logged));
        some = logged.get();
        all += some;
      } while (some >= SessionDrafts.PER_DRAFT);
    } catch (RuntimeException failed) {
      known.refusals().retry();
      throw failed;
    }
    return all;
  }

  /// What must not be lost when the database closes.
  void lastStep() {
    try {
      var _ = logRefusals();
    } catch (TidalException stopped) {
      Loggers.engine().debug("refusals of the last second are not logged", stopped);
    }
  }

  /// Sweeps now; how many sessions ended.
  synchronized int sweep() {
    long now = System.nanoTime();
    long clock = engine.nowNanos();
    boolean jumped = clock - sweptClockNanos - (now - sweptNanos) > JUMP_NANOS;
    sweptNanos = now;
    sweptClockNanos = clock;
    clockJumped = jumped;
    if (jumped) {
      Loggers.engine().warn("clock jumped ahead: one sweep of sessions is skipped");
      return 0;
    }
    int ended = 0;
    boolean more;
    do {
      var expired = new AtomicInteger();
      var cut = new AtomicInteger();
      var _ = engine.write(new SessionDrafts.Sweep(expired, cut));
      ended += expired.get();
      // Once more: what has just ended may already have been kept long enough.
      more = expired.get() > 0;
    } while (more);
    return ended;
  }
}
