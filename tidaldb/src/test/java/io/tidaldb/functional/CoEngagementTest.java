package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.disk.Volume;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.CoEngagement;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SchemaDifference;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.ModelCoEngagement;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items that are liked together, through the door, before and after a stop of any kind.
final class CoEngagementTest {

  private static final long START = Duration.ofDays(19_000).toNanos();
  private static final long HALF_LIFE = Duration.ofDays(30).toNanos();
  private static final Percentage ALMOST = Percentage.withPercentage(1e-7);

  @TempDir private Path root;

  private static Schema schema(int capacity) {
    return SchemaBuilder.from(Schemas.withEntities())
        .coEngagement(c -> c.capacity(capacity))
        .build();
  }

  private static void like(TidalDb db, long user, long item, long at) {
    var by = Signal.by(EntityId.of(user)).at(Timestamp.ofNanos(at));
    var _ = db.signal("like", EntityId.of(item), by);
  }

  private static double strength(TidalDb db, long a, long b, long at) {
    return db.coEngagement().strength(EntityId.of(a), EntityId.of(b), Timestamp.ofNanos(at));
  }

  private static void assertSame(TidalDb db, ModelCoEngagement model) {
    var edges = db.coEngagement();
    assertThat(edges.edgeCount()).isEqualTo(model.edgeCount());
    assertThat(edges.capacity()).isEqualTo(model.capacity());
    for (var pair : model.pairs()) {
      double expected = model.strength(pair.low(), pair.high(), model.newest());
      assertThat(strength(db, pair.low(), pair.high(), model.newest()))
          .isEqualTo(strength(db, pair.high(), pair.low(), model.newest()))
          .isCloseTo(expected, ALMOST);
      assertThat(edges.neighbours(EntityId.of(pair.low()), CoEngagement.NEIGHBOURS_MAX))
          .extracting(ScoredEntity::id)
          .extracting(EntityId::value)
          .containsExactlyElementsOf(model.neighbours(pair.low()));
    }
    assertThat(db.verify(true).findings()).isEmpty();
  }

  @Test
  void tenLikesOfAUserMake45EdgesAndLikesWithoutUserNone() {
    try (var db = TidalDb.open(root.resolve("db"), schema(1_000_000))) {
      for (long item = 1; item <= 10; item++) {
        like(db, 1, item, START + item);
        db.signal("like", EntityId.of(item), 1, Timestamp.ofNanos(START + item));
        db.signal("view", EntityId.of(100 + item), Signal.by(EntityId.of(1)));
      }
      assertThat(db.coEngagement().edgeCount()).isEqualTo(45);
      assertThat(db.metricsText()).contains("\ntidaldb_coengagement_edges 45\n");
      assertThat(db.coEngagement().neighbours(EntityId.of(10), 1_000)).hasSize(9);
      assertThat(db.coEngagement().neighbours(EntityId.of(99), 1_000)).isEmpty();
      assertThat(db.coEngagement().strength(EntityId.of(1), EntityId.of(2))).isPositive();
    }
  }

  /// Random likes and deletions at capacity 50; a directory that is closed, abandoned, opened with
  /// less room.
  @Test
  void edgesOutliveEveryStop() {
    var random = new SplittableRandom(9);
    var model = new ModelCoEngagement(50, 50, HALF_LIFE);
    String digest = "";
    long now = START;
    for (int round = 0; round < 6; round++) {
      var db = TidalDb.open(root.resolve("db"), schema(50));
      assertSame(db, model);
      if (round > 0) {
        assertThat(db.stateDigest()).isEqualTo(digest);
      }
      for (int i = 0; i < 60; i++) {
        now += random.nextLong(HALF_LIFE / 50);
        long item = random.nextInt(25);
        if (random.nextInt(15) == 0) {
          db.writeItem(EntityId.of(item), Map.of());
          db.deleteItem(EntityId.of(item));
          model.itemDeleted(item);
        } else {
          long user = random.nextInt(5);
          like(db, user, item, now);
          model.positive(user, item, now);
        }
        if (i == 30) {
          db.checkpoint();
        }
      }
      assertSame(db, model);
      assertThat(db.metricsText()).doesNotContain("tidaldb_coengagement_evictions_total 0\n");
      digest = db.stateDigest();
      if (round % 2 == 0) {
        db.close();
      } else {
        TestDoor.abandon(db);
      }
    }
    try (var db = TidalDb.open(root.resolve("db"), schema(20))) {
      assertSame(db, model.trimmedTo(20));
    }
    try (var db = TidalDb.open(root.resolve("db"))) {
      assertSame(db, model.trimmedTo(20));
    }
  }

  @Test
  void theHalfLifeOfAStoreWithEdgesStays() {
    Schema slower =
        SchemaBuilder.from(schema(50)).coEngagement(c -> c.halfLife(Duration.ofDays(60))).build();
    TidalDb.open(root.resolve("db"), schema(50)).close();
    try (var db = TidalDb.open(root.resolve("db"), slower)) {
      like(db, 1, 1, START);
      like(db, 1, 2, START);
      assertThat(strength(db, 1, 2, START + 2 * HALF_LIFE)).isCloseTo(0.5, ALMOST);
    }
    assertThatThrownBy(() -> TidalDb.open(root.resolve("db"), schema(50)))
        .isInstanceOfSatisfying(
            SchemaMismatchException.class,
            e ->
                assertThat(e.differences())
                    .extracting(SchemaDifference::path)
                    .containsExactly("coEngagement.halfLife"));
    try (var db = TidalDb.open(root.resolve("db"), slower)) {
      assertThat(db.coEngagement().edgeCount()).isEqualTo(1);
    }
  }

  @Test
  void aClosedDatabaseAnswersNothing() {
    var db = TidalDb.open(root.resolve("db"), schema(50));
    var edges = db.coEngagement();
    db.close();
    assertThatThrownBy(edges::edgeCount).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> edges.neighbours(EntityId.of(1), 1))
        .isInstanceOf(ClosedException.class);
  }

  /// Stopped in the middle of an edge, the durable like is there once and whole.
  @Test
  void aLikeThatWasCutShortIsThereOnceAndWhole() {
    for (long nth = 1; nth <= 12; nth += 3) {
      var volume = new SimulatedVolume();
      var backend = new InMemoryBackend();
      var model = new ModelCoEngagement(4, 50, HALF_LIFE);
      var crashes = Crashes.at(CrashPoint.CO_ENGAGEMENT_UPDATE, nth);
      var db = open(volume, backend, crashes);
      try {
        for (long item = 0; item < 20; item++) {
          model.positive(item % 2, item, START + item);
          like(db, item % 2, item, START + item);
        }
      } catch (RuntimeException stopped) {
        assertThat(crashes.fired()).isTrue();
      }
      assertThat(crashes.fired()).isTrue();
      TestDoor.abandon(db);
      try (var again = open(volume, backend, Crashes.counting())) {
        assertSame(again, model);
        like(again, 1, 100, START + 100);
        model.positive(1, 100, START + 100);
        assertSame(again, model);
      }
    }
  }

  private static TidalDb open(Volume volume, InMemoryBackend backend, Crashes crashes) {
    return TestDoor.faults(
            TidalDb.builder().schema(schema(4)),
            new Faults(Optional.of(volume), Optional.of(backend), crashes))
        .open();
  }
}
