package io.tidaldb.engine;

import io.tidaldb.cohort.Cohort;
import io.tidaldb.log.CohortEvent.Counted;
import io.tidaldb.log.Event;
import io.tidaldb.log.LogReader;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.TidalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/// Counts the earlier signals of cohorts that were defined late: reads the retained log up to the
/// definition and writes what members did in parts of at most 10,000 signals, each an event of its
/// own. The next part says how far the log was read, so whoever opens the store after a crash goes
/// on there.
///
/// What happened to an item before it was deleted, or by a user before the erasure, is not counted.
///
/// **Threads.** One thread of its own, started with the first work; [#wake] and [#stop] by any.
final class Backfills {

  private static final int PART_SIGNALS = 10_000;
  private static final long RETRY_NANOS = 10_000_000_000L;

  private final EngineParts parts;
  private final Consumer<Draft> write;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean woken;

  /// @param write writes a draft and waits for its answer
  Backfills(EngineParts parts, Consumer<Draft> write) {
    this.parts = parts;
    this.write = write;
    this.thread = Threads.named("backfill").newThread(this::run);
  }

  /// There may be work.
  synchronized void wake() {
    woken = true;
    if (thread.getState() == Thread.State.NEW && !stopped) {
      thread.start();
    }
    LockSupport.unpark(thread);
  }

  /// Ends the thread after the part it is in. May be called twice.
  void stop() {
    synchronized (this) {
      stopped = true;
    }
    LockSupport.unpark(thread);
    if (thread.getState() != Thread.State.NEW) {
      Threads.join(thread);
    }
  }

  /// The position up to which the log may be cut as far as work goes on here.
  static long pinned(Views views) {
    long pinned = Long.MAX_VALUE;
    for (var cohort : views.cohorts().definitions().all()) {
      if (cohort.isRunning()) {
        pinned = Math.min(pinned, cohort.progress().reached());
      }
    }
    return pinned;
  }

  private void run() {
    while (!stopped) {
      woken = false;
      var running =
          parts.views().cohorts().definitions().all().stream().filter(Cohort::isRunning).toList();
      if (running.isEmpty()) {
        if (!woken && !stopped) {
          LockSupport.park(this);
        }
        continue;
      }
      try {
        fill(running.getFirst());
      } catch (NotFoundException gone) {
        // Dropped meanwhile; the next look finds what is left.
        Loggers.engine().debug("a back-fill ended early", gone);
      } catch (TidalException | IllegalStateException failure) {
        if (!stopped) {
          Loggers.engine().warn("a back-fill failed and will be tried again", failure);
          LockSupport.parkNanos(this, RETRY_NANOS);
        }
      } catch (Stopped stop) {
        return;
      }
    }
  }

  /// Ends a walk over the log before its end.
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  private void fill(Cohort cohort) {
    if (parts.volume().isEmpty()) {
      // Nothing is retained.
      write.accept(
          new CohortDraft.Backfill(cohort.number(), 0, cohort.position() - 1, true, List.of()));
      return;
    }
    var filling = new Filling(cohort);
    if (cohort.progress().parts() == 0) {
      filling.begin();
    }
    filling.learnEnds();
    filling.count();
  }

  /// One cohort's walk over the log.
  private final class Filling {
    private final Cohort cohort;
    private final Views views = parts.views();
    private final RoaringBitmap members;
    private final Map<Long, Long> itemEnds = new HashMap<>();
    private final Map<Long, Long> creatorEnds = new HashMap<>();
    private final Map<Long, Long> userEnds = new HashMap<>();
    private final List<Counted> signals = new ArrayList<>();
    private int part;
    private long reached;

    Filling(Cohort cohort) {
      this.cohort = cohort;
      members = views.cohorts().definitions().members(cohort.number());
      part = cohort.progress().parts();
      reached = cohort.progress().reached();
    }

    /// The first part is empty and says where the log begins.
    void begin() {
      long[] first = {cohort.position()};
      walk(
          0,
          (position, event) -> {
            first[0] = position;
            return false;
          });
      reached = first[0] - 1;
      send(false);
    }

    /// Where lives ended: what they were before is not counted.
    void learnEnds() {
      walk(
          reached,
          (position, event) -> {
            switch (event) {
              case Event.EntityDeleted deleted -> ends(deleted.kind()).put(deleted.id(), position);
              case Event.UserErased erased -> userEnds.put(erased.user(), position);
              default -> {}
            }
            return true;
          });
    }

    void count() {
      walk(
          reached,
          (position, event) -> {
            if (event instanceof Event.SignalRecorded signal && counts(position, signal)) {
              signals.add(
                  new Counted(
                      signal.type(),
                      signal.kind(),
                      signal.entity(),
                      signal.weight(),
                      signal.time()));
            }
            if (signals.size() == PART_SIGNALS) {
              reached = position;
              send(false);
            }
            return true;
          });
      reached = cohort.position();
      send(true);
    }

    private boolean counts(long position, Event.SignalRecorded signal) {
      if (!signal.hasUser()) {
        return false;
      }
      int user = views.slots().slot(EntityKind.USER, signal.user());
      return user >= 0
          && members.contains(user)
          && userEnds.getOrDefault(signal.user(), 0L) < position
          && ends(signal.kind()).getOrDefault(signal.entity(), 0L) < position;
    }

    private Map<Long, Long> ends(EntityKind kind) {
      return switch (kind) {
        case ITEM -> itemEnds;
        case CREATOR -> creatorEnds;
        case USER -> userEnds;
      };
    }

    private void send(boolean last) {
      write.accept(
          new CohortDraft.Backfill(cohort.number(), part++, reached, last, List.copyOf(signals)));
      signals.clear();
    }

    /// Walks the events behind a position up to the definition, until the step has enough.
    private void walk(long after, Step step) {
      try {
        var _ =
            LogReader.scan(
                parts.volume().orElseThrow(),
                java.util.Optional.of(parts.identity()),
                after + 1,
                (first, receiveNanos, events) -> frame(after, first, events, step));
      } catch (Enough enough) {
        return;
      }
    }

    private void frame(long after, long first, List<Event> events, Step step) {
      if (stopped) {
        throw new Stopped();
      }
      for (int i = 0; i < events.size(); i++) {
        long position = first + i;
        if (position >= cohort.position()) {
          throw new Enough();
        }
        if (position > after && !step.event(position, events.get(i))) {
          throw new Enough();
        }
      }
    }
  }

  /// Takes an event.
  private interface Step {
    /// Whether the walk goes on.
    boolean event(long position, Event event);
  }

  /// Ends a walk that has found what it looked for.
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super(null, null, false, false);
    }
  }
}
