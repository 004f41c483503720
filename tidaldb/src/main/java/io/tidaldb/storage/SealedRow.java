package io.tidaldb.storage;

import io.tidaldb.disk.Checksum;
import io.tidaldb.schema.CorruptionException;
import java.nio.ByteBuffer;

/// The value of a row with its checksum, for rows that no page and no codec of their own protects:
/// a changed bit is reported, not believed.
///
/// ```
///  0           n        n + 4
/// +-----------+------------+
/// | content   | CRC32C u32 |
/// +-----------+------------+
/// ```
///
/// **Threads.** Stateless.
public final class SealedRow {

  private SealedRow() {}

  /// The value that holds what was written into a buffer, from 0 to its position.
  public static byte[] seal(ByteBuffer written) {
    int end = written.position();
    byte[] value = new byte[end + Integer.BYTES];
    written.get(0, value, 0, end);
    ByteBuffer.wrap(value).putInt(end, Checksum.plain().over(value, 0, end));
    return value;
  }

  /// The value that holds one number.
  public static byte[] seal(long number) {
    return seal(ByteBuffer.allocate(Long.BYTES).putLong(number));
  }

  /// The content of a value.
  ///
  /// @param what what is wrong if it is damaged, in words
  /// @param row names the row in the error
  /// @throws CorruptionException if the bytes and their checksum differ
  public static ByteBuffer open(byte[] value, String what, String row) {
    int end = value.length - Integer.BYTES;
    if (end < 0) {
      throw new CorruptionException(what, row, -1, 0, "a checksum", value.length + " bytes");
    }
    int stored = ByteBuffer.wrap(value).getInt(end);
    int actual = Checksum.plain().over(value, 0, end);
    if (stored != actual) {
      throw new CorruptionException(
          what, row, end, 0, Integer.toHexString(stored), Integer.toHexString(actual));
    }
    return ByteBuffer.wrap(value, 0, end);
  }

  /// The number that a value holds.
  ///
  /// @throws CorruptionException if it is damaged
  public static long number(byte[] value, String what, String row) {
    var content = open(value, what, row);
    if (content.remaining() != Long.BYTES) {
      throw new CorruptionException(what, row, -1, 0, "8 bytes", content.remaining() + " bytes");
    }
    return content.getLong();
  }
}
