package io.tidaldb.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The random 128 bits that tell one store from every other. They are part of every frame's
/// checksum.
///
/// @param low bytes 0–7, little-endian
/// @param high bytes 8–15, little-endian
public record StoreId(long low, long high) {

  /// Bytes of an id.
  public static final int SIZE = 16;

  /// A new id.
  public static StoreId random() {
    SecureRandom random = new SecureRandom();
    return new StoreId(random.nextLong(), random.nextLong());
  }

  /// The 16 bytes.
  public byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(low).putLong(high).array();
  }

  /// The 16 bytes in hexadecimal.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
