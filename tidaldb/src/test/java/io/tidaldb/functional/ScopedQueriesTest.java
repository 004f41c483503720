package io.tidaldb.functional;

import static io.tidaldb.schema.Predicate.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Queries by what a cohort does and inside a collection, through the door.
final class ScopedQueriesTest {

  private static final int ITEMS = 12;
  private static final int USERS = 8;

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    return Doors.on(volume, backend).clock(clock).open();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  /// Even users are English, odd ones German.
  private void fill(TidalDb db) {
    for (long user = 1; user <= USERS; user++) {
      db.writeUser(EntityId.of(user), Map.of("language", user % 2 == 0 ? "en" : "de"));
    }
    for (long item = 1; item <= ITEMS; item++) {
      db.writeItem(EntityId.of(item), Map.of("title", "item " + item));
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void aCohortsOrderEqualsTheNaiveCountOfItsMembersBeforeAndAfterACrash() {
    var db = open();
    fill(db);
    db.defineCohort("english", eq("language", "en"));
    var since = Timestamp.of(clock.instant());
    db.defineCohort("german", eq("language", "de"));
    var random = new SplittableRandom(11);
    Map<String, Map<Long, Integer>> counts = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      long user = random.nextInt(USERS + 1);
      long item = 1L + random.nextInt(ITEMS - 2);
      var signal = user == 0 ? Signal.anonymous() : Signal.by(user);
      db.signal("view", EntityId.of(item), signal);
      var cohort = user == 0 ? "nobody" : user % 2 == 0 ? "english" : "german";
      counts.computeIfAbsent(cohort, _ -> new HashMap<>()).merge(item, 1, Integer::sum);
    }
    check(db, counts, since);
    TestDoor.abandon(db);
    try (var again = open()) {
      check(again, counts, since);
    }
  }

  private static void check(TidalDb db, Map<String, Map<Long, Integer>> counts, Timestamp since) {
    for (var cohort : List.of("english", "german")) {
      var naive = counts.getOrDefault(cohort, Map.of());
      // Ties: the newest first, and a greater id is newer here.
      var expected =
          naive.keySet().stream()
              .sorted(
                  (a, b) ->
                      naive.get(b) - naive.get(a) != 0
                          ? naive.get(b) - naive.get(a)
                          : Long.compare(b, a))
              .toList();
      var request = Retrieve.items().forCohort(cohort);
      for (var ranked :
          List.of(
              request.sortBy(Sort.MOST_VIEWED),
              request.sortBy(Sort.MOST_VIEWED).window(Window.ONE_HOUR),
              request,
              request.profile("trending"))) {
        assertThat(ids(db.retrieve(ranked))).as("%s", ranked).hasSameElementsAs(expected);
      }
      assertThat(ids(db.retrieve(request.sortBy(Sort.MOST_VIEWED)))).isEqualTo(expected);
      assertThat(db.retrieve(request).stats().since()).contains(since);
      var often = Filter.signal("view").count(Window.ALL_TIME).atLeast(12);
      assertThat(ids(db.retrieve(request.sortBy(Sort.MOST_VIEWED).filter(often))))
          .isEqualTo(expected.stream().filter(item -> naive.get(item) >= 12).toList());
      for (var hit : db.retrieve(request.sortBy(Sort.MOST_VIEWED))) {
        assertThat(hit.score()).isEqualTo(naive.get(hit.id().value()).doubleValue());
      }
    }
  }

  @Test
  void theHeadOfACohortIsItsOwnAndTotalsAreTheScopes() {
    try (var db = open()) {
      fill(db);
      db.defineCohort("english", eq("language", "en"));
      db.saveProfile(Profile.named("hottest").term(new Feature.Decayed("view"), 1).build());
      var hottest = Retrieve.items().profile("hottest").limit(1);
      db.signal("view", EntityId.of(3), Signal.by(2));
      for (int i = 0; i < 9; i++) {
        db.signal("view", EntityId.of(5), Signal.by(1));
      }
      assertThat(ids(db.retrieve(hottest))).containsExactly(5L);
      var ofCohort = db.retrieve(hottest.forCohort("english"));
      assertThat(ids(ofCohort)).containsExactly(3L);
      // All of the cohort's views are of item 3: x / X is 1, so r is √N.
      double root = Math.sqrt(Math.sqrt(ITEMS));
      assertThat(ofCohort.hits().getFirst().score()).isEqualTo(root / (1 + root));
    }
  }

  @Test
  void trendingForACohortDiffersFromGlobalTrendingAndHiddenStaysHidden() {
    try (var db = open()) {
      fill(db);
      db.defineCohort("english", eq("language", "en"));
      for (long item : new long[] {3, 3, 3, 4}) {
        db.signal("share", EntityId.of(item), Signal.by(2));
      }
      for (int i = 0; i < 50; i++) {
        db.signal("share", EntityId.of(7), Signal.by(1));
      }
      assertThat(ids(db.retrieve(Retrieve.items().limit(1)))).containsExactly(7L);
      var ofCohort = Retrieve.items().forCohort("english");
      var results = db.retrieve(ofCohort);
      assertThat(ids(results)).containsExactly(3L, 4L);
      assertThat(results.stats().profile()).isEqualTo("cohort_trending@1");
      assertThat(ids(db.retrieve(ofCohort.profile("trending")))).containsExactly(3L, 4L);
      db.hide(9, 3);
      assertThat(ids(db.retrieve(ofCohort.forUser(9)))).containsExactly(4L);
      assertThatThrownBy(() -> db.retrieve(Retrieve.items().forCohort("welsh")))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("welsh");
      db.dropCohort("english");
      assertThatThrownBy(() -> db.retrieve(ofCohort)).isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void aCollectionFiltersForThoseWhoMaySeeIt() {
    try (var db = open()) {
      fill(db);
      var owner = EntityId.of(1);
      var friend = EntityId.of(2);
      var stranger = EntityId.of(3);
      for (var visibility : Visibility.values()) {
        var id = db.createCollection(owner, "kept " + visibility, visibility);
        db.addToCollection(id, EntityId.of(4));
        db.addToCollection(id, EntityId.of(6));
        db.shareCollection(id, friend);
        var inside = Retrieve.items().sortBy(Sort.OLD).filter(Filter.inCollection(id));
        for (var request : List.of(inside, inside.forUser(owner), inside.forUser(friend))) {
          assertThat(ids(db.retrieve(request))).containsExactly(4L, 6L);
        }
        if (visibility == Visibility.PRIVATE) {
          assertThatThrownBy(() -> db.retrieve(inside.forUser(stranger)))
              .isInstanceOf(NotFoundException.class);
        } else {
          assertThat(ids(db.retrieve(inside.forUser(stranger)))).containsExactly(4L, 6L);
        }
        db.removeFromCollection(id, EntityId.of(4));
        assertThat(ids(db.retrieve(inside))).containsExactly(6L);
        db.deleteItem(EntityId.of(6));
        assertThat(ids(db.retrieve(inside))).isEmpty();
        db.writeItem(EntityId.of(6), Map.of());
        assertThat(ids(db.retrieve(inside))).isEmpty();
        db.deleteCollection(id);
        assertThatThrownBy(() -> db.retrieve(inside)).isInstanceOf(NotFoundException.class);
      }
      assertThatThrownBy(
              () -> db.retrieve(Retrieve.items().filter(Filter.inCollection(CollectionId.of(99)))))
          .isInstanceOf(NotFoundException.class);
    }
  }
}
