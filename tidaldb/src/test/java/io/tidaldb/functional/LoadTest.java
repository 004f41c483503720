package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Levels follow the queries in flight, which a test holds at a gate.
class LoadTest {

  /// Answers while so many other queries are in flight.
  private static <T> T among(TidalDb db, int others, Supplier<T> question) {
    var begun = new CountDownLatch(others);
    var gate = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < others; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () ->
                      TestDoor.inFlight(
                          db,
                          () -> {
                            begun.countDown();
                            Doors.await(gate);
                            return null;
                          })));
    }
    try {
      Doors.await(begun);
      return question.get();
    } finally {
      gate.countDown();
      threads.forEach(LoadTest::join);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static TidalDb open(int reduced, int coarse, int noDiversity, int most) {
    var db =
        Doors.ephemeral(new ManualClock()).loadLevels(reduced, coarse, noDiversity, most).open();
    for (int i = 1; i <= 10; i++) {
      db.writeItem(EntityId.of(i), Map.of("title", "t" + i));
    }
    return db;
  }

  private static LoadLevel level(TidalDb db) {
    var page = db.retrieve(Retrieve.items().limit(5));
    assertThat(page.hits()).hasSize(5);
    return page.stats().level();
  }

  @Test
  void theLevelIsThatOfTheQueriesInFlight() {
    try (var db = open(2, 4, 5, 18)) {
      var expected =
          List.of(
              LoadLevel.FULL,
              LoadLevel.FULL,
              LoadLevel.REDUCED_CANDIDATES,
              LoadLevel.REDUCED_CANDIDATES,
              LoadLevel.COARSE_AGGREGATES,
              LoadLevel.NO_DIVERSITY,
              LoadLevel.NO_DIVERSITY);
      for (int others = 0; others < expected.size(); others++) {
        assertThat(among(db, others, () -> level(db))).isEqualTo(expected.get(others));
      }
      assertThat(among(db, 15, () -> level(db)))
          .as("3 × the last")
          .isEqualTo(LoadLevel.NO_DIVERSITY);
      assertThat(level(db)).isEqualTo(LoadLevel.FULL);
    }
  }

  @Test
  void aboveTheLastQueriesAreRefused() {
    try (var db = open(0, 0, 0, 3)) {
      assertThat(among(db, 2, () -> level(db))).isEqualTo(LoadLevel.NO_DIVERSITY);
      assertThatThrownBy(() -> among(db, 3, () -> level(db)))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("limit=3 actual=4");
      assertThat(level(db)).isEqualTo(LoadLevel.NO_DIVERSITY);
    }
  }

  @Test
  void thresholdsRise() {
    assertThatThrownBy(() -> open(5, 4, 3, 2))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("coarseAbove given=4 allowed=5…1000000")
        .hasMessageContaining("noDiversityAbove given=3 allowed=4…1000000")
        .hasMessageContaining("queriesMax given=2 allowed=3…1000000");
    try (var db = Doors.ephemeral(new ManualClock()).open()) {
      assertThat(among(db, 20, () -> db.retrieve(Retrieve.items()).stats().level()))
          .isEqualTo(LoadLevel.FULL);
    }
  }
}
