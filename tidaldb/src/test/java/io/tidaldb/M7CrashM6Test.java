package io.tidaldb;

import static io.tidaldb.testing.Endings.forEachEnding;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.coengagement.CoEngagementIndex;
import io.tidaldb.cohort.CohortSignalLedger;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.ModelCoEngagement;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StoredRows;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What the project began with: nine promises about cohorts, collections, co-engagement and
/// sessions after a crash, with their full numbers of tries, after a close, a crash and a kill.
///
/// What the ninth says of text search joins when search does.
final class M7CrashM6Test {

  private static final long BASE = LedgerTries.BASE;
  private static final long STEP = LedgerTries.STEP;

  /* --- cohorts --- */

  @Test
  void cohortLedgerCheckpointRestoreRoundtrip() {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    var view = ledger.resolveSignalType("view");
    var at = Timestamp.ofNanos(BASE);
    for (long i = 1; i <= 100; i++) {
      ledger.record("cohort_a", EntityId.of(i), view, 1.0, at);
      if (i % 3 == 0) {
        ledger.record("cohort_b", EntityId.of(i), view, 2.0, at);
      }
    }
    var storage = new InMemoryBackend();
    ledger.checkpoint(storage, LedgerTries.meta(42));

    var restored = new CohortSignalLedger(Schemas.testSchema());
    var found = restored.restore(storage).orElseThrow();

    assertThat(found.position()).isEqualTo(42);
    assertThat(found.checkpointTime()).isEqualTo(at);
    assertThat(found.payloadHash().isZero()).isFalse();
    assertThat(restored.entryCount()).isEqualTo(ledger.entryCount()).isEqualTo(133);
    assertThat(LedgerTries.views(restored, "cohort_a", 1)).isEqualTo(1);
    assertThat(LedgerTries.views(restored, "cohort_b", 3)).isEqualTo(1);
    assertThat(LedgerTries.views(restored, "cohort_c", 1)).isZero();
    for (var cohort : List.of("cohort_a", "cohort_b", "cohort_c")) {
      for (long i = 0; i <= 101; i++) {
        assertThat(LedgerTries.views(restored, cohort, i))
            .isEqualTo(LedgerTries.views(ledger, cohort, i));
        assertThat(restored.readDecayScore(cohort, EntityId.of(i), "view"))
            .isEqualTo(ledger.readDecayScore(cohort, EntityId.of(i), "view"));
      }
    }
    var second = new InMemoryBackend();
    restored.checkpoint(second, LedgerTries.meta(42));
    assertThat(StoredRows.of(second)).hasToString(StoredRows.of(storage).toString());
    LedgerTries.everyFlippedBitIsNoticed(StoredRows.of(storage), restored);
  }

  @Test
  void cohortLedgerSurvivesCheckpointCrash() {
    var tries = new AtomicInteger();
    Property.forAll(
            Generator.combine(
                Generator.combine(
                    Generator.ints(1, 4), Generator.ints(1, 19), (c, e) -> new int[] {c, e}),
                Generator.combine(
                    Generator.ints(1, 9),
                    Generator.longs(0, Integer.MAX_VALUE),
                    (s, seed) -> new long[] {s, seed}),
                (size, rest) -> new LedgerTries.Load(size[0], size[1], (int) rest[0], rest[1])))
        .always(500)
        .check(
            load -> {
              tries.incrementAndGet();
              LedgerTries.survivesCheckpointCrash(load);
            });
    System.out.println("cohortLedgerSurvivesCheckpointCrash: tries=" + tries);
    assertThat(tries).hasValue(500);
  }

  /* --- collections --- */

