package io.tidaldb.schema;

import java.util.Map;
import java.util.Optional;

/// One write of a batch. See `TidalDb.write(List)`.
public sealed interface Write
    permits Write.SignalWrite,
        Write.EntityWrite,
        Write.EntityUpdate,
        Write.EntityDelete,
        CollectionWrite,
        RelationWrite,
        SessionWrite,
        VectorWrite {

  /// The producer's key.
  Optional<IdempotencyKey> key();

  /// Something happened to an entity.
  static Write signal(String name, EntityId entity, Signal signal) {
    return new SignalWrite(name, entity, signal);
  }

  /// Creates an item or replaces its whole metadata.
  static Write item(EntityId id, Map<String, ?> metadata) {
    return new EntityWrite(EntityKind.ITEM, id, metadata, Optional.empty());
  }

  /// Creates an entity or replaces its whole metadata, under a key.
  static Write entity(
      EntityKind kind, EntityId id, Map<String, ?> metadata, Optional<IdempotencyKey> key) {
    return new EntityWrite(kind, id, metadata, key);
  }

  /// Sets the given keys of an entity's metadata; `Metadata.REMOVE` as a value takes a key away.
  static Write update(
      EntityKind kind, EntityId id, Map<String, ?> changes, Optional<IdempotencyKey> key) {
    return new EntityUpdate(kind, id, changes, Optional.empty(), key);
  }

  /// As [#update(EntityKind, EntityId, Map, Optional)], of an earlier time: a number, time or
  /// boolean that was said for a later one stays.
  static Write update(
      EntityKind kind,
      EntityId id,
      Map<String, ?> changes,
      Timestamp at,
      Optional<IdempotencyKey> key) {
    return new EntityUpdate(kind, id, changes, Optional.of(at), key);
  }

  /// Removes an item or a creator.
  static Write delete(EntityKind kind, EntityId id, Optional<IdempotencyKey> key) {
    return new EntityDelete(kind, id, key);
  }

  /// @see #signal
  record SignalWrite(String name, EntityId entity, Signal signal) implements Write {
    @Override
    public Optional<IdempotencyKey> key() {
      return signal.key();
    }
  }

  /// @see #entity
  record EntityWrite(
      EntityKind kind, EntityId id, Map<String, ?> metadata, Optional<IdempotencyKey> key)
      implements Write {}

  /// @see #update
  record EntityUpdate(
      EntityKind kind,
      EntityId id,
      Map<String, ?> changes,
      Optional<Timestamp> at,
      Optional<IdempotencyKey> key)
      implements Write {}

  /// @see #delete
  record EntityDelete(EntityKind kind, EntityId id, Optional<IdempotencyKey> key)
      implements Write {}
}
