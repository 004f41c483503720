package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The first 64 bytes of a frame: what it holds and what was durable when it was cut.
///
/// ```
///  0               4       6       8              12              16
///  +---------------+-------+-------+---------------+---------------+
///  | magic TDBF    | vers. | flags | payload bytes | event count   |
///  +---------------+-------+-------+---------------+---------------+  16
///  | first position                | receive time, nanos           |
///  +-------------------------------+---------------+---------------+  32
///  | durable position when cut     | region| shard | reserved      |
///  +-------------------------------+-------+-------+---------------+  48
///  | reserved                      | payload CRC   | header CRC    |
///  +-------------------------------+---------------+---------------+  64
/// ```
///
/// Both checksums run over the store id first, so a frame of another store, or bytes inside a text,
/// never pass.
record FrameHeader(
    int payloadBytes,
    int events,
    long firstPosition,
    long receiveNanos,
    long durablePosition,
    int payloadCrc,
    int headerCrc) {

  static final int SIZE = 64;
  static final int PAYLOAD_BYTES_MAX = 4 << 20;
  static final int EVENTS_MAX = 65_535;

  private static final int MAGIC = 'T' | 'D' << 8 | 'B' << 16 | 'F' << 24;
  private static final int VERSION = 1;
  private static final int PAYLOAD_CRC = 56;
  private static final int HEADER_CRC = 60;

  long lastPosition() {
    return firstPosition + events - 1;
  }

  /// Header and payload.
  int frameBytes() {
    return SIZE + payloadBytes;
  }

  /// Whether these 64 bytes could begin a frame: cheap, for a search.
  static boolean mayBeginAt(ByteBuffer in, int at) {
    return in.getInt(at) == MAGIC;
  }

  /// The header at `at`, or null if no frame begins there.
  ///
  /// @throws UnsupportedFormatException if a whole header says that another version wrote it
  static @Nullable FrameHeader read(
      ByteBuffer in, int at, Checksum checksum, String file, long offset) {
    if (!mayBeginAt(in, at) || in.getInt(at + HEADER_CRC) != checksum.over(in, at, HEADER_CRC)) {
      return null;
    }
    int version = in.getShort(at + 4) & 0xFFFF;
    int flags = in.getShort(at + 6) & 0xFFFF;
    if (version != VERSION || flags != 0) {
      throw new UnsupportedFormatException(
          file,
          "frame codec version and flags at offset " + offset,
          version + ", " + flags,
          VERSION + ", 0");
    }
    if (in.getLong(at + 40) != 0 || in.getLong(at + 48) != 0) {
      throw new UnsupportedFormatException(
          file, "origin or reserved bytes of the frame at offset " + offset, "other", "0");
    }
    var header =
        new FrameHeader(
            in.getInt(at + 8),
            in.getInt(at + 12),
            in.getLong(at + 16),
            in.getLong(at + 24),
            in.getLong(at + 32),
            in.getInt(at + PAYLOAD_CRC),
            in.getInt(at + HEADER_CRC));
    return header.possible() ? header : null;
  }

  private boolean possible() {
    return payloadBytes >= EventCodec.HEADER_BYTES
        && payloadBytes <= PAYLOAD_BYTES_MAX
        && payloadBytes % 8 == 0
        && events >= 1
        && events <= EVENTS_MAX
        && events <= payloadBytes / EventCodec.HEADER_BYTES
        && firstPosition >= 1
        && durablePosition < firstPosition;
  }

  /// Writes the header of a frame whose payload stands in the buffer from byte 64; returns its
  /// checksum.
  static int write(
      ByteBuffer out, int events, FrameTimes times, int payloadBytes, Checksum checksum) {
    out.putInt(0, MAGIC)
        .putShort(4, (short) VERSION)
        .putShort(6, (short) 0)
        .putInt(8, payloadBytes)
        .putInt(12, events)
        .putLong(16, times.firstPosition())
        .putLong(24, times.receiveNanos())
        .putLong(32, times.durablePosition())
        .putLong(40, 0)
        .putLong(48, 0)
        .putInt(PAYLOAD_CRC, checksum.over(out, SIZE, payloadBytes));
    int headerCrc = checksum.over(out, 0, HEADER_CRC);
    out.putInt(HEADER_CRC, headerCrc);
    return headerCrc;
  }

  /// What a frame is told when it is cut.
  record FrameTimes(long firstPosition, long receiveNanos, long durablePosition) {}
}
