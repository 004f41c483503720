package io.tidaldb.functional;

import static io.tidaldb.schema.Predicate.eq;
import static io.tidaldb.schema.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What others read of cohorts while users move between them and their signals are counted.
class CohortReadersTest {

  private static final int USERS = 40;
  private static final int ROUNDS = 1_500;
  private static final EntityId ITEM = EntityId.of(1_000);

  private final ManualClock clock = new ManualClock();

  @Test
  void whoMovesIsAlwaysInExactlyOneOfTwoAndCountsOnlyGrow()
      throws ExecutionException, InterruptedException {
    try (var db = Doors.ephemeral(clock).open();
        var readers = Executors.newFixedThreadPool(3)) {
      db.writeItem(ITEM, Map.of("title", "sea"));
      for (int user = 0; user < USERS; user++) {
        db.writeUser(EntityId.of(user), Map.of("language", "en"));
      }
      db.defineCohort("english", eq("language", "en"));
      db.defineCohort("others", not(eq("language", "en")));

      var ends = new AtomicBoolean();
      List<Future<?>> running = new ArrayList<>();
      for (Consumer<TidalDb> check :
          List.<Consumer<TidalDb>>of(
              CohortReadersTest::eachIsInOne, new Grows("english"), new Grows("others"))) {
        running.add(
            readers.submit(
                () -> {
                  while (!ends.get()) {
                    check.accept(db);
                  }
                }));
      }
      try {
        write(db);
      } finally {
        ends.set(true);
      }
      for (var reader : running) {
        reader.get();
      }
      assertThat(count(db, "english") + count(db, "others")).isEqualTo(ROUNDS);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  /// A user moves and views in one unit.
  private static void write(TidalDb db) {
    var random = new SplittableRandom(7);
    for (int round = 0; round < ROUNDS; round++) {
      var user = EntityId.of(random.nextInt(USERS));
      var language = random.nextBoolean() ? "en" : "de";
      db.write(
          List.of(
              Write.entity(EntityKind.USER, user, Map.of("language", language), Optional.empty()),
              Write.signal("view", ITEM, Signal.by(user))));
    }
  }

  private static void eachIsInOne(TidalDb db) {
    var overlap = db.cohortOverlap("english", "others");
    assertThat(overlap.common()).isZero();
    assertThat(overlap.first() + overlap.second()).isEqualTo(USERS);
  }

  private static long count(TidalDb db, String cohort) {
    return db.readCohortWindowedCount(cohort, ITEM, "view", Window.ALL_TIME);
  }

  private static final class Grows implements Consumer<TidalDb> {
    private final String cohort;
    private long before;

    Grows(String cohort) {
      this.cohort = cohort;
    }

    @Override
    public void accept(TidalDb db) {
      long now = count(db, cohort);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
      var hits = db.retrieve(Retrieve.items().forCohort(cohort)).hits();
      assertThat(hits).hasSizeLessThanOrEqualTo(1);
      if (now > 0) {
        assertThat(hits).hasSize(1);
      }
    }
  }
}
