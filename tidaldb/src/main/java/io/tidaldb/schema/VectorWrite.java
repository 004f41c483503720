package io.tidaldb.schema;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// A write of a vector.
public sealed interface VectorWrite extends Write {

  /// Gives an entity its vector in a slot, in place of the one before.
  static VectorWrite embedding(EntityKind kind, EntityId id, String slot, float[] vector) {
    return new SetEmbedding(kind, id, slot, vector, Optional.empty());
  }

  /// Takes an entity's vector in a slot away.
  static VectorWrite removal(EntityKind kind, EntityId id, String slot) {
    return new SetEmbedding(kind, id, slot, new float[0], Optional.empty());
  }

  /// An entity has this vector from now on.
  final class SetEmbedding implements VectorWrite {

    private final EntityKind kind;
    private final EntityId id;
    private final String slot;
    private final float[] vector;
    private final Optional<IdempotencyKey> key;

    private SetEmbedding(
        EntityKind kind, EntityId id, String slot, float[] vector, Optional<IdempotencyKey> key) {
      this.kind = kind;
      this.id = id;
      this.slot = slot;
      this.vector = vector.clone();
      this.key = key;
    }

    /// What the entity is; a user's vector is its preference.
    public EntityKind kind() {
      return kind;
    }

    /// Whose vector.
    public EntityId id() {
      return id;
    }

    /// The declared slot.
    public String slot() {
      return slot;
    }

    /// The numbers, the caller's own; none if the vector is taken away.
    public float[] vector() {
      return vector.clone();
    }

    @Override
    public Optional<IdempotencyKey> key() {
      return key;
    }

    /// The same under this key.
    public SetEmbedding key(IdempotencyKey newKey) {
      return new SetEmbedding(kind, id, slot, vector, Optional.of(newKey));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SetEmbedding that
          && kind == that.kind
          && id.equals(that.id)
          && slot.equals(that.slot)
          && Arrays.equals(vector, that.vector)
          && key.equals(that.key);
    }

    @Override
    public int hashCode() {
      return Objects.hash(kind, id, slot, Arrays.hashCode(vector), key);
    }

    @Override
    public String toString() {
      return "SetEmbedding[kind=%s, id=%s, slot=%s, dimensions=%d]"
          .formatted(kind, id, slot, vector.length);
    }
  }
}
