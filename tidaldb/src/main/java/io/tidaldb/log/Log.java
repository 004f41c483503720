package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log: frames of events in segments, appended by one writer.
///
/// A failed write or sync is final: the log refuses further use, and reopening is the only way on.
/// A failure with `NOT_WRITTEN` is not: nothing was written, and the same call may succeed later.
///
/// **Threads.**
///
/// | Call | Thread |
/// |---|---|
/// | [#append], [#sync] | the writer |
/// | [#prepareNext] | one in the background; the writer waits for it if it needs the segment |
/// | [#cut] | the checkpointer |
/// | positions, sizes | any: each number is whole, two need not be of one moment |
public final class Log implements AutoCloseable {

  private final Volume volume;
  private final LogOptions options;
  private final StoreId store;
  private final Checksum checksum;
  private final NextSegment next;
  private final Object cutting = new Object();

  /// Closed segments, oldest first; guarded by itself.
  private final Deque<Segment> closedSegments;

  private final long bytesCut;
  private final List<String> warnings;
  private volatile ActiveSegment active;
  private volatile long firstPosition;
  private volatile long lastPosition;
  private volatile long durablePosition;
  private volatile long lastReceiveNanos;
  private @Nullable Throwable failure;
  private boolean isClosed;

  Log(Volume volume, LogOptions options, StoreIdentity identity, Recovered recovered) {
    this.volume = volume;
    this.options = options;
    this.store = identity.store();
    this.checksum = Checksum.of(store);
    this.next = recovered.next();
    this.closedSegments = new ArrayDeque<>(recovered.closedSegments());
    this.active = recovered.active();
    this.firstPosition =
        closedSegments.isEmpty()
            ? active.firstPosition()
            : closedSegments.getFirst().firstPosition();
    this.lastPosition = recovered.lastPosition();
    this.durablePosition = lastPosition;
    this.lastReceiveNanos = recovered.receiveNanos();
    this.bytesCut = recovered.bytesCut();
    this.warnings = List.copyOf(recovered.warnings());
  }

  /// An empty log; the first position is 1.
  public static Log create(Volume volume, LogOptions options, StoreIdentity identity) {
    return new LogRecovery(volume, options, identity).create();
  }

  /// Opens a log: checks its segments, hands out the frames with a last position of at least
  /// [RecoveryHints#replayFrom], judges the end, cuts a torn tail, and syncs what it keeps.
  ///
  /// @throws CorruptionException if bytes are not what was written; then nothing was changed
  public static Log open(
      Volume volume,
      LogOptions options,
      StoreIdentity identity,
      RecoveryHints hints,
      FrameConsumer replay) {
    return new LogRecovery(volume, options, identity).open(hints, replay);
  }

  /// Bytes of a torn tail that opening has cut.
  public long bytesCut() {
    return bytesCut;
  }

  /// What opening has found worth saying.
  public List<String> warnings() {
    return warnings;
  }

  /// The oldest position that the log holds, or will hold while it is empty.
  public long firstPosition() {
    return firstPosition;
  }

  /// The newest position, one less than [#firstPosition] while the log is empty.
  public long lastPosition() {
    return lastPosition;
  }

  /// The newest position that a sync has covered.
  public long durablePosition() {
    return durablePosition;
  }

  /// Receive time of the newest frame, 0 if there is none.
  public long lastReceiveNanos() {
    return lastReceiveNanos;
  }

  /* --- appending --- */

