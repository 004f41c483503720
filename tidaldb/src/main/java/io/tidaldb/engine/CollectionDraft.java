package io.tidaldb.engine;

import io.tidaldb.collection.Header;
import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.log.CollectionEvent.CollectionDropped;
import io.tidaldb.log.CollectionEvent.ItemAdded;
import io.tidaldb.log.CollectionEvent.ItemMoved;
import io.tidaldb.log.CollectionEvent.ItemRemoved;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.CollectionWrite.Change.Name;
import io.tidaldb.schema.CollectionWrite.Change.Seen;
import io.tidaldb.schema.CollectionWrite.Change.Shared;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NameTakenException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A write to a collection, which resolves itself. The form was checked before.
sealed interface CollectionDraft extends Draft.SurfaceDraft {

  /// With how many users a collection may be shared.
  int SHARES_MAX = 100;

  int EVENT_BYTES = 96;

  @Override
  default int sizeBytes() {
    return EVENT_BYTES;
  }

  /// A new collection; its id is left in `id`.
  record Create(
      long owner, String name, Visibility visibility, @Nullable IdempotencyKey key, AtomicLong id)
      implements CollectionDraft {

    @Override
    public int sizeBytes() {
      return EVENT_BYTES + 3 * name.length();
    }

    @Override
    public Receipt resolve(Scene scene) {
      var collections = scene.pending().collections();
      requireFree(collections, owner, name);
      int count = collections.count(owner);
      int limit = scene.options().collections().perOwner();
      if (count >= limit) {
        throw new LimitExceededException(
            "collectionsPerOwner", limit, count + 1L, "owner=" + EntityId.of(owner));
      }
      long next = collections.nextId();
      id.set(next);
      return scene.append(
          new CollectionCreated(scene.receiveNanos(), owner, next, visibility, name, key));
    }

    /// Leaves 0 if the collection is gone.
    @Override
    public void repeated(long original, Scene scene) {
      id.set(scene.pending().collections().createdAt(owner, original).orElse(0));
    }
  }

  /// Items that become members; how many did is left in `added`.
  ///
  /// @param index the place of the first, from 0; −1 for the end
  record Add(
      long collection,
      List<EntityId> items,
      int index,
      @Nullable IdempotencyKey key,
      AtomicInteger added)
      implements CollectionDraft {

    @Override
    public int sizeBytes() {
      return EVENT_BYTES * items.size();
    }

    @Override
    public Receipt resolve(Scene scene) {
      long owner = require(scene, collection).owner();
      Receipt first = Scene.nothing();
      int count = 0;
      for (var item : items) {
        if (admit(scene, item)) {
          var eventKey = count == 0 ? key : null;
          var receipt =
              scene.append(
                  new ItemAdded(
                      scene.receiveNanos(), owner, collection, item.value(), index, eventKey));
          first = count == 0 ? receipt : first;
          count++;
        }
      }
      added.set(count);
      return first;
    }

    private boolean admit(Scene scene, EntityId item) {
      if (!scene.isLive(EntityKind.ITEM, item.value())) {
        throw new NotFoundException(
            "item", item.toString(), "write it before adding it to a collection");
      }
      var collections = scene.pending().collections();
      if (collections.contains(collection, item.value())) {
        return false;
      }
      int size = require(scene, collection).count();
      requireIndex(collection, index, size);
      int limit = scene.options().collections().items();
      if (size >= limit) {
        throw new LimitExceededException(
            "itemsPerCollection", limit, size + 1L, "collection=" + id(collection));
      }
      return true;
    }

    /// Only what became a member left its key.
    @Override
    public void repeated(long original, Scene scene) {
      added.set(items.size());
    }
  }

  /// An item that becomes a member of a collection known by its owner and name, which is created if
  /// there is none.
  record Collect(
      long owner, String name, Visibility visibility, EntityId item, @Nullable IdempotencyKey key)
      implements CollectionDraft {

    @Override
    public int sizeBytes() {
      return 2 * EVENT_BYTES + 3 * name.length();
    }

    @Override
    public Receipt resolve(Scene scene) {
      var known = scene.pending().collections().named(owner, name);
      long id = known.isPresent() ? known.getAsLong() : create(scene);
      return new Add(id, List.of(item), -1, key, new AtomicInteger()).resolve(scene);
    }

    /// The key goes with the membership: it alone says that the call was made.
    private long create(Scene scene) {
      var creation = new Create(owner, name, visibility, null, new AtomicLong());
      var _ = creation.resolve(scene);
      return creation.id().get();
    }
  }

