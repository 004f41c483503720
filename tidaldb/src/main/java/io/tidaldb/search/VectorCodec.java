package io.tidaldb.search;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The bytes of a page of vectors: which of the slots have one, then those, rising.
///
/// ```
///  0         8           16          24              ...
/// +---------+-----------+-----------+---------------+-------------------+---- ...
/// | present | position  | time      | evidence f64  | f32 × dimensions  | next
/// +---------+-----------+-----------+---------------+-------------------+---- ...
///            of the event            preferences only
/// ```
///
/// Integers are big-endian, floats by their bits. A page without vectors is empty: it is gone.
final class VectorCodec {

  private VectorCodec() {}

  /// Takes one vector of a page.
  interface Rows {
    void row(int index, VectorRow row);
  }

  private static int rowBytes(EmbeddingSlot slot) {
    return 16 + (slot.kind() == EntityKind.USER ? 8 : 0) + 4 * slot.dimensions();
  }

  static byte[] encode(VectorPage page, EmbeddingSlot slot) {
    int count = Long.bitCount(page.present());
    if (count == 0) {
      return new byte[0];
    }
    var out = ByteBuffer.allocate(8 + count * rowBytes(slot)).putLong(page.present());
    for (long left = page.present(); left != 0; left &= left - 1) {
      int index = Long.numberOfTrailingZeros(left);
      out.putLong(page.position(index)).putLong(page.time(index));
      if (slot.kind() == EntityKind.USER) {
        out.putDouble(page.evidence(index));
      }
      int from = page.offset(index);
      for (int i = from; i < from + slot.dimensions(); i++) {
        out.putFloat(page.values()[i]);
      }
    }
    return out.array();
  }

  /// Gives each vector of a page.
  ///
  /// @throws IllegalArgumentException if these are not the bytes of a page
  static void decode(byte[] content, EmbeddingSlot slot, int capacity, Rows rows) {
    var in = ByteBuffer.wrap(content);
    try {
      long present = in.getLong();
      if (present == 0
          || (capacity < 64 && present >>> capacity != 0)
          || in.remaining() != Long.bitCount(present) * rowBytes(slot)) {
        throw new IllegalArgumentException("not a page of vectors: bytes=" + content.length);
      }
      for (long left = present; left != 0; left &= left - 1) {
        long position = in.getLong();
        long time = in.getLong();
        double evidence = slot.kind() == EntityKind.USER ? in.getDouble() : 0;
        float[] vector = new float[slot.dimensions()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = in.getFloat();
        }
        rows.row(Long.numberOfTrailingZeros(left), new VectorRow(vector, position, time, evidence));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a page of vectors ends early", e);
    }
  }
}