  /// Writes the frame; its events get the positions after [#lastPosition]. Not synced.
  ///
  /// @throws StorageException with `NOT_WRITTEN` if a new segment is needed and there is no space;
  ///   anything else is final
  public void append(FrameEncoder frame, long receiveNanos) {
    checkUsable();
    int frameBytes = FrameHeader.SIZE + frame.payloadBytes();
    if (!active.fits(frameBytes)) {
      makeRoom(frameBytes);
    }
    long last = lastPosition;
    long receive = Math.max(receiveNanos, lastReceiveNanos);
    try {
      var bytes = frame.finish(last + 1, receive, durablePosition);
      active.write(bytes, frame.headerCrc());
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
    lastReceiveNanos = receive;
    lastPosition = last + frame.count();
  }

  /// Makes every frame durable.
  public void sync() {
    checkUsable();
    if (durablePosition == lastPosition) {
      return;
    }
    try {
      active.sync();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
    durablePosition = lastPosition;
  }

  private void makeRoom(int frameBytes) {
    long wanted =
        Math.max(options.segmentBytes(), FrameHeader.SIZE + frameBytes + SegmentTrailer.SIZE);
    if (active.empty()) {
      active.extend(wanted);
      try {
        active.syncSize();
      } catch (RuntimeException | Error e) {
        failure = e;
        throw e;
      }
      return;
    }
    var _ = next.prepare(wanted);
    if (!active.closed()) {
      active.extend(active.end() + SegmentTrailer.SIZE);
    }
    try {
      rotate();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private void rotate() {
    sync();
    var before = active;
    var sealed = before.seal(lastPosition, lastReceiveNanos, checksum);
    before.close();
    var name = StorePaths.segment(lastPosition + 1);
    next.publish(LogRecovery.header(store, lastPosition + 1, lastReceiveNanos), name);
    active = new ActiveSegment(volume, name, lastPosition + 1, LogRecovery.newSegment(store));
    // Only now is there a newer one, so only now may it be cut.
    synchronized (closedSegments) {
      closedSegments.addLast(sealed);
    }
  }

  /// Fills and syncs the next segment ahead of need; true if there was something to do.
  ///
  /// @throws StorageException with `NOT_WRITTEN` if there is no space; appending stays possible
  public boolean prepareNext() {
    return next.prepare(options.segmentBytes());
  }

  /// Whether the newest segment is half full and the next is not prepared.
  public boolean needsPreparation() {
    var segment = active;
    return !next.ready() && segment.end() > segment.capacity() / 2;
  }

  private void checkUsable() {
    if (isClosed) {
      throw new ClosedException("log");
    }
    if (failure != null) {
      throw new StorageException(
          "use the log after a failure",
          volume.describe(active.name()),
          StorageException.Outcome.UNKNOWN,
          failure);
    }
  }

  /* --- cutting --- */

  /// Deletes the oldest segments that end at or before a position, one at a time; never the newest.
  public CutReport cut(long upTo) {
    int deleted = 0;
    long freed = 0;
    synchronized (cutting) {
      for (var oldest = oldestClosed(); oldest != null; oldest = oldestClosed()) {
        if (oldest.lastPosition() > upTo) {
          break;
        }
        volume.delete(oldest.name());
        // One by one, or a crash could leave a gap.
        volume.syncDirectory(StorePaths.LOG);
        synchronized (closedSegments) {
          closedSegments.removeFirst();
        }
        firstPosition = oldest.lastPosition() + 1;
        deleted++;
        freed += oldest.bytes();
      }
      return new CutReport(deleted, freed, segments());
    }
  }

  private @Nullable Segment oldestClosed() {
    synchronized (closedSegments) {
      return closedSegments.peekFirst();
    }
  }

  /// What a cut has done.
  public record CutReport(int segmentsDeleted, long bytesFreed, int segmentsLeft) {}

  /* --- sizes --- */

  /// Bytes of all segments.
  public long bytes() {
    synchronized (closedSegments) {
      return closedSegments.stream().mapToLong(Segment::bytes).sum() + active.capacity();
    }
  }

  /// How many segments there are.
  public int segments() {
    synchronized (closedSegments) {
      return closedSegments.size() + 1;
    }
  }

  /// About how many bytes of log lie after a position.
  public long bytesBehind(long position) {
    var newest = active;
    long behind =
        share(newest.firstPosition(), lastPosition, newest.end() - FrameHeader.SIZE, position);
    synchronized (closedSegments) {
      for (var segment : closedSegments) {
        behind += share(segment.firstPosition(), segment.lastPosition(), segment.bytes(), position);
      }
    }
    return behind;
  }

  private static long share(long first, long last, long bytes, long position) {
    long events = last - first + 1;
    long after = Math.clamp(last - position, 0, Math.max(0, events));
    return events <= 0 ? 0 : (long) ((double) bytes * after / events);
  }

  /// Closes the files; the newest segment stays open-ended.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    active.close();
    next.close();
  }

  /// What opening hands to the log.
  record Recovered(
      List<Segment> closedSegments,
      ActiveSegment active,
      NextSegment next,
      long lastPosition,
      long receiveNanos,
      long bytesCut,
      List<String> warnings) {}
}
