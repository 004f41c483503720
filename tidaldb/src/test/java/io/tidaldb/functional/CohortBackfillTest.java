package io.tidaldb.functional;

import static io.tidaldb.schema.Predicate.eq;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Cohorts that are defined late and count what their members did before.
class CohortBackfillTest {

  private static final long ANN = 1;
  private static final long BOB = 2;
  private static final EntityId ITEM = EntityId.of(10);
  private static final EntityId OTHER = EntityId.of(11);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    return Doors.on(volume, backend).clock(clock).open();
  }

  private static void view(TidalDb db, long user, EntityId item) {
    var _ = db.signal("view", item, Signal.by(EntityId.of(user)));
  }

  private static long count(TidalDb db, String cohort, EntityId item) {
    return db.readCohortWindowedCount(cohort, item, "view", Window.ALL_TIME);
  }

  private static void speaks(TidalDb db, long user, String language) {
    var _ = db.writeUser(EntityId.of(user), Map.of("language", language));
  }

  @Test
  void withBackfillTheEarlierSignalsOfMembersAreCountedOnce() {
    try (var db = open()) {
      speaks(db, ANN, "en");
      view(db, ANN, ITEM);
      view(db, BOB, ITEM);
      var _ = db.writeItem(OTHER, Map.of());
      view(db, ANN, OTHER);
      var _ = db.deleteItem(OTHER);
      view(db, ANN, OTHER);
      var _ = db.signal("view", ITEM);
      db.defineCohort(CohortDefinition.of("english", eq("language", "en")).backfill(true));
      db.defineCohort("late", eq("language", "en"));
      view(db, ANN, ITEM);
      await(db, "english");
      assertThat(db.cohort("english").backfill()).isEqualTo(CohortInfo.Backfill.DONE);
      assertThat(count(db, "english", ITEM)).isEqualTo(2);
      assertThat(count(db, "english", OTHER)).isEqualTo(1);
      assertThat(count(db, "late", ITEM)).isEqualTo(1);
      assertThat(db.cohort("late").backfill()).isEqualTo(CohortInfo.Backfill.NONE);
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(count(db, "english", ITEM)).isEqualTo(2);
      assertThat(db.cohort("english").backfill()).isEqualTo(CohortInfo.Backfill.DONE);
    }
  }

  @Test
  void aBackfillGoesOnAfterAKillAtAnyPart() {
    int views = 25_000;
    try (var db = open()) {
      speaks(db, ANN, "en");
      var batch = new ArrayList<Write>();
      for (int i = 0; i < views; i++) {
        batch.add(Write.signal("view", ITEM, Signal.by(ANN)));
        if (batch.size() == 5_000) {
          var _ = db.write(batch);
          batch.clear();
        }
      }
      db.defineCohort(CohortDefinition.of("english", eq("language", "en")).backfill(true));
      TestDoor.abandon(db);
    }
    // Each life of the process gets one step further, or ends at once.
    for (int life = 0; life < 8; life++) {
      try (var db = open()) {
        if (db.cohort("english").backfill() == CohortInfo.Backfill.DONE) {
          break;
        }
        long before = count(db, "english", ITEM);
        for (int i = 0; i < 100 && count(db, "english", ITEM) == before; i++) {
          LockSupport.parkNanos(1_000_000);
        }
        TestDoor.abandon(db);
      }
    }
    try (var db = open()) {
      await(db, "english");
      assertThat(count(db, "english", ITEM)).isEqualTo(views);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aCohortThatIsDroppedWhileItIsFilledIsGoneAndItsSuccessorCountsItsOwn() {
    try (var db = open()) {
      speaks(db, ANN, "en");
      speaks(db, BOB, "de");
      var batch = new ArrayList<Write>();
      for (int i = 0; i < 15_000; i++) {
        batch.add(Write.signal("view", ITEM, Signal.by(i % 3 == 0 ? BOB : ANN)));
        if (batch.size() == 5_000) {
          var _ = db.write(batch);
          batch.clear();
        }
      }
      for (int round = 0; round < 10; round++) {
        db.defineCohort(CohortDefinition.of("some", eq("language", "en")).backfill(true));
        // Some rounds drop it at once, others when parts of it are counted.
        LockSupport.parkNanos(round * 300_000L);
        db.dropCohort("some");
        assertThat(db.cohorts()).isEmpty();
      }
      db.defineCohort(CohortDefinition.of("some", eq("language", "de")).backfill(true));
      await(db, "some");
      assertThat(count(db, "some", ITEM)).isEqualTo(5_000);
      db.redefineCohort(CohortDefinition.of("some", eq("language", "en")).backfill(true));
      await(db, "some");
      assertThat(count(db, "some", ITEM)).isEqualTo(10_000);
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(db.cohorts()).hasSize(1);
      assertThat(count(db, "some", ITEM)).isEqualTo(10_000);
    }
  }

  @Test
  void aBackfillOfACutLogSaysFromWhere() {
    try (var db = Doors.on(volume, backend).clock(clock).segmentBytes(4_096).open()) {
      speaks(db, ANN, "en");
      for (int i = 0; i < 300; i++) {
        view(db, ANN, ITEM);
        if (i % 100 == 99) {
          var _ = db.checkpoint();
        }
      }
      var _ = db.checkpoint();
      db.defineCohort(CohortDefinition.of("english", eq("language", "en")).backfill(true));
      await(db, "english");
      var info = db.cohort("english");
      assertThat(info.backfill()).isEqualTo(CohortInfo.Backfill.PARTIAL);
      assertThat(info.backfillFrom()).isPresent();
      // Positions of views begin behind the schema and the user.
      assertThat(count(db, "english", ITEM))
          .isEqualTo(info.position() - info.backfillFrom().getAsLong());
    }
  }

  @Test
  void withoutALogNothingEarlierIsCounted() {
    try (var db = Doors.ephemeral(clock).open()) {
      speaks(db, ANN, "en");
      view(db, ANN, ITEM);
      db.defineCohort(CohortDefinition.of("english", eq("language", "en")).backfill(true));
      await(db, "english");
      assertThat(db.cohort("english").backfill()).isEqualTo(CohortInfo.Backfill.PARTIAL);
      assertThat(count(db, "english", ITEM)).isZero();
    }
  }

  private static void await(TidalDb db, String cohort) {
    for (int i = 0; i < 30_000; i++) {
      if (db.cohort(cohort).backfill() != CohortInfo.Backfill.RUNNING) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("the back-fill does not end");
  }
}
