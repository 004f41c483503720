package io.tidaldb.log;

import io.tidaldb.disk.FileHeader;
import io.tidaldb.disk.FileKind;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.schema.CorruptionException;
import java.util.List;

/// Opens a log after whatever happened to it. May itself be stopped between any two operations and
/// repeated: until the end is judged nothing is changed, and afterwards each step leaves a state
/// that gives the same verdict again.
final class LogRecovery {

  private final Volume volume;
  private final LogOptions options;
  private final StoreIdentity identity;
  private final StoreId store;

  LogRecovery(Volume volume, LogOptions options, StoreIdentity identity) {
    this.volume = volume;
    this.options = options;
    this.identity = identity;
    this.store = identity.store();
  }

  /// A segment that holds a header and nothing else.
  static LogWalk.NewestEnd newSegment(StoreId store) {
    return new LogWalk.NewestEnd(FrameHeader.SIZE, false, new Tail.Clean(), new FrameSum(store));
  }

  static FileHeader header(StoreId store, long firstPosition, long createdNanos) {
    return new FileHeader(FileKind.SEGMENT, store, firstPosition, createdNanos, 0);
  }

  Log create() {
    if (!SegmentList.names(volume).isEmpty()) {
      throw new IllegalStateException("a log exists: directory=" + volume.describe(StorePaths.LOG));
    }
    volume.createDirectory(StorePaths.LOG);
    volume.syncDirectory(VolumeName.ROOT);
    var next = new NextSegment(volume);
    var active = publish(next, 1, 0);
    return log(new Log.Recovered(List.of(), active, next, 0, 0, 0, List.of()));
  }

  Log open(RecoveryHints hints, FrameConsumer replay) {
    var segments = new SegmentList(volume, store, LogRecovery::refuse).read();
    if (segments.isEmpty()) {
      return openWithoutSegments(hints);
    }
    if (segments.getFirst().firstPosition() > hints.replayFrom()) {
      throw new CorruptionException(
          "log begins too late",
          volume.describe(segments.getFirst().name()),
          -1,
          hints.replayFrom(),
          "first position at most " + hints.replayFrom(),
          Long.toString(segments.getFirst().firstPosition()));
    }
    var walk = new LogWalk(volume, store, hints, replay, LogRecovery::refuse);
    var older = List.copyOf(segments.subList(0, segments.size() - 1));
    for (var segment : older) {
      if (segment.lastPosition() < hints.replayFrom()) {
        walk.skip(segment);
      } else {
        walk.closed(segment);
      }
    }
    var newest = segments.getLast();
    return settle(older, newest, walk.newest(newest), walk);
  }

  /// A store whose creation was interrupted before its first segment had a name.
  private Log openWithoutSegments(RecoveryHints hints) {
    if (hints.knownPosition() > 0 || hints.replayFrom() > 1 || hints.clean().isPresent()) {
      throw new CorruptionException(
          "log is missing",
          volume.describe(StorePaths.LOG),
          -1,
          hints.replayFrom(),
          "segments up to position " + hints.knownPosition(),
          "none");
    }
    return create();
  }

  private Log settle(List<Segment> older, Segment newest, LogWalk.NewestEnd end, LogWalk walk) {
    volume.delete(StorePaths.NEXT_SEGMENT);
    var next = new NextSegment(volume);
    long bytesCut = 0;
    List<String> warnings = List.of();
    ActiveSegment active;
    if (end.tail() instanceof Tail.Torn torn) {
      Quarantine.keep(volume, torn);
      bytesCut = torn.bytes();
      warnings = List.of(warning(torn, walk.lastPosition()));
      active = cut(newest, end, next, walk);
    } else {
      active = new ActiveSegment(volume, newest.name(), newest.firstPosition(), end);
      settleClean(active);
    }
    // The name of the newest segment may only be in memory yet, as may its tail.
    volume.syncDirectory(StorePaths.LOG);
    return log(
        new Log.Recovered(
            older, active, next, walk.lastPosition(), walk.receiveNanos(), bytesCut, warnings));
  }

  private ActiveSegment cut(Segment newest, LogWalk.NewestEnd end, NextSegment next, LogWalk walk) {
    if (newest.headless()) {
      return publish(next, newest.firstPosition(), walk.receiveNanos());
    }
    var active = new ActiveSegment(volume, newest.name(), newest.firstPosition(), end);
    active.cut(end.offset());
    return active;
  }

  /// Finishes a rotation that was interrupted, and syncs.
  private static void settleClean(ActiveSegment active) {
    long closedBytes = active.end() + SegmentTrailer.SIZE;
    if (active.closed() && active.capacity() > closedBytes) {
      active.cut(closedBytes);
      return;
    }
    active.syncSize();
  }

  private ActiveSegment publish(NextSegment next, long firstPosition, long createdNanos) {
    var _ = next.prepare(options.segmentBytes());
    var name = StorePaths.segment(firstPosition);
    next.publish(header(store, firstPosition, createdNanos), name);
    return new ActiveSegment(volume, name, firstPosition, newSegment(store));
  }

  private Log log(Log.Recovered recovered) {
    return new Log(volume, options, identity, recovered);
  }

  private String warning(Tail.Torn torn, long lastPosition) {
    return "torn tail cut: file="
        + volume.describe(torn.file())
        + " offset="
        + torn.offset()
        + " bytes="
        + torn.bytes()
        + " lastPosition="
        + lastPosition
        + "; a copy is in "
        + volume.describe(StorePaths.QUARANTINE);
  }

  private static void refuse(CorruptionException finding) {
    throw finding;
  }
}