  @Test
  void collectionPersistsAcrossRestart() {
    forEachEnding(
        Schemas.withCollections(),
        db -> {
          for (long i = 1; i <= 10; i++) {
            db.writeItem(EntityId.of(i), Map.of());
          }
          var id = db.createCollection(42, "favorites", Visibility.PRIVATE);
          for (long i = 1; i <= 5; i++) {
            assertThat(db.addToCollection(id, EntityId.of(i))).isTrue();
          }
        },
        db -> {
          var collections = db.listCollections(42);
          assertThat(collections).hasSize(1);
          var favorites = collections.getFirst();
          assertThat(favorites.name()).isEqualTo("favorites");
          assertThat(favorites.visibility()).isEqualTo(Visibility.PRIVATE);
          assertThat(favorites.itemCount()).isEqualTo(5);
          CollectionReadings.agree(
              db, 42, favorites.id(), CollectionTries.range(1, 5), CollectionTries.range(1, 10));
          var now = Timestamp.now(new ManualClock());
          assertThat(db.collectionItems(favorites.id(), PageRequest.first()).items())
              .allSatisfy(item -> assertThat(item.addedAt()).isEqualTo(now));
          CollectionReadings.absentToStrangers(db, favorites.id(), EntityId.of(43));
        });
  }

  @Test
  void collectionItemsSurviveRestart() {
    var tries = new AtomicInteger();
    Property.forAll(
            Generator.combine(
                Generator.ints(1, 49),
                Generator.combine(
                    Generator.ints(1, 49),
                    Generator.longs(0, Integer.MAX_VALUE),
                    (added, seed) -> new long[] {added, seed}),
                (items, rest) ->
                    new CollectionTries.Filling(items, (int) Math.min(items, rest[0]), rest[1])))
        .always(200)
        .check(
            filling -> {
              int number = tries.incrementAndGet();
              CollectionTries.itemsSurviveClose(filling);
              CollectionTries.itemsSurviveCrash(filling);
              if (number % 50 == 1) {
                CollectionTries.itemsSurviveKill(filling.items(), filling.added());
              }
            });
    System.out.println("collectionItemsSurviveRestart: tries=" + tries);
    assertThat(tries).hasValue(200);
  }

  /* --- co-engagement --- */

  @Test
  void coEngagementSurvivesRestart() {
    forEachEnding(
        Schemas.withEntities(),
        db -> {
          for (long i = 1; i <= 20; i++) {
            db.writeItem(EntityId.of(i), Map.of());
          }
          for (long i = 1; i <= 10; i++) {
            var at = Timestamp.ofNanos(BASE + i * STEP);
            db.signal("like", EntityId.of(i), Signal.by(EntityId.of(1)).at(at));
          }
          for (long i = 11; i <= 20; i++) {
            db.signal("like", EntityId.of(i), 1.0, Timestamp.ofNanos(BASE + i * STEP));
          }
          assertThat(db.coEngagement().edgeCount()).isEqualTo(45);
        },
        db -> {
          var edges = db.coEngagement();
          assertThat(edges.edgeCount()).isEqualTo(45);
          // Equal to the bit, and what the formula says.
          var other = CoEngagementIndex.withCapacity(1_000_000);
          var model = new ModelCoEngagement(1_000_000, 50, EdgeTries.HALF_LIFE);
          for (long i = 1; i <= 10; i++) {
            other.recordPositive(1, i, Timestamp.ofNanos(BASE + i * STEP));
            model.positive(1, i, BASE + i * STEP);
          }
          var at = Timestamp.ofNanos(BASE + 20 * STEP);
          for (long a = 1; a <= 20; a++) {
            for (long b = 1; b <= 20; b++) {
              double strength = edges.strength(EntityId.of(a), EntityId.of(b), at);
              assertThat(strength)
                  .isEqualTo(other.strength(EntityId.of(a), EntityId.of(b), at))
                  .isEqualTo(edges.strength(EntityId.of(b), EntityId.of(a), at));
              assertThat(strength)
                  .isCloseTo(
                      a == b ? 0 : model.strength(a, b, at.nanos()),
                      org.assertj.core.api.Assertions.within(1e-9));
            }
          }
          assertThat(edges.neighbours(EntityId.of(10), 20).stream().map(hit -> hit.id().value()))
              .containsExactlyElementsOf(model.neighbours(10))
              .hasSize(9);
          assertThat(edges.neighbours(EntityId.of(11), 20)).isEmpty();
        });
  }

