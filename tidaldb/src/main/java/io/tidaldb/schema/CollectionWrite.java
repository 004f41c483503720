package io.tidaldb.schema;

import java.util.Optional;
import java.util.OptionalInt;

/// A write to a collection, as part of a batch.
public sealed interface CollectionWrite extends Write {

  /// Creates a collection; the list of the owner's says which id it got.
  static CollectionWrite create(EntityId owner, String name, Visibility visibility) {
    return new Creation(owner, name, visibility, Optional.empty());
  }

  /// Makes an item the last member; one that is a member keeps its place.
  static CollectionWrite add(CollectionId collection, EntityId item) {
    return new ItemAdd(collection, item, OptionalInt.empty(), Optional.empty());
  }

  /// Makes an item a member at a place, from 0; one that is a member keeps its place.
  static CollectionWrite add(CollectionId collection, EntityId item, int index) {
    return new ItemAdd(collection, item, OptionalInt.of(index), Optional.empty());
  }

  /// Makes an item the last member of the collection that its owner calls so, which is created if
  /// there is none: what an import needs, which knows no ids.
  static CollectionWrite collect(
      EntityId owner, String name, Visibility visibility, EntityId item) {
    return new Collecting(owner, name, visibility, item, Optional.empty());
  }

  /// Takes an item out.
  static CollectionWrite remove(CollectionId collection, EntityId item) {
    return new ItemRemove(collection, item, Optional.empty());
  }

  /// Gives a member another place, from 0.
  static CollectionWrite move(CollectionId collection, EntityId item, int index) {
    return new ItemMove(collection, item, index, Optional.empty());
  }

  /// Gives a collection another name.
  static CollectionWrite rename(CollectionId collection, String name) {
    return new Change(collection, new Change.Name(name), Optional.empty());
  }

  /// Says who may see a collection.
  static CollectionWrite show(CollectionId collection, Visibility visibility) {
    return new Change(collection, new Change.Seen(visibility), Optional.empty());
  }

  /// Lets one user more see a collection.
  static CollectionWrite share(CollectionId collection, EntityId user) {
    return new Change(collection, new Change.Shared(user, true), Optional.empty());
  }

  /// Lets one user less see a collection.
  static CollectionWrite unshare(CollectionId collection, EntityId user) {
    return new Change(collection, new Change.Shared(user, false), Optional.empty());
  }

  /// Deletes a collection with all memberships.
  static CollectionWrite delete(CollectionId collection) {
    return new Deletion(collection, Optional.empty());
  }

  /// The same write under a key.
  default CollectionWrite withKey(IdempotencyKey key) {
    var under = Optional.of(key);
    return switch (this) {
      case Creation create -> new Creation(create.owner, create.name, create.visibility, under);
      case Collecting collect ->
          new Collecting(collect.owner, collect.name, collect.visibility, collect.item, under);
      case ItemAdd add -> new ItemAdd(add.collection, add.item, add.index, under);
      case ItemRemove remove -> new ItemRemove(remove.collection, remove.item, under);
      case ItemMove move -> new ItemMove(move.collection, move.item, move.index, under);
      case Change change -> new Change(change.collection, change.what, under);
      case Deletion delete -> new Deletion(delete.collection, under);
    };
  }

  /// @see #create
  record Creation(EntityId owner, String name, Visibility visibility, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #add(CollectionId, EntityId)
  record ItemAdd(
      CollectionId collection, EntityId item, OptionalInt index, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #collect
  record Collecting(
      EntityId owner,
      String name,
      Visibility visibility,
      EntityId item,
      Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #remove
  record ItemRemove(CollectionId collection, EntityId item, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// @see #move
  record ItemMove(CollectionId collection, EntityId item, int index, Optional<IdempotencyKey> key)
      implements CollectionWrite {}

  /// Another name, visibility, or circle of users.
  record Change(CollectionId collection, What what, Optional<IdempotencyKey> key)
      implements CollectionWrite {

    /// What changes.
    public sealed interface What {}

    /// Its name.
    public record Name(String name) implements What {}

    /// Who may see it.
    public record Seen(Visibility visibility) implements What {}

    /// Whether it is shared with a user.
    public record Shared(EntityId user, boolean on) implements What {}
  }

  /// @see #delete
  record Deletion(CollectionId collection, Optional<IdempotencyKey> key)
      implements CollectionWrite {}
}
