package io.tidaldb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.testing.ModelCollections;
import io.tidaldb.testing.ModelCollections.Shelf;
import io.tidaldb.testing.StateText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The view beside a naive model: each step changes both, and everything that can be read of the
/// one is compared with the other.
final class CollectionWorld {

  static final List<Long> ITEMS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 0L, -1L);
  static final List<Long> USERS = List.of(1L, 2L, 0L, -1L);

  /// What is done; the numbers choose among what there is.
  record Step(int what, int a, int b, int c) {}

  final Fold fold;
  private final ModelCollections model = new ModelCollections();
  private final Map<Long, Long> changed = new HashMap<>();
  private final Set<Long> live = new TreeSet<>();
  private long now = 1_000;
  private int names;

  CollectionWorld(Fold fold) {
    this.fold = fold;
  }

  void take(Step step) {
    now++;
    switch (step.what) {
      case 0 -> create(step);
      case 1, 2, 3, 4 -> add(step);
      case 5 -> remove(step);
      case 6, 7 -> move(step.a, step.b, step.c);
      case 8 -> alter(step);
      case 9 -> drop(step);
      case 10, 11 -> write(any(ITEMS, step.a));
      case 12 -> delete(any(ITEMS, step.a));
      case 13 -> erase(step);
      case 14 -> churn(step);
      case 15 ->
          fold.crash(
              Math.min(
                  step.a % 4, io.tidaldb.storage.CrashedBackend.unflushedBatches(fold.storage)));
      default -> fold.publish();
    }
  }

  private static <T> T any(List<T> values, int number) {
    return values.get(number % values.size());
  }

  private Optional<Shelf> shelf(int number) {
    var all = model.all();
    return all.isEmpty() ? Optional.empty() : Optional.of(any(all, number));
  }

  private void create(Step step) {
    long owner = any(USERS, step.a);
    String name = "n" + names++;
    var visibility = any(List.of(Visibility.values()), step.b);
    long id = model.create(owner, name, visibility, now);
    changed.put(id, now);
    fold.apply(new CollectionEvent.CollectionCreated(now, owner, id, visibility, name, null));
  }

  private void add(Step step) {
    shelf(step.a)
        .ifPresent(
            shelf -> {
              long item = any(ITEMS, step.b);
              write(item);
              int index = step.c % (shelf.items().size() + 2) - 1;
              if (model.add(shelf.id(), item, index, now)) {
                changed.put(shelf.id(), now);
                fold.apply(
                    new CollectionEvent.ItemAdded(
                        now, shelf.owner(), shelf.id(), item, index, null));
              }
            });
  }

  private void remove(Step step) {
    shelf(step.a)
        .filter(shelf -> !shelf.items().isEmpty())
        .ifPresent(
            shelf -> {
              long item = any(shelf.items(), step.b);
              var _ = model.remove(shelf.id(), item);
              changed.put(shelf.id(), now);
              fold.apply(
                  new CollectionEvent.ItemRemoved(now, shelf.owner(), shelf.id(), item, null));
            });
  }

  private void move(int a, int b, int c) {
    shelf(a)
        .filter(shelf -> !shelf.items().isEmpty())
        .ifPresent(
            shelf -> {
              var before = shelf.items();
              long item = any(before, b);
              int index = c % (before.size() + 1) - 1;
              var _ = model.move(shelf.id(), item, index);
              if (!shelf.items().equals(before)) {
                changed.put(shelf.id(), now);
              }
              fold.apply(
                  new CollectionEvent.ItemMoved(now, shelf.owner(), shelf.id(), item, index, null));
            });
  }

  /// Moves the last member to the second place so often that no number is left there.
  private void churn(Step step) {
    shelf(step.a)
        .filter(shelf -> shelf.items().size() > 2)
        .ifPresent(
            shelf -> {
              int size = shelf.items().size();
              for (int i = 0; i < 40; i++) {
                move(step.a, size - 1, 2);
              }
            });
  }

  private void alter(Step step) {
    shelf(step.a)
        .ifPresent(
            shelf -> {
              Optional<String> name = Optional.empty();
              Optional<Visibility> visibility = Optional.empty();
              var share = OptionalLong.empty();
              var unshare = OptionalLong.empty();
              switch (step.b % 4) {
                case 0 -> {
                  name = Optional.of("n" + names++);
                  model.rename(shelf.id(), name.get());
                }
                case 1 -> {
                  visibility = Optional.of(any(List.of(Visibility.values()), step.c));
                  model.show(shelf.id(), visibility.get());
                }
                case 2 -> {
                  share = OptionalLong.of(any(USERS, step.c));
                  model.share(shelf.id(), share.getAsLong(), true);
                }
                default -> {
                  unshare = OptionalLong.of(any(USERS, step.c));
                  model.share(shelf.id(), unshare.getAsLong(), false);
                }
              }
              changed.put(shelf.id(), now);
              fold.apply(
                  new CollectionEvent.CollectionChanged(
                      now, shelf.owner(), shelf.id(), name, visibility, share, unshare, null));
            });
  }

  private void drop(Step step) {
    shelf(step.a)
        .ifPresent(
            shelf -> {
              model.drop(shelf.id());
              fold.apply(
                  new CollectionEvent.CollectionDropped(now, shelf.owner(), shelf.id(), null));
            });
  }

  private void write(long item) {
    var _ = live.add(item);
    fold.apply(Fold.written(now, item));
  }

  private void delete(long item) {
    if (live.remove(item)) {
      model.all().stream()
          .filter(shelf -> shelf.holds(item))
          .forEach(shelf -> changed.put(shelf.id(), now));
      model.itemDeleted(item);
      fold.apply(Fold.deleted(now, item));
    }
  }

  private void erase(Step step) {
    if (step.b % 4 != 0) {
      return;
    }
    long user = any(USERS, step.a);
    model.all().stream()
        .filter(shelf -> shelf.shares().contains(user))
        .forEach(shelf -> changed.put(shelf.id(), now));
    model.userErased(user);
    fold.apply(new Event.UserErased(now, user, null));
  }

  /* --- comparing --- */

  /// What the writer is told, at any time.
  void compareFolded() {
    assertThat(fold.view.lastId()).isEqualTo(model.nextId() - 1);
    for (long id = 1; id < model.nextId(); id++) {
      var shelf = find(id);
      assertThat(fold.view.header(id).map(Header::info)).isEqualTo(shelf.map(this::info));
      long[] items =
          shelf.map(s -> s.items().stream().mapToLong(i -> i).toArray()).orElse(new long[0]);
      assertThat(fold.view.items(id)).containsExactly(items);
      for (long item : ITEMS) {
        int index = shelf.map(s -> s.items().indexOf(item)).orElse(-1);
        assertThat(fold.view.index(id, item)).isEqualTo(index);
        assertThat(fold.view.contains(id, item)).isEqualTo(index >= 0);
      }
    }
    for (long owner : USERS) {
      Map<String, Long> names = new HashMap<>();
      model.of(owner).forEach(shelf -> names.put(shelf.name(), shelf.id()));
      assertThat(fold.view.names(owner)).isEqualTo(names);
    }
  }

  private Optional<Shelf> find(long id) {
    return model.all().stream().filter(shelf -> shelf.id() == id).findFirst();
  }

  private CollectionInfo info(Shelf shelf) {
    return new Header(
            shelf.owner(),
            shelf.id(),
            shelf.name(),
            shelf.visibility(),
            shelf.createdNanos(),
            changed.get(shelf.id()),
            0,
            shelf.items().size(),
            shelf.shares())
        .info();
  }

  /// What everyone reads, behind a published frame.
  void comparePublished() {
    fold.publish();
    assertThat(fold.view.verify()).isEmpty();
    assertThat(fold.reader().count()).isEqualTo(model.all().size());
    var viewers =
        Stream.concat(Stream.of(OptionalLong.empty()), USERS.stream().map(OptionalLong::of))
            .toList();
    for (var viewer : viewers) {
      for (long owner : USERS) {
        assertThat(fold.reader().list(owner, viewer))
            .isEqualTo(
                model.of(owner).stream().filter(s -> listed(s, viewer)).map(this::info).toList());
      }
      for (long id = 0; id < model.nextId(); id++) {
        compare(id, viewer);
      }
    }
    for (long owner : USERS) {
      compareSets(owner);
    }
  }

  private static boolean listed(Shelf shelf, OptionalLong viewer) {
    return viewer.isEmpty()
        || shelf.visibility() == Visibility.PUBLIC
        || viewer.getAsLong() == shelf.owner()
        || shelf.shares().contains(viewer.getAsLong());
  }

  private void compare(long id, OptionalLong viewer) {
    var shelf =
        find(id)
            .filter(s -> s.visibility() == Visibility.UNLISTED || listed(s, viewer))
            .orElse(null);
    if (shelf == null) {
      notFound(() -> fold.reader().info(id, viewer));
      notFound(() -> fold.reader().items(id, viewer, PageRequest.first()));
      notFound(() -> fold.reader().slots(id, viewer));
      return;
    }
    assertThat(fold.reader().info(id, viewer)).isEqualTo(info(shelf));
    List<CollectionItem> read = new ArrayList<>();
    var request = Optional.of(PageRequest.first(2));
    while (request.isPresent()) {
      var page = fold.reader().items(id, viewer, request.get());
      read.addAll(page.items());
      request = page.following(request.get());
    }
    List<CollectionItem> expected = new ArrayList<>();
    for (var member : shelf.members()) {
      expected.add(
          new CollectionItem(
              io.tidaldb.schema.EntityId.of(member.item()),
              expected.size(),
              Timestamp.ofNanos(member.addedNanos())));
    }
    assertThat(read).isEqualTo(expected);
    assertThat(fold.reader().slots(id, viewer).toArray())
        .containsExactlyInAnyOrder(slots(shelf.items().stream()));
  }

  private int[] slots(Stream<Long> items) {
    return items
        .mapToInt(item -> fold.slots.slot(EntityKind.ITEM, item))
        .sorted()
        .distinct()
        .toArray();
  }

  private static void notFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(NotFoundException.class).isThrownBy(call);
  }

  private void compareSets(long owner) {
    assertThat(fold.reader().slotsOf(owner).toArray())
        .containsExactly(slots(model.of(owner).stream().flatMap(shelf -> shelf.items().stream())));
    for (long item : ITEMS) {
      assertThat(fold.reader().holding(item, owner))
          .isEqualTo(model.of(owner).stream().filter(s -> s.holds(item)).map(this::info).toList());
    }
  }

  /// The canonical state is that of the same log, folded in one frame.
  void compareFresh() {
    assertThat(StateText.of(fold.view)).isEqualTo(StateText.of(fold.fresh().view));
  }
}
