package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NameTakenException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.ModelCollections;
import io.tidaldb.testing.ModelCollections.Shelf;
import io.tidaldb.testing.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Random calls about collections at a door, and what a naive model says of each.
final class Shelves {

  private static final List<Long> ITEMS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 0L, -1L);
  private static final List<Long> USERS = List.of(1L, 2L, 3L, 0L, -1L);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final ManualClock clock;
  private final SplittableRandom random;
  private final ModelCollections model = new ModelCollections();
  private final Set<Long> live = new TreeSet<>();

  Shelves(ManualClock clock, long seed) {
    this.clock = clock;
    this.random = new SplittableRandom(seed);
  }

  /// A write and what the model does for it: whether anything changed, or a refusal.
  private record Call(Write write, Supplier<Boolean> change) {}

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private long now() {
    return Timestamp.now(clock).nanos();
  }

  private static EntityId id(long value) {
    return EntityId.of(value);
  }

  /// Does one random call, or a batch of several, at the door and in the model. What the door
  /// cannot answer any more, because the world has stopped, is done in the model nevertheless.
  void take(TidalDb db) {
    clock.advance(java.time.Duration.ofNanos(random.nextLong(3)));
    if (random.nextInt(5) == 0) {
      batch(db);
      return;
    }
    var call = call();
    Object expected = outcome(call.change);
    Object answered;
    try {
      answered = !db.write(List.of(call.write)).getFirst().duplicate();
    } catch (NameTakenException | NotFoundException refused) {
      answered = refused.getClass();
    }
    assertThat(answered).as(call.write.toString()).isEqualTo(expected);
  }

  private static Object outcome(Supplier<Boolean> change) {
    try {
      return change.get();
    } catch (Refusal refusal) {
      return refusal.getMessage().contains("NAME_TAKEN")
          ? NameTakenException.class
          : NotFoundException.class;
    }
  }

  /// Calls that the model does not refuse, so that the batch is not.
  private void batch(TidalDb db) {
    var writes = new ArrayList<Write>();
    var expected = new ArrayList<Boolean>();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      var call = call();
      if (outcome(call.change) instanceof Boolean changed) {
        writes.add(call.write);
        expected.add(changed);
      }
    }
    var receipts = db.write(writes);
    assertThat(receipts.stream().map(receipt -> !receipt.duplicate()).toList())
        .as(writes.toString())
        .isEqualTo(expected);
  }

  private Call call() {
    int what = random.nextInt(24);
    if (what < 4) {
      return item();
    }
    if (what == 4 || model.all().isEmpty()) {
      long owner = any(USERS);
      String name = any(NAMES);
      var visibility = any(List.of(Visibility.values()));
      return new Call(
          CollectionWrite.create(id(owner), name, visibility),
          () -> model.create(owner, name, visibility, now()) > 0);
    }
    long collection = random.nextInt(30) == 0 ? 99 : any(model.all()).id();
    return what < 18 ? member(collection, what) : change(collection, what);
  }

  private Call item() {
    long item = any(ITEMS);
    if (random.nextInt(3) == 0) {
      return new Call(
          Write.delete(EntityKind.ITEM, id(item), Optional.empty()),
          () -> {
            model.itemDeleted(item);
            return live.remove(item);
          });
    }
    return new Call(
        Write.item(id(item), Map.of()),
        () -> {
          var _ = live.add(item);
          return true;
        });
  }

  private int size(long collection) {
    return model.all().stream()
        .filter(shelf -> shelf.id() == collection)
        .mapToInt(shelf -> shelf.items().size())
        .findFirst()
        .orElse(1);
  }

  private Call member(long collection, int what) {
    var at = CollectionId.of(collection);
    long item = any(ITEMS);
    int size = size(collection);
    if (what < 12) {
      int index = random.nextInt(size + 2) - 1;
      return new Call(
          index < 0 ? CollectionWrite.add(at, id(item)) : CollectionWrite.add(at, id(item), index),
          () -> {
            var _ = model.shelf(collection);
            if (!live.contains(item)) {
              throw new Refusal("NotFoundException");
            }
            return model.add(collection, item, index, now());
          });
    }
    if (what < 14 || size == 0) {
      return new Call(CollectionWrite.remove(at, id(item)), () -> model.remove(collection, item));
    }
    int index = random.nextInt(size);
    return new Call(
        CollectionWrite.move(at, id(item), index),
        () -> {
          var before = model.shelf(collection).items();
          var _ = model.move(collection, item, index);
          return !before.equals(model.shelf(collection).items());
        });
  }

  private Call change(long collection, int what) {
    var at = CollectionId.of(collection);
    long user = any(USERS);
    return switch (what) {
      case 18 -> {
        String name = any(NAMES);
        yield new Call(
            CollectionWrite.rename(at, name),
            () -> {
              String before = model.shelf(collection).name();
              model.rename(collection, name);
              return !before.equals(name);
            });
      }
      case 19 -> {
        var visibility = any(List.of(Visibility.values()));
        yield new Call(
            CollectionWrite.show(at, visibility),
            () -> {
              var before = model.shelf(collection).visibility();
              model.show(collection, visibility);
              return before != visibility;
            });
      }
      case 20, 21, 22 -> {
        boolean on = what < 22;
        yield new Call(
            on ? CollectionWrite.share(at, id(user)) : CollectionWrite.unshare(at, id(user)),
            () -> {
              var shelf = model.shelf(collection);
              boolean changes = shelf.owner() != user && shelf.shares().contains(user) != on;
              if (changes) {
                model.share(collection, user, on);
              }
              return changes;
            });
      }
      default ->
          new Call(
              CollectionWrite.delete(at),
              () -> {
                model.drop(collection);
                return true;
              });
    };
  }

  /* --- comparing --- */

  /// Everything that the door says of collections is what the model says.
  void compare(TidalDb db) {
    for (long owner : USERS) {
      assertThat(db.listCollections(owner).stream().map(info -> info.id().value()).toList())
          .isEqualTo(model.of(owner).stream().map(Shelf::id).toList());
      for (long viewer : USERS) {
        assertThat(
                db.listCollections(id(owner), id(viewer)).stream()
                    .map(info -> info.id().value())
                    .toList())
            .isEqualTo(
                model.of(owner).stream()
                    .filter(shelf -> listed(shelf, viewer))
                    .map(Shelf::id)
                    .toList());
      }
      for (long item : ITEMS) {
        assertThat(db.collectionsOf(id(item), id(owner)).stream().map(i -> i.id().value()).toList())
            .isEqualTo(model.of(owner).stream().filter(s -> s.holds(item)).map(Shelf::id).toList());
      }
    }
    for (long id = 1; id < model.nextId(); id++) {
      compare(db, id);
    }
  }

  private static boolean listed(Shelf shelf, long viewer) {
    return shelf.visibility() == Visibility.PUBLIC
        || shelf.owner() == viewer
        || shelf.shares().contains(viewer);
  }

  private void compare(TidalDb db, long number) {
    var id = CollectionId.of(number);
    var shelf = model.all().stream().filter(s -> s.id() == number).findFirst();
    if (shelf.isEmpty()) {
      assertThatThrownBy(() -> db.collection(id)).isInstanceOf(NotFoundException.class);
      return;
    }
    var info = db.collection(id);
    assertThat(info.name()).isEqualTo(shelf.get().name());
    assertThat(info.owner()).isEqualTo(id(shelf.get().owner()));
    assertThat(info.visibility()).isEqualTo(shelf.get().visibility());
    assertThat(info.itemCount()).isEqualTo(shelf.get().items().size());
    assertThat(info.created().nanos()).isEqualTo(shelf.get().createdNanos());
    var expected = new ArrayList<CollectionItem>();
    shelf
        .get()
        .members()
        .forEach(
            member ->
                expected.add(
                    new CollectionItem(
                        id(member.item()),
                        expected.size(),
                        Timestamp.ofNanos(member.addedNanos()))));
    assertThat(db.collectionItems(id, PageRequest.first(1_000)).items()).isEqualTo(expected);
    for (long viewer : USERS) {
      boolean may = shelf.get().visibility() == Visibility.UNLISTED || listed(shelf.get(), viewer);
      assertThat(sees(() -> db.collection(id, id(viewer)))).isEqualTo(may);
      assertThat(sees(() -> db.collectionItems(id, id(viewer), PageRequest.first())))
          .isEqualTo(may);
    }
  }

  private static boolean sees(Supplier<?> read) {
    try {
      return read.get() != null;
    } catch (TidalException hidden) {
      assertThat(hidden).isInstanceOf(NotFoundException.class);
      return false;
    }
  }
}
