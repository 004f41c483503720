package io.tidaldb.engine;

import io.tidaldb.log.Log;
import io.tidaldb.schema.CheckpointReceipt;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.StorageException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Background work on one thread: prepares the next log segment, takes checkpoints when they are
/// due, cuts the log, looks after sessions.
///
/// **Threads.** [#step] runs on the maintenance thread; [#checkpoint] may be called by any thread
/// and takes turns with it. A failed checkpoint changes nothing, is counted, and is tried again at
/// the next interval.
final class Maintenance {

  private static final long IDLE_NANOS = 20_000_000L;

  private final Optional<Checkpointer> checkpointer;
  private final Optional<Log> log;
  private final Views views;
  private final EngineOptions options;
  private final Consumer<Runnable> barrier;
  private final Writer writer;
  private final Purge purge;
  private final IntSupplier sessions;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean diskLow;
  private long attemptedNanos = System.nanoTime();

  /// @param sessions does what is due for sessions; returns 0 if nothing was
  Maintenance(
      EngineParts parts,
      EngineOptions options,
      Consumer<Runnable> barrier,
      Writer writer,
      IntSupplier sessions) {
    this.checkpointer =
        parts
            .checkpoints()
            .map(c -> new Checkpointer(c, parts.views(), parts.meters(), options.clock()));
    this.log =
        parts.journal() instanceof DurableJournal durable
            ? Optional.of(durable.log())
            : Optional.empty();
    this.purge = new Purge(parts.views().erasures(), parts.backend(), parts.volume().isEmpty());
    this.views = parts.views();
    this.options = options;
    this.barrier = barrier;
    this.writer = writer;
    this.sessions = sessions;
    this.thread = Threads.named("maintenance").newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /// Ends the thread after the step it is in. May be called twice.
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    if (thread.getState() != Thread.State.NEW) {
      Threads.join(thread);
    }
  }

  private void run() {
    while (!stopped) {
      try {
        if (writer.failure() != null) {
          return;
        }
        if (step() == 0) {
          LockSupport.parkNanos(this, IDLE_NANOS);
        }
      } catch (RuntimeException failure) {
        Loggers.engine().warn("background work failed and will be tried again", failure);
        LockSupport.parkNanos(this, IDLE_NANOS);
      } catch (Error fatal) {
        writer.stop(fatal);
        return;
      }
    }
  }

  /// Does one piece of work; returns 0 if there was none.
  int step() {
    int done = sessions.getAsInt();
    return log.isPresent() ? done + step(log.get()) : done;
  }

  private int step(Log theLog) {
    int done = 0;
    if (theLog.needsPreparation()) {
      done += prepare(theLog);
    }
    if (checkpointIsDue(theLog)) {
      attemptedNanos = System.nanoTime();
      var _ = checkpoint();
      done++;
    }
    return done;
  }

  private int prepare(Log theLog) {
    try {
      boolean prepared = theLog.prepareNext();
      diskLow = false;
      return prepared ? 1 : 0;
    } catch (StorageException noSpace) {
      if (noSpace.outcome() != StorageException.Outcome.NOT_WRITTEN) {
        throw noSpace;
      }
      diskLow = true;
      return 0;
    }
  }

  private boolean checkpointIsDue(Log theLog) {
    var taken = checkpointer.orElseThrow();
    long now = System.nanoTime();
    if (now - attemptedNanos < Math.min(options.checkpoints().interval().toNanos(), 1_000_000_000L)
        && taken.failuresInARow() > 0) {
      return false;
    }
    if (writer.appliedPosition() <= taken.position()) {
      return false;
    }
    return Math.min(taken.ageNanos(), now - attemptedNanos)
            >= options.checkpoints().interval().toNanos()
        || theLog.bytesBehind(taken.position()) >= options.checkpoints().logBytes();
  }

  /// Takes a checkpoint now.
  CheckpointReceipt checkpoint() {
    var taken =
        checkpointer.orElseThrow(
            () ->
                new InvalidRequestException(
                    "EPHEMERAL", "an ephemeral database has no checkpoints; give it a directory"));
    var theLog = log.orElseThrow();
    try {
      var receipt =
          taken.take(
              barrier,
              writer::appliedPosition,
              upTo -> theLog.cut(Math.min(upTo, Backfills.pinned(views))));
      purge(Math.min(taken.oldestPosition(), theLog.firstPosition() - 1));
      return receipt;
    } catch (Error fatal) {
      writer.stop(fatal);
      throw fatal;
    }
  }

  /// What cannot be purged now is purged after the next checkpoint.
  private synchronized void purge(long retained) {
    try {
      purge.after(retained);
    } catch (RuntimeException failure) {
      Loggers.engine().warn("purging erased users failed and will be tried again", failure);
    }
  }

  Purge purge() {
    return purge;
  }

  /// The checkpoint of a clean close, if anything happened since the last one.
  void finalCheckpoint() {
    if (checkpointer.isPresent() && writer.mayHaveWorkBeyond(checkpointer.get().position())) {
      var _ = checkpoint();
    }
  }

  Optional<Checkpointer> checkpointer() {
    return checkpointer;
  }

  Optional<Log> log() {
    return log;
  }

  boolean diskLow() {
    return diskLow;
  }
}
