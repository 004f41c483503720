package io.tidaldb.log;

import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.Volume;
import io.tidaldb.schema.CorruptionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pass over the segments, oldest first: checks frames, hands them out, judges the end. Changes
/// nothing.
///
/// | Found in the newest segment at the expected position | Verdict |
/// |---|---|
/// | only zeros to the end, or a trailer and the end | clean |
/// | a bad frame that neither a later frame, a generation, a view nor `CLEAN` proves durable | torn |
/// | a bad frame otherwise | corruption |
final class LogWalk {

  private final Volume volume;
  private final StoreId store;
  private final RecoveryHints hints;
  private final FrameConsumer consumer;
  private final Consumer<CorruptionException> findings;
  private long frames;
  private long events;
  private long lastPosition;
  private long receiveNanos;

  /// @param findings told what is wrong; may throw it
  LogWalk(
      Volume volume,
      StoreId store,
      RecoveryHints hints,
      FrameConsumer consumer,
      Consumer<CorruptionException> findings) {
    this.volume = volume;
    this.store = store;
    this.hints = hints;
    this.consumer = consumer;
    this.findings = findings;
  }

  /// Takes an older segment as its trailer describes it, without reading its frames.
  void skip(Segment segment) {
    var trailer = segment.trailer();
    if (trailer != null) {
      lastPosition = trailer.lastPosition();
      receiveNanos = trailer.receiveNanos();
    }
  }

  /// Reads an older segment, in which nothing may be wrong.
  void closed(Segment segment) {
    try (var reader = new SegmentReader(volume, segment, store)) {
      read(reader);
      var trailer = segment.trailer();
      if (trailer != null
          && (reader.offset() != segment.bytes() - SegmentTrailer.SIZE
              || !reader.agrees(trailer))) {
        findings.accept(
            reader.corrupt(
                "frame of a closed segment is damaged",
                "frames up to position " + trailer.lastPosition(),
                "no valid frame"));
      }
      skip(segment);
    } catch (CorruptionException e) {
      findings.accept(e);
      skip(segment);
    }
  }

  /// Reads the newest segment and says where and how it ends.
  NewestEnd newest(Segment segment) {
    lastPosition = segment.firstPosition() - 1;
    if (segment.headless()) {
      return headless(segment);
    }
    try (var reader = new SegmentReader(volume, segment, store)) {
      read(reader);
      lastPosition = reader.expected() - 1;
      var end = reader.end();
      boolean closed = end == SegmentReader.End.TRAILER;
      var tail = end == SegmentReader.End.BAD ? judge(segment, reader) : new Tail.Clean();
      checkHints(segment, reader);
      return new NewestEnd(reader.offset(), closed, tail, reader.frames());
    } catch (CorruptionException e) {
      findings.accept(e);
      return new NewestEnd(FrameHeader.SIZE, false, new Tail.Damaged(), new FrameSum(store));
    }
  }

  private void read(SegmentReader reader) {
    while (reader.next()) {
      var header = reader.frame();
      frames++;
      events += header.events();
      lastPosition = header.lastPosition();
      receiveNanos = header.receiveNanos();
      // Below that a checked frame is enough: every view holds its events already.
      if (header.lastPosition() >= hints.replayFrom()) {
        consumer.frame(header.firstPosition(), header.receiveNanos(), reader.events());
      }
    }
  }

  private Tail judge(Segment segment, SegmentReader reader) {
    long proof = reader.proofOfDurability();
    var known = knownDurable(reader.expected());
    if (proof >= 0) {
      throw reader.corrupt(
          "frame that was durable is damaged",
          "a valid frame, as the frame at offset " + proof + " says",
          "no valid frame");
    }
    if (known != null) {
      throw reader.corrupt(
          "frame that was durable is damaged", "a valid frame, as " + known, "no valid frame");
    }
    return new Tail.Torn(segment.name(), reader.offset(), reader.nonZeroBytes());
  }

  private NewestEnd headless(Segment segment) {
    var known = knownDurable(segment.firstPosition());
    if (known != null) {
      findings.accept(
          new CorruptionException(
              "segment has no header",
              volume.describe(segment.name()),
              0,
              segment.firstPosition(),
              "64 bytes, as " + known,
              segment.bytes() + " bytes"));
      return new NewestEnd(0, false, new Tail.Damaged(), new FrameSum(store));
    }
    return new NewestEnd(
        0, false, new Tail.Torn(segment.name(), 0, segment.bytes()), new FrameSum(store));
  }

  private @Nullable String knownDurable(long position) {
    if (hints.clean().isPresent()) {
      return "the store was closed cleanly";
    }
    return hints.knownPosition() >= position
        ? "a checkpoint or view knows position " + hints.knownPosition()
        : null;
  }

  private void checkHints(Segment segment, SegmentReader reader) {
    if (lastPosition < hints.knownPosition()) {
      throw reader.corrupt(
          "log ends before what a checkpoint or view knows",
          "position " + hints.knownPosition(),
          "end at position " + lastPosition + " in " + segment.name());
    }
    if (hints.clean().isPresent() && hints.clean().get().lastPosition() != lastPosition) {
      throw reader.corrupt(
          "log does not end where it was closed cleanly",
          "position " + hints.clean().get().lastPosition(),
          "end at position " + lastPosition + " in " + segment.name());
    }
  }

  long frames() {
    return frames;
  }

  long events() {
    return events;
  }

  long lastPosition() {
    return lastPosition;
  }

  long receiveNanos() {
    return receiveNanos;
  }

  /// Where the newest segment ends.
  ///
  /// @param offset the byte after its last frame; 0 if it has no header
  /// @param closed whether a trailer stands there
  /// @param tail the verdict
  /// @param frames number and sum of its frames
  record NewestEnd(long offset, boolean closed, Tail tail, FrameSum frames) {}
}
