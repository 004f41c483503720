package io.tidaldb.engine;

import io.tidaldb.collection.CollectionReader;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What can be asked and told of a database about collections.
///
/// **Threads.** Any; reads never wait for the writer.
public final class CollectionCalls {

  final Engine engine;
  final Views views;

  CollectionCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }

  /* --- writing --- */

  /// A new collection.
  public CollectionId create(
      EntityId owner, String name, Visibility visibility, Optional<IdempotencyKey> key) {
    var draft =
        CollectionForms.creation(new CollectionWrite.Creation(owner, name, visibility, key));
    var _ = engine.write(draft);
    if (draft.id().get() == 0) {
      throw new NotFoundException(
          "collection",
          draft.name(),
          "it was created under this key and is gone; create it under another key");
    }
    return CollectionId.of(draft.id().get());
  }

  /// Whether the item became a member, at the end.
  public boolean add(CollectionId collection, EntityId item) {
    return add(collection, List.of(item), -1, Optional.empty()) == 1;
  }

  /// Whether the item became a member, at this place.
  public boolean add(CollectionId collection, EntityId item, int index) {
    return add(collection, List.of(item), CollectionForms.index(index), Optional.empty()) == 1;
  }

  /// How many of the items became members, all or none of which enter the log.
  public int addAll(CollectionId collection, List<EntityId> items, Optional<IdempotencyKey> key) {
    return add(collection, CollectionForms.items(items), -1, key);
  }

  private int add(
      CollectionId collection, List<EntityId> items, int index, Optional<IdempotencyKey> key) {
    var added = new AtomicInteger();
    var _ =
        engine.write(
            new CollectionDraft.Add(collection.value(), items, index, key.orElse(null), added));
    return added.get();
  }

  /// Whether the item was a member.
  public boolean remove(CollectionId collection, EntityId item) {
    var removed = new AtomicBoolean();
    var _ =
        engine.write(new CollectionDraft.Remove(collection.value(), item.value(), null, removed));
    return removed.get();
  }

  /// Whether the item is a member; then it is at this place.
  public boolean move(CollectionId collection, EntityId item, int index) {
    var moved = new AtomicBoolean();
    var _ =
        engine.write(
            new CollectionDraft.Move(
                collection.value(), item.value(), CollectionForms.index(index), null, moved));
    return moved.get();
  }

  /// Any write whose receipt says it all.
  public Receipt write(CollectionWrite write) {
    return engine.write(CollectionForms.draft(write));
  }

  /* --- reading --- */

  /// A collection.
  public CollectionInfo info(CollectionId collection, Optional<EntityId> viewer) {
    return engine.reading(() -> reader().info(collection.value(), id(viewer)));
  }

  /// The collections of an owner that a viewer finds listed.
  public List<CollectionInfo> list(EntityId owner, Optional<EntityId> viewer) {
    return engine.reading(() -> reader().list(owner.value(), id(viewer)));
  }

  /// The collections of an owner that hold an item.
  public List<CollectionInfo> holding(EntityId item, EntityId owner) {
    return engine.reading(() -> reader().holding(item.value(), owner.value()));
  }

  /// Members in order.
  public Page<CollectionItem> items(
      CollectionId collection, Optional<EntityId> viewer, PageRequest page) {
    return engine.reading(() -> reader().items(collection.value(), id(viewer), page));
  }

  private CollectionReader reader() {
    return views.collections().reader();
  }

  private static OptionalLong id(Optional<EntityId> viewer) {
    return viewer.isPresent() ? OptionalLong.of(viewer.get().value()) : OptionalLong.empty();
  }
}
