package io.tidaldb.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A CRC32C, plain or over a store's id followed by the bytes: the latter makes a frame of another
/// store, or bytes that merely look like a frame, fail. Against accident, not against tampering.
/// Does not allocate.
///
/// **Threads.** Belongs to one thread.
public final class Checksum {

  private final CRC32C crc = new CRC32C();
  private final byte[] prefix;

  private Checksum(byte[] prefix) {
    this.prefix = prefix;
  }

  /// Over the bytes alone: for file headers and bodies.
  public static Checksum plain() {
    return new Checksum(new byte[0]);
  }

  /// Over the store's id followed by the bytes: for frames.
  public static Checksum of(StoreId store) {
    return new Checksum(store.bytes());
  }

  /// The checksum of `length` bytes from an absolute offset; position and limit stay as they are.
  public int over(ByteBuffer bytes, int offset, int length) {
    start();
    if (bytes.hasArray()) {
      crc.update(bytes.array(), bytes.arrayOffset() + offset, length);
      return (int) crc.getValue();
    }
    int position = bytes.position();
    int limit = bytes.limit();
    bytes.limit(offset + length).position(offset);
    crc.update(bytes);
    bytes.limit(limit).position(position);
    return (int) crc.getValue();
  }

  /// The checksum of a part of an array.
  public int over(byte[] bytes, int offset, int length) {
    start();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private void start() {
    crc.reset();
    crc.update(prefix, 0, prefix.length);
  }
}
