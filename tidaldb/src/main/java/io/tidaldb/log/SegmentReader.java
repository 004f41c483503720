package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A walk over the frames of one segment: `while (reader.next()) … reader.events()`, then look at
/// what stands where no frame follows.
final class SegmentReader implements AutoCloseable {

  /// What stands behind the last frame.
  enum End {
    /// Only zeros, or nothing.
    ZEROS,
    /// A trailer that agrees with the frames, then only zeros or nothing.
    TRAILER,
    /// Anything else.
    BAD
  }

  private final VolumeFile file;
  private final FileWindow window;
  private final Checksum checksum;
  private final FrameSum frames;
  private final String where;
  private long offset = FrameHeader.SIZE;
  private long expected;
  private long receiveNanos;
  private @Nullable FrameHeader frame;

  SegmentReader(Volume volume, Segment segment, StoreId store) {
    file = volume.open(segment.name(), Volume.OpenMode.READ);
    where = volume.describe(segment.name());
    window = new FileWindow(file, where);
    checksum = Checksum.of(store);
    frames = new FrameSum(store);
    expected = segment.firstPosition();
  }

  /// Moves over the next frame; false if none that is whole, valid and expected begins here.
  boolean next() {
    frame = null;
    if (offset + FrameHeader.SIZE > window.size()) {
      return false;
    }
    int head = window.at(offset, FrameHeader.SIZE);
    var header = FrameHeader.read(window.buffer(), head, checksum, where, offset);
    if (header == null
        || header.firstPosition() != expected
        || offset + header.frameBytes() > window.size()) {
      return false;
    }
    int payload = window.at(offset, header.frameBytes()) + FrameHeader.SIZE;
    if (checksum.over(window.buffer(), payload, header.payloadBytes()) != header.payloadCrc()) {
      return false;
    }
    frame = header;
    offset += header.frameBytes();
    expected = header.lastPosition() + 1;
    receiveNanos = header.receiveNanos();
    frames.add(header.headerCrc());
    return true;
  }

  /// The header of the frame that [#next] moved over.
  FrameHeader frame() {
    if (frame == null) {
      throw new IllegalStateException("no frame here");
    }
    return frame;
  }

  /// The events of the frame that [#next] moved over.
  List<Event> events() {
    var header = frame();
    long begin = offset - header.payloadBytes();
    int index = window.at(begin, header.payloadBytes());
    var in = window.buffer().duplicate();
    in.limit(index + header.payloadBytes()).position(index);
    var events = new ArrayList<Event>(header.events());
    for (int i = 0; i < header.events(); i++) {
      events.add(EventCodec.decode(in, where, begin + in.position() - index));
    }
    if (in.hasRemaining()) {
      throw corrupt(
          "frame is longer than its events", "no further byte", in.remaining() + " bytes");
    }
    return events;
  }

  /// Where the next frame would begin.
  long offset() {
    return offset;
  }

  /// The position that the next frame would begin with.
  long expected() {
    return expected;
  }

  /// The receive time of the last frame, 0 if there was none.
  long receiveNanos() {
    return receiveNanos;
  }

  /// Number and sum of the frames so far.
  FrameSum frames() {
    return frames;
  }

  /// What stands here.
  End end() {
    long nonZeroBytes = nonZeroBytes();
    if (nonZeroBytes == 0) {
      return End.ZEROS;
    }
    var trailer = trailer();
    return trailer != null && nonZeroBytes <= SegmentTrailer.SIZE && agrees(trailer)
        ? End.TRAILER
        : End.BAD;
  }

  /// The trailer that begins here, or null.
  @Nullable SegmentTrailer trailer() {
    if (offset + SegmentTrailer.SIZE > window.size()) {
      return null;
    }
    int index = window.at(offset, SegmentTrailer.SIZE);
    return SegmentTrailer.read(window.buffer(), index, checksum, where);
  }

  /// Whether a trailer describes the frames that were read.
  boolean agrees(SegmentTrailer trailer) {
    return trailer.lastPosition() == expected - 1
        && trailer.frames() == frames.frames()
        && trailer.framesCrc() == frames.value();
  }

  /// Bytes from here up to the last one in the file that is not zero.
  long nonZeroBytes() {
    return window.lastNonZero(offset, window.size()) + 1 - offset;
  }

  /// The offset of a frame, here or later, that says the expected position was durable; −1 if none
  /// does. A whole header is enough: only the writer can have made it, whatever became of the
  /// payload.
  long proofOfDurability() {
    for (long at = offset; at + FrameHeader.SIZE <= window.size(); at += 8) {
      int index = window.at(at, FrameHeader.SIZE);
      if (!FrameHeader.mayBeginAt(window.buffer(), index)) {
        continue;
      }
      var header = FrameHeader.read(window.buffer(), index, checksum, where, at);
      if (header != null && header.durablePosition() >= expected) {
        return at;
      }
    }
    return -1;
  }

  /// Something is wrong where the next frame would begin.
  CorruptionException corrupt(String what, String should, String actual) {
    return new CorruptionException(what, where, offset, expected, should, actual);
  }

  @Override
  public void close() {
    file.close();
  }
}
