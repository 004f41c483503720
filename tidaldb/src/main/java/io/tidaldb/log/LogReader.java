package io.tidaldb.log;

import io.tidaldb.disk.FileHeader;
import io.tidaldb.disk.FileKind;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.Volume;
import io.tidaldb.schema.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A walk over a log that changes no byte: for `dump`, `verify` and the dry run of recovery.
public final class LogReader {

  private LogReader() {}

  /// Reads every segment, checks every frame and hands out those with a last position of at least
  /// `from`.
  ///
  /// @param id the store, or empty to believe the oldest segment
  public static Scan scan(
      Volume volume, Optional<StoreIdentity> id, long from, FrameConsumer consumer) {
    var hints = new RecoveryHints(from, 0, Optional.empty());
    var store = id.map(StoreIdentity::store).or(() -> oldestStore(volume));
    return store.isEmpty()
        ? new Scan(0, 0, 0, 1, 0, 0, new Tail.Clean(), List.of())
        : scan(volume, store.get(), hints, consumer);
  }

  /// As [#scan(Volume, Optional, long, FrameConsumer)], judging the end with what the store knows,
  /// as opening would.
  public static Scan scan(
      Volume volume, StoreIdentity identity, RecoveryHints hints, FrameConsumer consumer) {
    return scan(volume, identity.store(), hints, consumer);
  }

  private static Scan scan(
      Volume volume, StoreId store, RecoveryHints hints, FrameConsumer consumer) {
    var findings = new ArrayList<CorruptionException>();
    var segments = new SegmentList(volume, store, findings::add).read();
    var walk = new LogWalk(volume, store, hints, consumer, findings::add);
    var tail = tail(segments, walk);
    return new Scan(
        segments.size(),
        walk.frames(),
        walk.events(),
        segments.isEmpty() ? 1 : segments.getFirst().firstPosition(),
        walk.lastPosition(),
        walk.receiveNanos(),
        tail,
        List.copyOf(findings));
  }

  private static Tail tail(List<Segment> segments, LogWalk walk) {
    if (segments.isEmpty()) {
      return new Tail.Clean();
    }
    for (var segment : segments.subList(0, segments.size() - 1)) {
      if (!segment.headless()) {
        walk.closed(segment);
      }
    }
    return walk.newest(segments.getLast()).tail();
  }

  private static Optional<StoreId> oldestStore(Volume volume) {
    var names = SegmentList.names(volume);
    if (names.isEmpty()) {
      return Optional.empty();
    }
    try (var file = volume.open(names.getFirst(), Volume.OpenMode.READ)) {
      var place = volume.describe(names.getFirst());
      return Optional.of(FileHeader.read(file, place, FileKind.SEGMENT).store());
    }
  }

  /// What a walk has found.
  ///
  /// @param segments how many there are
  /// @param frames valid frames
  /// @param events events in them
  /// @param firstPosition the oldest position that the log holds
  /// @param lastPosition the newest, one less than `firstPosition` if it is empty
  /// @param lastReceiveNanos receive time of the last frame, 0 if there is none
  /// @param tail how it ends
  /// @param findings everything that is damaged
  public record Scan(
      int segments,
      long frames,
      long events,
      long firstPosition,
      long lastPosition,
      long lastReceiveNanos,
      Tail tail,
      List<CorruptionException> findings) {}
}
