package io.tidaldb.log;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What changes vectors.
public sealed interface VectorEvent extends Event {

  /// `0x12`: an entity has this vector in a slot from now on, or none any more.
  ///
  /// @param slot the number that the store gave the slot, 0 … 65,535
  /// @param vector as given; empty if the vector is taken away. Nobody changes it
  @SuppressWarnings("ArrayRecordComponent") // Equality is by its numbers, see below.
  record EmbeddingWritten(
      long time, EntityKind kind, int slot, long id, float[] vector, @Nullable IdempotencyKey key)
      implements VectorEvent {

    @Override
    public boolean hasUser() {
      return kind == EntityKind.USER;
    }

    @Override
    public long user() {
      return kind == EntityKind.USER ? id : 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof EmbeddingWritten that
          && time == that.time
          && kind == that.kind
          && slot == that.slot
          && id == that.id
          && Arrays.equals(vector, that.vector)
          && Objects.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return Objects.hash(time, kind, slot, id, Arrays.hashCode(vector), key);
    }

    @Override
    public String toString() {
      return "EmbeddingWritten[time=%d, kind=%s, slot=%d, id=%d, vector=%s, key=%s]"
          .formatted(time, kind, slot, id, Arrays.toString(vector), key);
    }
  }
}