  /// An item that is to be a member no more; whether it was one is left in `removed`.
  record Remove(long collection, long item, @Nullable IdempotencyKey key, AtomicBoolean removed)
      implements CollectionDraft {

    @Override
    public Receipt resolve(Scene scene) {
      long owner = require(scene, collection).owner();
      removed.set(scene.pending().collections().contains(collection, item));
      return removed.get()
          ? scene.append(new ItemRemoved(scene.receiveNanos(), owner, collection, item, key))
          : Scene.nothing();
    }

    @Override
    public void repeated(long original, Scene scene) {
      removed.set(true);
    }
  }

  /// A member that gets another place; whether it is one is left in `moved`.
  record Move(
      long collection, long item, int index, @Nullable IdempotencyKey key, AtomicBoolean moved)
      implements CollectionDraft {

    @Override
    public Receipt resolve(Scene scene) {
      var header = require(scene, collection);
      var collections = scene.pending().collections();
      moved.set(collections.contains(collection, item));
      if (!moved.get()) {
        return Scene.nothing();
      }
      requireIndex(collection, index, header.count() - 1);
      return collections.index(collection, item) == index
          ? Scene.nothing()
          : scene.append(
              new ItemMoved(scene.receiveNanos(), header.owner(), collection, item, index, key));
    }

    @Override
    public void repeated(long original, Scene scene) {
      moved.set(true);
    }
  }

  /// Another name, visibility, or circle of users.
  record Change(long collection, CollectionWrite.Change.What what, @Nullable IdempotencyKey key)
      implements CollectionDraft {

    @Override
    public int sizeBytes() {
      return EVENT_BYTES + (what instanceof Name(var name) ? 3 * name.length() : 0);
    }

    @Override
    public Receipt resolve(Scene scene) {
      var before = require(scene, collection);
      if (isInPlace(before)) {
        return Scene.nothing();
      }
      if (what instanceof Name(var name)) {
        requireFree(scene.pending().collections(), before.owner(), name);
      }
      int shares = before.shares().size();
      if (what instanceof Shared(_, var on) && on && shares >= SHARES_MAX) {
        throw new LimitExceededException(
            "shares", SHARES_MAX, shares + 1L, "collection=" + id(collection));
      }
      return scene.append(event(scene.receiveNanos(), before.owner()));
    }

    /// The owner sees it anyway: sharing with the owner changes nothing.
    private boolean isInPlace(Header before) {
      return switch (what) {
        case Name(var name) -> name.equals(before.name());
        case Seen(var visibility) -> visibility == before.visibility();
        case Shared(var user, var on) ->
            user.value() == before.owner() || before.shares().contains(user.value()) == on;
      };
    }

    private CollectionChanged event(long time, long owner) {
      var none = OptionalLong.empty();
      Optional<String> name = Optional.empty();
      Optional<Visibility> same = Optional.empty();
      return switch (what) {
        case Name(var other) ->
            new CollectionChanged(
                time, owner, collection, Optional.of(other), same, none, none, key);
        case Seen(var visibility) ->
            new CollectionChanged(
                time, owner, collection, name, Optional.of(visibility), none, none, key);
        case Shared(var user, var on) -> {
          var one = OptionalLong.of(user.value());
          yield on
              ? new CollectionChanged(time, owner, collection, name, same, one, none, key)
              : new CollectionChanged(time, owner, collection, name, same, none, one, key);
        }
      };
    }
  }

  /// The end of a collection.
  record Drop(long collection, @Nullable IdempotencyKey key) implements CollectionDraft {

    @Override
    public Receipt resolve(Scene scene) {
      long owner = require(scene, collection).owner();
      return scene.append(new CollectionDropped(scene.receiveNanos(), owner, collection, key));
    }
  }

  private static Header require(Scene scene, long collection) {
    return scene
        .pending()
        .collections()
        .header(collection)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "collection", id(collection), "list the owner's collections"));
  }

  private static void requireFree(PendingCollections collections, long owner, String name) {
    var taken = collections.named(owner, name);
    if (taken.isPresent()) {
      throw new NameTakenException(EntityId.of(owner), name, CollectionId.of(taken.getAsLong()));
    }
  }

  private static void requireIndex(long collection, int index, int indexMax) {
    if (index > indexMax) {
      throw new InvalidRequestException(
          "INDEX_OUT_OF_RANGE",
          "place out of range: collection="
              + id(collection)
              + " given="
              + index
              + " allowed=0…"
              + indexMax);
    }
  }

  private static String id(long collection) {
    return Long.toUnsignedString(collection);
  }
}
