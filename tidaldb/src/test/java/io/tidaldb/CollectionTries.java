package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Ending;
import io.tidaldb.testing.Endings;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.TestStore;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// A collection that is filled, and what is left of it after each ending.
final class CollectionTries {

  private CollectionTries() {}

  /// How many items there are, and how many of them are added.
  record Filling(int items, int added, long seed) {}

  static void fill(TidalDb db, int items, int added) {
    db.write(range(1, items).stream().map(id -> Write.item(EntityId.of(id), Map.of())).toList());
    var id = db.createCollection(1, "test", Visibility.PUBLIC);
    for (long i = 1; i <= added; i++) {
      db.addToCollection(id, EntityId.of(i));
    }
  }

  static void filled(TidalDb db, int items, int added) {
    var collections = db.listCollections(1);
    assertThat(collections).hasSize(1);
    assertThat(collections.getFirst().itemCount()).isEqualTo(added);
    var id = collections.getFirst().id();
    CollectionReadings.agree(db, 1, id, range(1, added), range(1, items));
  }

  static void itemsSurviveClose(Filling filling) {
    var store = TestStore.empty();
    try (var db = store.open(Schemas.withCollections(), new ManualClock())) {
      fill(db, filling.items, filling.added);
    }
    var left = store.crash(CrashChoice.none(), 1);
    try (var db = left.open(Schemas.withCollections(), new ManualClock())) {
      filled(db, filling.items, filling.added);
    }
  }

  /// The world stops at some point of some add, which is then in or out in all readings.
  static void itemsSurviveCrash(Filling filling) {
    var random = new SplittableRandom(filling.seed);
    var points =
        List.of(
            CrashPoint.COLLECTION_INDEX_UPDATE,
            CrashPoint.WAL_PRE_AGGREGATE,
            CrashPoint.WAL_POST_AGGREGATE);
    // Two frames before the first add: schema and items; each add reaches each point once or more.
    var injector = Crashes.at(points.get(random.nextInt(3)), 4 + random.nextInt(filling.added + 1));
    var store = TestStore.empty();
    long answered = -1;
    var db = store.open(Schemas.withCollections(), new ManualClock(), injector, same -> same);
    try {
      db.write(
          range(1, filling.items).stream()
              .map(id -> Write.item(EntityId.of(id), Map.of()))
              .toList());
      var id = db.createCollection(1, "test", Visibility.PUBLIC);
      answered = 0;
      for (long i = 1; i <= filling.added; i++) {
        db.addToCollection(id, EntityId.of(i));
        answered = i;
      }
    } catch (SimulatedCrash | TidalException stopped) {
      assertThat(injector.fired()).as("%s", stopped).isTrue();
    } finally {
      TestDoor.abandon(db);
    }
    var left = store.crash(CrashChoice.seeded(filling.seed), random.nextInt(3) / 2.0);
    var again = left.open(Schemas.withCollections(), new ManualClock());
    try {
      var collections = again.listCollections(1);
      int present = collections.isEmpty() ? -1 : collections.getFirst().itemCount();
      // What was interrupted was durable: it is in.
      assertThat(present).isEqualTo(answered + (injector.fired() ? 1 : 0));
      if (present >= 0) {
        filled(again, filling.items, present);
      }
    } finally {
      TestDoor.abandon(again);
    }
  }

  static void itemsSurviveKill(int items, int added) {
    Endings.after(
        Ending.KILL,
        Schemas.withCollections(),
        db -> fill(db, items, added),
        db -> filled(db, items, added));
  }

  static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
