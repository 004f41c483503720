package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Hidden means hidden: whatever is written, in every order, on every page, after every crash, no
/// user gets what the rules forbid, and each gets everything else.
final class HiddenMeansHiddenProperties {

  private static final List<Sort> SORTS = List.of(Sort.values());
  private static final int USERS = 4;
  private static final int ITEMS = 10;
  private static final int STEPS = 120;

  @Test
  void noForbiddenItemEver() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(6)
        .check(seed -> new Run(new SplittableRandom(seed)).play());
  }

  /// One random history with its naive model. Account n is USER n and CREATOR n; items are of
  /// creators among the users.
  private static final class Run {
    private final SplittableRandom random;
    private final ManualClock clock = new ManualClock();
    private final SimulatedVolume volume = new SimulatedVolume();
    private final InMemoryBackend backend = new InMemoryBackend();
    private TidalDb db;

    private final Map<Long, Long> creators = new HashMap<>();
    private final Map<Long, Timestamp> availableFrom = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final Set<String> blocked = new HashSet<>();
    private final Set<String> muted = new HashSet<>();
    private final Map<Long, Retrieve> open = new LinkedHashMap<>();

    Run(SplittableRandom random) {
      this.random = random;
      this.db = open();
    }

    private TidalDb open() {
      return Doors.on(volume, backend).clock(clock).open();
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        clock.advance(Duration.ofMillis(1));
        act();
        if (step % 10 == 9) {
          checkEverybody();
        }
      }
      checkEverybody();
      db.close();
    }

    private long account() {
      return 1L + random.nextInt(USERS);
    }

    private void act() {
      long user = account();
      long other = account();
      long item = 1L + random.nextInt(ITEMS);
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> write(item, other);
        case 3 -> delete(item);
        case 4 -> hide(user, item);
        case 5 -> {
          db.signal("hide", EntityId.of(item), Signal.by(user));
          hidden.add(user + " " + item);
        }
        case 6 -> {
          db.unhide(user, item);
          hidden.remove(user + " " + item);
        }
        case 7 -> block(user, other, random.nextBoolean());
        case 8 -> unblock(user, other);
        case 9 -> {
          db.mute(user, other);
          muted.add(user + " " + other);
        }
        case 10 -> {
          db.unmute(user, other);
          muted.remove(user + " " + other);
        }
        case 11 -> db.signal("like", EntityId.of(item), Signal.by(user));
        case 12 -> {
          if (random.nextBoolean()) {
            db.checkpoint();
          }
          TestDoor.abandon(db);
          db = open();
        }
        default -> {
          var page = db.retrieve(request(user, SORTS.get(random.nextInt(SORTS.size()))));
          page.next().ifPresent(next -> open.put(user, lastRequest.after(next)));
        }
      }
    }

    private Retrieve lastRequest = Retrieve.items();

    private Retrieve request(long user, Sort sort) {
      lastRequest = Retrieve.items().forUser(user).sortBy(sort).limit(1 + random.nextInt(3));
      return lastRequest;
    }

    private void write(long item, long creator) {
      var from = Timestamp.of(clock.instant().plusMillis(random.nextInt(20) - 15));
      db.writeItem(
          EntityId.of(item),
          Map.of("creator_id", creator, "title", "item " + item, "available_from", from));
      creators.put(item, creator);
      availableFrom.put(item, from);
    }

    private void delete(long item) {
      db.deleteItem(EntityId.of(item));
      creators.remove(item);
    }

    private void hide(long user, long item) {
      db.hide(user, item);
      hidden.add(user + " " + item);
    }

    /// By either kind of target: it is one account.
    private void block(long user, long other, boolean asUser) {
      if (user == other) {
        return;
      }
      var id = EntityId.of(other);
      db.setRelation(
          EntityId.of(user), RelationType.BLOCK, asUser ? Target.user(id) : Target.creator(id));
      blocked.add(user + " " + other);
    }

    private void unblock(long user, long other) {
      for (var target :
          new Target[] {Target.user(EntityId.of(other)), Target.creator(EntityId.of(other))}) {
        db.removeRelation(EntityId.of(user), RelationType.BLOCK, target);
      }
      blocked.remove(user + " " + other);
    }

    private boolean mayBeShown(long user, long item) {
      var creator = creators.get(item);
      return creator != null
          && availableFrom.get(item).nanos() <= Timestamp.of(clock.instant()).nanos()
          && !hidden.contains(user + " " + item)
          && !blocked.contains(user + " " + creator)
          && !blocked.contains(creator + " " + user);
    }

    private boolean isMuted(long user, long item) {
      return muted.contains(user + " " + creators.get(item));
    }

    private void checkEverybody() {
      for (long user = 1; user <= USERS; user++) {
        long me = user;
        var allowed =
            creators.keySet().stream()
                .filter(item -> mayBeShown(me, item))
                .collect(Collectors.toSet());
        var unmuted =
            allowed.stream().filter(item -> !isMuted(me, item)).collect(Collectors.toSet());
        check(user, allowed, unmuted);
      }
    }

    private void check(long user, Set<Long> allowed, Set<Long> unmuted) {
      var mine = Retrieve.items().forUser(user);
      assertThat(all(mine.sortBy(Sort.NEW).limit(2))).isEqualTo(unmuted);
      assertThat(all(mine.profile("trending").limit(3))).isEqualTo(unmuted);
      assertThat(all(mine.profile("new").explore(0.5).limit(3))).isEqualTo(unmuted);
      var other = SORTS.get(random.nextInt(SORTS.size()));
      assertThat(unmuted).containsAll(all(mine.sortBy(other)));
      var mutedOnes = new HashSet<>(allowed);
      mutedOnes.removeAll(unmuted);
      assertThat(all(mine.filter(Filter.muted()))).isEqualTo(mutedOnes);
      long creator = account();
      var page =
          allowed.stream().filter(i -> creators.get(i) == creator).collect(Collectors.toSet());
      assertThat(all(mine.forCreator(EntityId.of(creator)))).isEqualTo(page);
      long seed = 1L + random.nextInt(ITEMS);
      assertThat(unmuted).containsAll(all(mine.relatedTo(EntityId.of(seed))));
      var old = open.remove(user);
      if (old != null) {
        assertThat(unmuted).containsAll(ids(db.retrieve(old)));
      }
    }

    private Set<Long> all(Retrieve request) {
      var page = db.retrieve(request);
      var found = new HashSet<>(ids(page));
      while (page.next().isPresent()) {
        page = db.retrieve(request.after(page.next().get()));
        found.addAll(ids(page));
      }
      return found;
    }

    private static Set<Long> ids(Results results) {
      return results.hits().stream().map(hit -> hit.id().value()).collect(Collectors.toSet());
    }
  }
}
