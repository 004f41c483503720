package io.tidaldb.log;

import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.Blake3;

/// The 16 bytes of an idempotency key, and the form in which it stands in the log.
///
/// ```
///  0               8              16
///  +---------------+---------------+
///  | high          | low           |   128 bits: UUID, or the first 16 bytes of a text's BLAKE3
///  | producer      | number        |   sequence (flag bit 14)
///  +---------------+---------------+
/// ```
final class Keys {

  /// Bytes of a key in a record.
  static final int SIZE = 16;

  private Keys() {}

  /// The key as the log gives it back: a text becomes the first 128 bits of its hash.
  static IdempotencyKey logged(IdempotencyKey key) {
    return switch (key) {
      case IdempotencyKey.Bits bits -> bits;
      case IdempotencyKey.Sequence sequence -> sequence;
      case IdempotencyKey.Text text -> hash(text.text());
    };
  }

  private static IdempotencyKey.Bits hash(String text) {
    var first = new byte[SIZE];
    Blake3.initHash().update(text.getBytes(StandardCharsets.UTF_8)).doFinalize(first);
    var in = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    return new IdempotencyKey.Bits(in.getLong(0), in.getLong(8));
  }
}
