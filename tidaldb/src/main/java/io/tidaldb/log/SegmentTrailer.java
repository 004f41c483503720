package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The last 64 bytes of a segment that is complete.
///
/// ```
///  0               4       6       8                              16
///  +---------------+-------+-------+-------------------------------+
///  | magic TDBT    | vers. | flags | last position                 |
///  +---------------+-------+-------+---------------+---------------+  16
///  | frame count                   | receive time of the last frame|
///  +---------------+---------------+-------------------------------+  32
///  | CRC of frames | reserved, 24 bytes                            |
///  +---------------+-----------------------------------------------+  60
///  | own CRC       |
///  +---------------+  64
/// ```
///
/// The CRC of frames runs over the header checksums of all frames in order; both run over the store
/// id first.
record SegmentTrailer(long lastPosition, long frames, long receiveNanos, int framesCrc) {

  static final int SIZE = 64;

  private static final int MAGIC = 'T' | 'D' << 8 | 'B' << 16 | 'T' << 24;
  private static final int VERSION = 1;
  private static final int OWN_CRC = 60;

  /// The trailer at `at`, or null if there is none.
  static @Nullable SegmentTrailer read(ByteBuffer in, int at, Checksum checksum, String file) {
    if (in.getInt(at) != MAGIC || in.getInt(at + OWN_CRC) != checksum.over(in, at, OWN_CRC)) {
      return null;
    }
    int version = in.getShort(at + 4) & 0xFFFF;
    long others =
        (in.getShort(at + 6) & 0xFFFFL)
            | in.getLong(at + 36)
            | in.getLong(at + 44)
            | in.getLong(at + 52);
    if (version != VERSION || others != 0) {
      throw new UnsupportedFormatException(
          file, "trailer version, flags or reserved bytes", "version " + version, "version 1");
    }
    return new SegmentTrailer(
        in.getLong(at + 8), in.getLong(at + 16), in.getLong(at + 24), in.getInt(at + 32));
  }

  /// The 64 bytes.
  ByteBuffer bytes(Checksum checksum) {
    var out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, MAGIC)
        .putShort(4, (short) VERSION)
        .putLong(8, lastPosition)
        .putLong(16, frames)
        .putLong(24, receiveNanos)
        .putInt(32, framesCrc);
    return out.putInt(OWN_CRC, checksum.over(out, 0, OWN_CRC));
  }
}
