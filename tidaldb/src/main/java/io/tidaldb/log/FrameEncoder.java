package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.StoreIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// One frame under construction: a buffer that grows to what frames need and is used again for the
/// next.
///
/// `begin(); while (more && fits(event)) add(event);` and then [Log#append]. Confined to one
/// thread.
public final class FrameEncoder {

  private static final int BYTES_AT_FIRST = 64 << 10;

  private final Checksum checksum;
  private ByteBuffer buffer = allocate(BYTES_AT_FIRST);
  private int count;
  private int headerCrc;

  /// @param identity the store that the frames belong to
  public FrameEncoder(StoreIdentity identity) {
    checksum = Checksum.of(identity.store());
    begin();
  }

  /// Forgets what was added: the next frame begins.
  public void begin() {
    buffer.clear().position(FrameHeader.SIZE);
    count = 0;
  }

  /// Whether the event may join this frame; the first event of a frame always may.
  public boolean fits(Event event) {
    int size = EventCodec.aligned(EventCodec.encodedSize(event));
    return count < FrameHeader.EVENTS_MAX && payloadBytes() + size <= FrameHeader.PAYLOAD_BYTES_MAX;
  }

  /// Adds an event that [#fits]; one that cannot be encoded leaves the frame as it was.
  public void add(Event event) {
    int size = EventCodec.encodedSize(event);
    int begin = buffer.position();
    int end = begin + EventCodec.aligned(size);
    if (count == FrameHeader.EVENTS_MAX || end > FrameHeader.SIZE + FrameHeader.PAYLOAD_BYTES_MAX) {
      throw new IllegalStateException("event does not fit: count=" + count + " bytes=" + size);
    }
    reserve(end);
    try {
      EventCodec.encode(event, size, buffer);
    } catch (RuntimeException e) {
      buffer.position(begin);
      throw e;
    }
    if (buffer.position() != end) {
      throw new IllegalStateException("record is not as long as announced: event=" + event);
    }
    count++;
  }

  /// How many events were added.
  public int count() {
    return count;
  }

  /// The bytes of the records so far, each with its padding.
  public int payloadBytes() {
    return buffer.position() - FrameHeader.SIZE;
  }

  /// Completes the frame; the buffer is valid until [#begin].
  ByteBuffer finish(long firstPosition, long receiveNanos, long durablePosition) {
    if (count == 0) {
      throw new IllegalStateException("a frame has at least one event");
    }
    var times = new FrameHeader.FrameTimes(firstPosition, receiveNanos, durablePosition);
    headerCrc = FrameHeader.write(buffer, count, times, payloadBytes(), checksum);
    return buffer.duplicate().flip();
  }

  /// The header's checksum of the frame that was finished last.
  int headerCrc() {
    return headerCrc;
  }

  private void reserve(int bytes) {
    if (bytes <= buffer.capacity()) {
      return;
    }
    int capacity =
        Math.min(
            Math.max(bytes, 2 * buffer.capacity()),
            FrameHeader.SIZE + FrameHeader.PAYLOAD_BYTES_MAX);
    var grown = allocate(capacity);
    grown.put(buffer.flip());
    buffer = grown;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