  @Test
  void coEngagementCapacityInvariantAfterRestart() {
    var tries = new AtomicInteger();
    Property.forAll(
            Generator.combine(
                Generator.ints(1, 99),
                Generator.longs(0, Integer.MAX_VALUE),
                EdgeTries.EdgeLoad::new))
        .always(200)
        .check(
            load -> {
              tries.incrementAndGet();
              EdgeTries.insertedEdgesFit(load.edges());
              EdgeTries.likesFit(load);
            });
    System.out.println("coEngagementCapacityInvariantAfterRestart: tries=" + tries);
    assertThat(tries).hasValue(200);
    EdgeTries.capacityHoldsInADatabase();
  }

  /* --- sessions --- */

  @Test
  void activeSessionRestoredAfterCrash() {
    forEachEnding(
        Schemas.withSessions(),
        db -> {
          var session = db.startSession(42, "test-agent", "default");
          session.signal("view", EntityId.of(1), 1.0, Timestamp.ofNanos(BASE));
          session.signal("view", EntityId.of(2), 1.0, Timestamp.ofNanos(BASE + STEP));
        },
        db -> {
          assertThat(viewsOf(db, 1)).isEqualTo(1);
          assertThat(viewsOf(db, 2)).isEqualTo(1);
          assertThat(db.activeSessions(42)).hasSize(1);
          var session = db.activeSessions(42).getFirst();
          var snapshot = session.snapshot();
          assertThat(session.sessionId().value()).isEqualTo(1);
          assertThat(snapshot.user()).isEqualTo(EntityId.of(42));
          assertThat(snapshot.agent()).isEqualTo("test-agent");
          assertThat(snapshot.policy()).isEqualTo("default");
          assertThat(snapshot.signalCount()).isEqualTo(2);
          assertThat(snapshot.signals())
              .extracting(signal -> signal.entity().value())
              .containsExactly(1L, 2L);

          db.resumeSession(session.sessionId()).signal("view", EntityId.of(3));
          assertThat(session.snapshot().signalCount()).isEqualTo(3);
          assertThat(db.startSession(42, "test-agent", "default").sessionId().value())
              .isGreaterThan(1);
          SessionReadings.seenItemsAreLeftOut(db, session.sessionId());
        });
  }

  @Test
  void sessionMetadataRestoredAfterCrash() {
    forEachEnding(
        Schemas.withSessions(),
        db -> {
          var metadata = Map.of("device", "tv", "empty", "");
          var session = db.startSession(42, "test-agent", "default", metadata);
          session.annotate(EntityId.of(1), "good recommendation");
        },
        db -> {
          var session = db.activeSessions(42).getFirst();
          var snapshot = session.snapshot();
          assertThat(snapshot.metadata()).isEqualTo(Map.of("device", "tv", "empty", ""));
          var now = Timestamp.now(new ManualClock());
          assertThat(snapshot.started()).isEqualTo(now);
          assertThat(snapshot.annotations()).hasSize(1);
          var annotation = snapshot.annotations().getFirst();
          assertThat(annotation.text()).isEqualTo("good recommendation");
          assertThat(annotation.entity()).contains(EntityId.of(1));
          assertThat(annotation.at()).isEqualTo(now);
          assertThat(snapshot.hints()).containsExactlyInAnyOrder("good", "recommendation");
          assertThat(snapshot.audit()).isEmpty();
          assertThat(snapshot.quota().signalsLeft()).isEqualTo(10_000);
          assertThat(snapshot.quota().annotationsLeft()).isEqualTo(999);
          var summary = session.close();
          assertThat(summary.annotations()).isEqualTo(1);
          assertThat(summary.signals()).isZero();
          assertThat(summary.autoClosed()).isFalse();
          assertThat(db.activeSessions(42)).isEmpty();
        });
  }

  static long viewsOf(TidalDb db, long item) {
    return db.readWindowedCount(EntityId.of(item), "view", Window.ALL_TIME);
  }

  /* --- all together --- */

  @Test
  void mixedWorkloadCrashRecovery() {
    forEachEnding(Schemas.full(), MixedWorkload::write, MixedWorkload::holds);
  }
}
