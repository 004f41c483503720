package io.tidaldb.disk;

import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.codec.digest.Blake3;

/// A BLAKE3-256 hash.
public final class Digest {

  /// Bytes of a digest.
  public static final int SIZE = 32;

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The hash of these bytes.
  public static Digest of(byte[] content) {
    return new Digest(Blake3.hash(content));
  }

  /// The digest that was stored as these 32 bytes.
  public static Digest ofStored(byte[] stored) {
    if (stored.length != SIZE) {
      throw new IllegalArgumentException("a digest has 32 bytes: length=" + stored.length);
    }
    return new Digest(stored.clone());
  }

  /// A copy of the 32 bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Whether every byte is zero, which stands for "not computed".
  public boolean isZero() {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Hexadecimal.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
