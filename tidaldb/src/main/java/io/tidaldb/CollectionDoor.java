package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Visibility;
import java.util.List;
import java.util.Optional;

/// The calls about collections: owned, named, ordered sets of items.
///
/// Every write is also one of a batch, with a key or without waiting, see
/// [io.tidaldb.schema.CollectionWrite]. A call without a viewer is trusted; what a viewer may not
/// see does not exist for that viewer.
abstract class CollectionDoor extends CohortDoor {

  CollectionDoor(Engine engine) {
    super(engine);
  }

  /// Creates a collection. The owner need not have been written.
  ///
  /// @param name 1 … 200 code points after trimming, no control characters
  /// @throws io.tidaldb.schema.NameTakenException if the owner has one of this name; it says which
  public CollectionId createCollection(long owner, String name, Visibility visibility) {
    return createCollection(EntityId.of(owner), name, visibility);
  }

  /// Creates a collection.
  ///
  /// @throws io.tidaldb.schema.NameTakenException if the owner has one of this name; it says which
  public CollectionId createCollection(EntityId owner, String name, Visibility visibility) {
    return engine.collections().create(owner, name, visibility, Optional.empty());
  }

  /// Creates a collection under a key: a repeat gives the id of the first.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the first was deleted since
  public CollectionId createCollection(
      EntityId owner, String name, Visibility visibility, IdempotencyKey key) {
    return engine.collections().create(owner, name, visibility, Optional.of(key));
  }

  /// Makes an item the last of a collection.
  ///
  /// @return whether it became a member; one that was a member keeps its place
  /// @throws io.tidaldb.schema.NotFoundException if there is no such collection or item
  /// @throws io.tidaldb.schema.LimitExceededException if the collection is full
  @CanIgnoreReturnValue
  public boolean addToCollection(CollectionId collection, EntityId item) {
    return engine.collections().add(collection, item);
  }

  /// Makes an item a member at a place.
  ///
  /// @param index 0 … number of members
  /// @return whether it became a member; one that was a member keeps its place
  @CanIgnoreReturnValue
  public boolean addToCollection(CollectionId collection, EntityId item, int index) {
    return engine.collections().add(collection, item, index);
  }

  /// Makes items the last of a collection, in this order, as one unit: all of it enters the log, or
  /// nothing.
  ///
  /// @param items at most 10,000
  /// @return how many became members; the others were members and keep their places
  @CanIgnoreReturnValue
  public int addAllToCollection(CollectionId collection, List<EntityId> items) {
    return engine.collections().addAll(collection, items, Optional.empty());
  }

  /// The same under a key.
  @CanIgnoreReturnValue
  public int addAllToCollection(CollectionId collection, List<EntityId> items, IdempotencyKey key) {
    return engine.collections().addAll(collection, items, Optional.of(key));
  }

  /// Takes an item out of a collection.
  ///
  /// @return whether it was a member
  @CanIgnoreReturnValue
  public boolean removeFromCollection(CollectionId collection, EntityId item) {
    return engine.collections().remove(collection, item);
  }

  /// Gives a member another place.
  ///
  /// @param index its place after the move, 0 … number of members − 1
  /// @return whether it is a member
  @CanIgnoreReturnValue
  public boolean moveInCollection(CollectionId collection, EntityId item, int index) {
    return engine.collections().move(collection, item, index);
  }

  /// Gives a collection another name.
  ///
  /// @throws io.tidaldb.schema.NameTakenException if another one of the owner has it
  @CanIgnoreReturnValue
  public Receipt renameCollection(CollectionId collection, String name) {
    return engine.collections().write(CollectionWrite.rename(collection, name));
  }

  /// Says who may see a collection.
  @CanIgnoreReturnValue
  public Receipt setVisibility(CollectionId collection, Visibility visibility) {
    return engine.collections().write(CollectionWrite.show(collection, visibility));
  }

  /// Lets one user more see a private collection, and find an unlisted one; at most 100.
  @CanIgnoreReturnValue
  public Receipt shareCollection(CollectionId collection, EntityId user) {
    return engine.collections().write(CollectionWrite.share(collection, user));
  }

  /// Takes back what [#shareCollection] gave.
  @CanIgnoreReturnValue
  public Receipt unshareCollection(CollectionId collection, EntityId user) {
    return engine.collections().write(CollectionWrite.unshare(collection, user));
  }

  /// Deletes a collection with all memberships. Its id is never used again.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is no such collection
  @CanIgnoreReturnValue
  public Receipt deleteCollection(CollectionId collection) {
    return engine.collections().write(CollectionWrite.delete(collection));
  }

  /// What a collection is.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is no such collection
  public CollectionInfo collection(CollectionId collection) {
    return engine.collections().info(collection, Optional.empty());
  }

  /// What a collection is to a viewer.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none for this viewer
  public CollectionInfo collection(CollectionId collection, EntityId viewer) {
    return engine.collections().info(collection, Optional.of(viewer));
  }

  /// All collections of an owner, by id.
  public List<CollectionInfo> listCollections(long owner) {
    return listCollections(EntityId.of(owner));
  }

  /// All collections of an owner, by id.
  public List<CollectionInfo> listCollections(EntityId owner) {
    return engine.collections().list(owner, Optional.empty());
  }

  /// The collections of an owner that a viewer finds, by id: public ones, and those shared with the
  /// viewer.
  public List<CollectionInfo> listCollections(EntityId owner, EntityId viewer) {
    return engine.collections().list(owner, Optional.of(viewer));
  }

  /// The collections of an owner that hold an item, by id.
  public List<CollectionInfo> collectionsOf(EntityId item, EntityId owner) {
    return engine.collections().holding(item, owner);
  }

  /// The members of a collection in order.
  ///
  /// A page follows the one before even if the collection changes meanwhile: it goes on behind the
  /// last item of the page before, wherever that is now.
  public Page<CollectionItem> collectionItems(CollectionId collection, PageRequest page) {
    return engine.collections().items(collection, Optional.empty(), page);
  }

  /// The members of a collection in order, for a viewer.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none for this viewer
  public Page<CollectionItem> collectionItems(
      CollectionId collection, EntityId viewer, PageRequest page) {
    return engine.collections().items(collection, Optional.of(viewer), page);
  }
}
