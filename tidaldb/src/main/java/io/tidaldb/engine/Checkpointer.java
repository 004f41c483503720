package io.tidaldb.engine;

import com.google.errorprone.annotations.Var;
import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.disk.Digest;
import io.tidaldb.log.Log;
import io.tidaldb.log.PageView;
import io.tidaldb.schema.CheckpointReceipt;
import io.tidaldb.schema.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Takes checkpoints without stopping writes: the writer only hands over the dirty pages between
/// two frames; writing, hashing, switching and cutting the log happen here.
///
/// **Threads.** One checkpoint at a time, guarded by this object's monitor; called by the
/// maintenance thread, by `checkpoint()` and by `close()`.
final class Checkpointer {

  private final Checkpoints checkpoints;
  private final Views views;
  private final EngineMeters meters;
  private final InstantSource clock;

  private volatile long position;
  private volatile long generation;
  private volatile long takenNanos = System.nanoTime();
  private volatile int failuresInARow;

  Checkpointer(Checkpoints checkpoints, Views views, EngineMeters meters, InstantSource clock) {
    this.checkpoints = checkpoints;
    this.views = views;
    this.meters = meters;
    this.clock = clock;
    checkpoints.generations().stream().findFirst().ifPresent(this::remember);
  }

  private void remember(CheckpointMeta meta) {
    position = meta.position();
    generation = meta.generation();
  }

  /// The position of the newest generation, 0 if there is none.
  long position() {
    return position;
  }

  /// The position of the older generation, 0 if there are not two.
  long oldestPosition() {
    return checkpoints.safeCutPosition();
  }

  long generation() {
    return generation;
  }

  /// Nanoseconds since the last checkpoint, or since the database was opened.
  long ageNanos() {
    return System.nanoTime() - takenNanos;
  }

  int failuresInARow() {
    return failuresInARow;
  }

  private record Frozen(long position, List<Checkpoints.Frozen> views) {
    long pages() {
      return views.stream().mapToLong(view -> view.pages().count()).sum();
    }

    void abandoned() {
      views.forEach(view -> view.pages().abandoned());
    }
  }

  /// Takes a checkpoint and cuts the log behind the older generation.
  ///
  /// @param barrier runs an action on the writer thread when everything submitted before is
  ///   applied, and waits for it
  /// @param applied the applied position, read inside the barrier
  synchronized CheckpointReceipt take(
      Consumer<Runnable> barrier, java.util.function.LongSupplier applied, LogCut cut) {
    long began = System.nanoTime();
    var slot = new ArrayList<Frozen>(1);
    @Var boolean isHandedOver = false;
    try {
      barrier.accept(
          () -> {
            long pauseBegan = System.nanoTime();
            slot.add(freeze(applied.getAsLong()));
            meters.checkpointPauseSeconds.record(System.nanoTime() - pauseBegan);
          });
      var frozen = slot.getFirst();
      var time = Timestamp.now(clock);
      var fingerprint = fingerprint();
      isHandedOver = true;
      var meta = checkpoints.write(frozen.position, time, fingerprint, frozen.views);
      remember(meta);
      takenNanos = System.nanoTime();
      failuresInARow = 0;
      meters.checkpoints.increment();
      meters.checkpointBytes.add(meta.bytes());
      meters.checkpointSeconds.record(System.nanoTime() - began);
      var report = cut.upTo(checkpoints.safeCutPosition());
      meters.segmentsDeleted.add(report.segmentsDeleted());
      return new CheckpointReceipt(
          meta.generation(),
          meta.position(),
          frozen.pages(),
          checkpoints.lastBytes(),
          report.segmentsDeleted(),
          report.bytesFreed(),
          report.segmentsLeft());
    } catch (Throwable failure) {
      if (!isHandedOver) {
        slot.forEach(Frozen::abandoned);
      }
      failuresInARow++;
      meters.checkpointFailures.increment();
      throw failure;
    }
  }

  /// Freezes all views or none: what one view or the storage refuses, the others take back, so that
  /// the next attempt finds every changed page again.
  private Frozen freeze(long at) {
    var frozen = new Frozen(at, new ArrayList<>());
    try {
      for (PageView view : views.pages()) {
        frozen.views.add(new Checkpoints.Frozen(view, view.freeze(false)));
      }
      views.rows().forEach(view -> view.mark(at));
      return frozen;
    } catch (Throwable failure) {
      frozen.abandoned();
      throw failure;
    }
  }

  private Digest fingerprint() {
    return views.vocabulary().fingerprint();
  }

  /// Cuts the log behind a position that no generation needs any more.
  interface LogCut {
    Log.CutReport upTo(long safePosition);
  }
}
