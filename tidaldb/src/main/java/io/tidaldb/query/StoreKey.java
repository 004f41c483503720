package io.tidaldb.query;

import io.tidaldb.disk.Digest;
import java.util.Arrays;

/// The secret of a store that its cursors are sealed with, so that altered and foreign ones are
/// noticed.
public final class StoreKey {

  /// Bytes of a seal.
  static final int SEAL_SIZE = 16;

  private static final int SIZE_MIN = 16;

  private final byte[] bytes;

  private StoreKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The key with these bytes, at least 16; equal for every opening of one store, different between
  /// stores.
  public static StoreKey of(byte[] bytes) {
    if (bytes.length < SIZE_MIN) {
      throw new IllegalArgumentException(
          "a store key has at least 16 bytes: length=" + bytes.length);
    }
    return new StoreKey(bytes.clone());
  }

  /// The first bytes of BLAKE3(key ‖ content). A prefix is enough of a key here: BLAKE3 cannot be
  /// extended.
  byte[] seal(byte[] content, int length) {
    byte[] both = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(content, 0, both, bytes.length, length);
    return Arrays.copyOf(Digest.of(both).bytes(), SEAL_SIZE);
  }
}
