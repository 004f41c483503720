package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Ten thousand writes and deletions over few ids: a new life of an id begins from nothing on every
/// surface, but who hid it still does not get it.
final class LivesTest {

  private static final int STEPS = 10_000;
  private static final int ITEMS = 6;
  private static final int USERS = 3;
  private static final long OWNER = 1;

  /// What is known of an id since it was last deleted; signals may come before the item.
  private static final class Life {
    private String title = "";
    private boolean written;
    private long views;
    private final Set<Long> seenBy = new TreeSet<>();
    private final Set<Long> likedBy = new TreeSet<>();
    private boolean collected;
  }

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();
  private final SplittableRandom random = new SplittableRandom(20_260_101);
  private final Map<Long, Life> lives = new HashMap<>();
  private final Set<String> hidden = new HashSet<>();
  private TidalDb db = open();
  private CollectionId collection = CollectionId.of(0);

  private TidalDb open() {
    return Doors.on(volume, backend).clock(clock).open();
  }

  @Test
  void noStateOfAnotherLifeEverAppears() {
    for (long item = 1; item <= ITEMS; item++) {
      lives.put(item, new Life());
    }
    collection = db.createCollection(EntityId.of(OWNER), "kept", Visibility.PUBLIC);
    for (int step = 1; step <= STEPS; step++) {
      clock.advance(Duration.ofMillis(1));
      long item = 1L + random.nextInt(ITEMS);
      act(item, 1L + random.nextInt(USERS), step);
      check(item);
      if (step % 500 == 0) {
        checkQueries();
      }
      if (step % 2_500 == 0) {
        TestDoor.abandon(db);
        db = open();
        lives.keySet().forEach(this::check);
      }
    }
    assertThat(db.verify(true).findings()).isEmpty();
    db.close();
  }

  private void act(long item, long user, int step) {
    var id = EntityId.of(item);
    var life = lives.get(item);
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        life.title = "title " + step;
        life.written = true;
        db.writeItem(id, Map.of("title", life.title));
      }
      case 2, 3 -> {
        assertThat(db.deleteItem(id).duplicate()).isEqualTo(!life.written);
        if (life.written) {
          lives.put(item, new Life());
        }
      }
      case 4, 5 -> {
        db.signal("view", id, Signal.by(user));
        life.views++;
        life.seenBy.add(user);
      }
      case 6, 7 -> {
        db.signal("like", id, Signal.by(user));
        life.likedBy.add(user);
      }
      case 8 -> {
        if (life.written) {
          assertThat(db.addToCollection(collection, id)).isEqualTo(!life.collected);
          life.collected = true;
        }
      }
      default -> hide(item, user);
    }
  }

  private void hide(long item, long user) {
    if (random.nextBoolean()) {
      db.hide(user, item);
      hidden.add(user + " " + item);
    } else {
      db.unhide(user, item);
      hidden.remove(user + " " + item);
    }
  }

  private void check(long item) {
    var id = EntityId.of(item);
    var life = lives.get(item);
    assertThat(db.getItemMetadata(id).map(metadata -> metadata.text("title").orElse("")))
        .isEqualTo(life.written ? Optional.of(life.title) : Optional.empty());
    assertThat(Doors.views(db, id)).isEqualTo(life.views);
    assertThat(db.readDecayScore(id, "like") > 0).isEqualTo(!life.likedBy.isEmpty());
    for (long user = 1; user <= USERS; user++) {
      var states = db.readState(EntityId.of(user), id);
      assertThat(states.contains(UserState.SEEN)).isEqualTo(life.seenBy.contains(user));
      assertThat(states.contains(UserState.LIKED)).isEqualTo(life.likedBy.contains(user));
    }
    var neighbours = db.coEngagement().neighbours(id, 100);
    if (life.likedBy.isEmpty()) {
      assertThat(neighbours).isEmpty();
    }
    assertThat(neighbours)
        .extracting(ScoredEntity::id)
        .allMatch(other -> !lives.get(other.value()).likedBy.isEmpty());
    assertThat(collected()).isEqualTo(living(other -> other.collected));
  }

  private Set<Long> collected() {
    return db.collectionItems(collection, PageRequest.first()).items().stream()
        .map(member -> member.item().value())
        .collect(Collectors.toSet());
  }

  private Set<Long> living(Predicate<Life> condition) {
    return lives.keySet().stream()
        .filter(item -> lives.get(item).written && condition.test(lives.get(item)))
        .collect(Collectors.toSet());
  }

  private void checkQueries() {
    for (long user = 1; user <= USERS; user++) {
      long me = user;
      var request = Retrieve.items().forUser(me).sortBy(Sort.NEW);
      Set<Long> shown =
          living(_ -> true).stream()
              .filter(item -> !hidden.contains(me + " " + item))
              .collect(Collectors.toSet());
      assertThat(ids(request)).isEqualTo(shown);
      assertThat(ids(request.filter(Filter.seen())))
          .isEqualTo(and(shown, living(life -> life.seenBy.contains(me))));
      assertThat(ids(request.filter(Filter.liked())))
          .isEqualTo(and(shown, living(life -> life.likedBy.contains(me))));
      assertThat(ids(request.filter(Filter.inCollection(collection))))
          .isEqualTo(and(shown, living(life -> life.collected)));
    }
  }

  private static Set<Long> and(Set<Long> a, Set<Long> b) {
    var both = new HashSet<>(a);
    both.retainAll(b);
    return both;
  }

  private Set<Long> ids(Retrieve request) {
    return db.retrieve(request).hits().stream()
        .map(hit -> hit.id().value())
        .collect(Collectors.toSet());
  }
}
