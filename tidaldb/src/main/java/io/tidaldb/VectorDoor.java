package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.Embedding;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.VectorWrite;
import io.tidaldb.schema.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// The calls about vectors.
///
/// A vector belongs to an item or a creator and to a slot that the schema declares with
/// `embeddingSlot`. Its numbers are kept as given. A vector stays until another is written in its
/// place, it is removed, or its entity goes; writing metadata does not touch it. Every write is
/// also a write of a batch, see [VectorWrite], which takes idempotency keys.
abstract class VectorDoor extends SessionDoor {

  VectorDoor(Engine engine) {
    super(engine);
  }

  private Receipt both(EntityKind kind, EntityId id, Map<String, ?> metadata, float[] embedding) {
    return engine
        .write(
            List.of(
                Write.entity(kind, id, metadata, Optional.empty()),
                VectorWrite.embedding(kind, id, EmbeddingSlot.CONTENT, embedding)),
            Optional.empty())
        .getLast();
  }

  private Receipt one(VectorWrite write) {
    return engine.write(List.of(write), Optional.empty()).getFirst();
  }

  /// Creates an item or replaces its whole metadata, and gives it its vector in the slot `content`,
  /// as one unit.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is no slot `content` of items
  /// @throws io.tidaldb.schema.InvalidRequestException if the vector does not fit the slot
  @CanIgnoreReturnValue
  public Receipt writeItem(EntityId id, Map<String, ?> metadata, float[] embedding) {
    return both(EntityKind.ITEM, id, metadata, embedding);
  }

  /// The same for a creator.
  @CanIgnoreReturnValue
  public Receipt writeCreator(EntityId id, Map<String, ?> metadata, float[] embedding) {
    return both(EntityKind.CREATOR, id, metadata, embedding);
  }

  /// Creates a user or replaces its whole metadata, and says what the user prefers, as a vector in
  /// the space of the items' slot `content`: it counts as much as 5 likes, and signals go on from
  /// there.
  @CanIgnoreReturnValue
  public Receipt writeUser(EntityId id, Map<String, ?> metadata, float[] embedding) {
    return both(EntityKind.USER, id, metadata, embedding);
  }

  /// Gives an item its vector in a slot, in place of the one before.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the item was not written or the slot not
  ///   declared
  /// @throws io.tidaldb.schema.InvalidRequestException if the vector does not fit the slot
  @CanIgnoreReturnValue
  public Receipt writeEmbedding(EntityId item, String slot, float[] vector) {
    return one(VectorWrite.embedding(EntityKind.ITEM, item, slot, vector));
  }

  /// The same for an entity of any kind; a user's slot is `content`.
  @CanIgnoreReturnValue
  public Receipt writeEmbedding(EntityKind kind, EntityId id, String slot, float[] vector) {
    return one(VectorWrite.embedding(kind, id, slot, vector));
  }

  /// Takes an item's vector in a slot away.
  @CanIgnoreReturnValue
  public Receipt removeEmbedding(EntityId item, String slot) {
    return one(VectorWrite.removal(EntityKind.ITEM, item, slot));
  }

  /// The same for an entity of any kind; without its vector a user prefers nothing.
  @CanIgnoreReturnValue
  public Receipt removeEmbedding(EntityKind kind, EntityId id, String slot) {
    return one(VectorWrite.removal(kind, id, slot));
  }

  /// An item's vector in a slot, as it was written; empty if it has none.
  public Optional<Embedding> readEmbedding(EntityId item, String slot) {
    return engine.vectors().embedding(EntityKind.ITEM, item, slot);
  }

  /// The same for an entity of any kind.
  public Optional<Embedding> readEmbedding(EntityKind kind, EntityId id, String slot) {
    return engine.vectors().embedding(kind, id, slot);
  }

  /// Every vector of an entity, by slot.
  public SortedMap<String, Embedding> readEmbeddings(EntityKind kind, EntityId id) {
    return engine.vectors().embeddings(kind, id);
  }

  /// What a user prefers: a vector of length 1 that moves toward the vectors of what the user likes
  /// and away from those of what the user rejects. Empty before the first positive signal about an
  /// item with a vector.
  public Optional<Preference> readPreference(EntityId user) {
    return engine.vectors().preference(user);
  }
}
