package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.StorageException;
import java.nio.ByteBuffer;

/// The newest segment, open for appending. Writer thread; `end` and `capacity` may be read by any.
final class ActiveSegment implements AutoCloseable {

  private final Volume volume;
  private final String name;
  private final long firstPosition;
  private final VolumeFile file;
  private final FrameSum frames;
  private volatile long end;
  private volatile long capacity;
  private boolean closed;

  /// Opens a segment of which recovery, or its creation, says how it ends.
  ActiveSegment(Volume volume, String name, long firstPosition, LogWalk.NewestEnd state) {
    this.volume = volume;
    this.name = name;
    this.firstPosition = firstPosition;
    this.frames = state.frames();
    this.end = state.offset();
    this.closed = state.closed();
    this.file = volume.open(name, Volume.OpenMode.WRITE);
    this.capacity = file.size();
  }

  String name() {
    return name;
  }

  long firstPosition() {
    return firstPosition;
  }

  long end() {
    return end;
  }

  long capacity() {
    return capacity;
  }

  /// Whether it has its trailer already, so that only a rotation is possible.
  boolean closed() {
    return closed;
  }

  /// Whether it has no frame.
  boolean empty() {
    return !closed && end == FrameHeader.SIZE;
  }

  /// Whether a frame fits and still leaves room for the trailer.
  boolean fits(int frameBytes) {
    return !closed && end + frameBytes + SegmentTrailer.SIZE <= capacity;
  }

  /// Writes a frame behind the last.
  void write(ByteBuffer frame, int headerCrc) {
    long begin = end;
    int bytes = frame.remaining();
    file.write(frame, begin);
    end = begin + bytes;
    frames.add(headerCrc);
  }

  /// Makes the frames durable.
  void sync() {
    file.sync(false);
  }

  /// Fills with zeros up to a size; what is there stays.
  ///
  /// @throws StorageException with `NOT_WRITTEN` if there is no room
  void extend(long bytes) {
    if (bytes <= capacity) {
      return;
    }
    try {
      Zeros.write(file, capacity, bytes);
    } catch (StorageException e) {
      throw new StorageException(
          "extend segment", volume.describe(name), StorageException.Outcome.NOT_WRITTEN, e);
    }
    capacity = bytes;
  }

  /// Makes the new size durable after [#extend].
  void syncSize() {
    file.sync(true);
  }

  /// Cuts everything behind `bytes`, durably.
  void cut(long bytes) {
    file.truncate(bytes);
    file.sync(true);
    capacity = bytes;
  }

  /// Cuts unused space and writes the trailer, for which there is room. The frames are synced.
  Segment seal(long lastPosition, long receiveNanos, Checksum checksum) {
    var trailer = new SegmentTrailer(lastPosition, frames.frames(), receiveNanos, frames.value());
    if (!closed) {
      // The trailer's own place stays, so that writing it never needs a new block.
      file.truncate(end + SegmentTrailer.SIZE);
      file.write(trailer.bytes(checksum), end);
      file.sync(true);
      closed = true;
      capacity = end + SegmentTrailer.SIZE;
    }
    return new Segment(name, firstPosition, end + SegmentTrailer.SIZE, trailer);
  }

  @Override
  public void close() {
    file.close();
  }
}
