package io.tidaldb.log;

import io.tidaldb.log.VectorEvent.EmbeddingWritten;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The body of an [EmbeddingWritten].
///
/// ```
///  0      1      2        4                8                16
/// +------+------+--------+----------------+----------------+---------- ...
/// | kind | 0    | slot   | dimensions     | id             | f32 × dimensions
/// +------+------+--------+----------------+----------------+---------- ...
///                         0: removed
/// ```
final class VectorEventCodec {

  static final int EMBEDDING_WRITTEN = 0x12;

  private VectorEventCodec() {}

  static long bodySize(VectorEvent event) {
    return switch (event) {
      case EmbeddingWritten written -> 16L + 4L * written.vector().length;
    };
  }

  static void put(VectorEvent event, ByteBuffer out) {
    switch (event) {
      case EmbeddingWritten written -> {
        if (written.slot() >>> 16 != 0
            || written.vector().length > EmbeddingSlot.DIMENSIONS_MAX
            || !isFinite(written.vector())) {
          throw new IllegalArgumentException("vector cannot be logged: " + written);
        }
        out.put((byte) written.kind().code())
            .put((byte) 0)
            .putShort((short) written.slot())
            .putInt(written.vector().length)
            .putLong(written.id());
        for (float number : written.vector()) {
          out.putInt(Float.floatToRawIntBits(number));
        }
      }
    }
  }

  private static boolean isFinite(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  static VectorEvent get(
      boolean withUser, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    var kind = in.kind();
    in.reserved(1);
    int slot = in.u16("embedding slot");
    int dimensions = in.i32("dimensions");
    long id = in.i64("id");
    if (withUser != (kind == EntityKind.USER) || (withUser && user != id)) {
      throw in.corrupt("user of a vector", "the entity itself", Long.toUnsignedString(user));
    }
    if (dimensions < 0
        || dimensions > EmbeddingSlot.DIMENSIONS_MAX
        || in.remaining() < 4 * dimensions) {
      throw in.corrupt(
          "dimensions", "0…" + EmbeddingSlot.DIMENSIONS_MAX, Integer.toString(dimensions));
    }
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      float number = Float.intBitsToFloat(in.i32("vector"));
      if (!Float.isFinite(number)) {
        throw in.corrupt("vector", "a finite number", Float.toString(number));
      }
      vector[i] = number;
    }
    return new EmbeddingWritten(time, kind, slot, id, vector, key);
  }
}
