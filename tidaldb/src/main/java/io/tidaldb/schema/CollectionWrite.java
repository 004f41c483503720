package io.tidaldb.schema;

import java.util.Optional;
import java.util.OptionalInt;

/// A write to the members of a collection, as part of a batch.
public sealed interface CollectionWrite extends Write {

  /// The collection.
  CollectionId collection();

  /// The item.
  EntityId item();

  /// Makes an item the last member; one that is a member keeps its place.
  static CollectionWrite add(CollectionId collection, EntityId item) {
    return new ItemAdd(collection, item, OptionalInt.empty(), Optional.empty());
  }

  /// Makes an item a member at a place, from 0; one that is a member keeps its place.
  static CollectionWrite add(CollectionId collection, EntityId item, int index) {
    return new ItemAdd(collection, item, OptionalInt.of(index), Optional.empty());
  }

  /// Takes an item out.
  static CollectionWrite remove(CollectionId collection, EntityId item) {
    return new ItemRemove(collection, item, Optional.empty());
  }

  /// Gives a member another place, from 0.
  static CollectionWrite move(CollectionId collection, EntityId item, int index) {
    return new ItemMove(collection, item, index, Optional.empty());
  }

  /// The same write under a key.
  default CollectionWrite withKey(IdempotencyKey key) {
    return switch (this) {
      case ItemAdd add -> new ItemAdd(add.collection, add.item, add.index, Optional.of(key));
      case ItemRemove remove -> new ItemRemove(remove.collection, remove.item, Optional.of(key));
      case ItemMove move -> new ItemMove(move.collection, move.item, move.index, Optional.of(key));
    };
  }

  /// @see #add(CollectionId, EntityId)
  record ItemAdd(
      CollectionId collection, EntityId item, OptionalInt index, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #remove
  record ItemRemove(CollectionId collection, EntityId item, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #move
  record ItemMove(CollectionId collection, EntityId item, int index, Optional<IdempotencyKey> key)
      implements CollectionWrite {}
}
