package io.tidaldb.functional;

import static io.tidaldb.schema.Predicate.between;
import static io.tidaldb.schema.Predicate.did;
import static io.tidaldb.schema.Predicate.eq;
import static io.tidaldb.schema.Predicate.interest;
import static io.tidaldb.schema.Predicate.not;
import static io.tidaldb.schema.Predicate.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Health;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Cohorts through the door.
class CohortsTest {

  private static final long ANN = 1;
  private static final long BOB = 2;
  private static final long CY = 3;
  private static final EntityId ITEM = EntityId.of(10);
  private static final EntityId OTHER = EntityId.of(11);
  private static final long DAY = Duration.ofDays(1).toNanos();

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    return Doors.on(volume, backend).clock(clock).open();
  }

  private TidalDb memory() {
    return Doors.ephemeral(clock).open();
  }

  private long now() {
    return Timestamp.now(clock).nanos();
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
  void membersSignalsAreCountedAndOthersAreNot() {
    try (var db = memory()) {
      speaks(db, ANN, "EN");
      speaks(db, BOB, "de");
      db.defineCohort("english", eq("language", "en"));
      db.defineCohort("foreign", not(eq("language", "en")));
      view(db, ANN, ITEM);
      view(db, BOB, ITEM);
      view(db, CY, ITEM);
      var _ = db.signal("view", ITEM);

      assertThat(count(db, "english", ITEM)).isEqualTo(1);
      assertThat(count(db, "foreign", ITEM)).isEqualTo(2);
      assertThat(count(db, "english", OTHER)).isZero();
      assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(4);
      assertThat(db.cohortsOf(ANN)).containsExactly("english");
      assertThat(db.cohortsOf(99)).containsExactly("foreign");
      assertThat(db.isMember("english", ANN)).isTrue();
      assertThat(db.isMember("english", BOB)).isFalse();
      assertThat(db.cohortSize("english")).isEqualTo(1);
      assertThat(db.cohortSize("foreign")).isEqualTo(2);
      var overlap = db.cohortOverlap("english", "foreign");
      assertThat(overlap.common()).isZero();
      assertThat(overlap.jaccard()).isZero();
      assertThat(db.verify(false).findings()).isEmpty();
    }
  }

  @Test
  void anAttributeThatChangesMovesTheUserAndNothingThatWasCounted() {
    try (var db = memory()) {
      db.defineCohort("english", eq("language", "en"));
      view(db, ANN, ITEM);
      speaks(db, ANN, "en");
      view(db, ANN, ITEM);
      speaks(db, ANN, "fr");
      view(db, ANN, ITEM);
      assertThat(count(db, "english", ITEM)).isEqualTo(1);
      assertThat(db.cohortSize("english")).isZero();
    }
  }

  @Test
  void theSignalThatMakesAMemberIsNotCountedItself() {
    try (var db = memory()) {
      db.defineCohort("fans", did("view", Window.SEVEN_DAYS).atLeast(3));
      for (int i = 0; i < 5; i++) {
        view(db, ANN, ITEM);
      }
      assertThat(count(db, "fans", ITEM)).isEqualTo(2);
      assertThat(db.cohortSize("fans")).isEqualTo(1);
      clock.advance(Duration.ofDays(8));
      assertThat(db.isMember("fans", ANN)).isFalse();
      assertThat(db.cohortSize("fans")).isZero();
      view(db, ANN, ITEM);
      assertThat(count(db, "fans", ITEM)).isEqualTo(2);
    }
  }

  @Test
  void segmentsAreReadAtTheTimeOfTheLogEvenWhenItWasImported() {
    try (var db = memory()) {
      for (var activity : Predicate.Activity.values()) {
        db.defineCohort(activity.label(), segment(activity));
      }
      long start = now() - 300 * DAY;
      for (int i = 0; i < 12; i++) {
        var at = Timestamp.ofNanos(start + i * DAY);
        var _ = db.signal("view", ITEM, Signal.by(ANN).at(at));
      }
      // 0: dormant, days 0…7 after the first: new, then those of 30 days count: 8, 9 casual, then
      // regular.
      assertThat(count(db, "dormant", ITEM)).isEqualTo(1);
      assertThat(count(db, "new", ITEM)).isEqualTo(7);
      assertThat(count(db, "casual", ITEM)).isEqualTo(2);
      assertThat(count(db, "regular", ITEM)).isEqualTo(2);
      assertThat(db.cohortsOf(ANN)).containsExactly("dormant");
      assertThat(db.cohortsOf(EntityId.of(ANN), Timestamp.ofNanos(start + 11 * DAY)))
          .containsExactly("regular");
    }
  }

  @Test
  void anInterestIsToldFromFivePositiveSignalsOn() {
    try (var db = memory()) {
      var _ = db.writeItem(ITEM, Map.of("category", "Horror"));
      var _ = db.writeItem(OTHER, Map.of("category", "jazz"));
      db.defineCohort("horror", interest("category", "horror").atLeast(0.75));
      for (int i = 0; i < 3; i++) {
        var _ = db.signal("like", ITEM, Signal.by(ANN));
      }
      var _ = db.signal("like", OTHER, Signal.by(ANN));
      assertThat(db.isMember("horror", ANN)).isFalse();
      var _ = db.signal("like", ITEM, Signal.by(ANN));
      assertThat(db.isMember("horror", ANN)).isTrue();
      view(db, ANN, ITEM);
      assertThat(count(db, "horror", ITEM)).isEqualTo(1);
      var _ = db.signal("like", OTHER, Signal.by(ANN));
      assertThat(db.isMember("horror", ANN)).isFalse();
    }
  }

  @Test
  void definingAgainIsARepeatDefiningOtherwiseIsRefusedRedefiningStartsAtZero() {
    try (var db = memory()) {
      speaks(db, ANN, "en");
      var first = db.defineCohort("english", eq("language", "en"));
      view(db, ANN, ITEM);
      assertThat(db.defineCohort("english", "language = \"EN\"").duplicate()).isTrue();
      assertThatThrownBy(() -> db.defineCohort("english", eq("language", "de")))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              error -> assertThat(error.code()).isEqualTo("COHORT_DIFFERS"));
      assertThat(count(db, "english", ITEM)).isEqualTo(1);
      assertThat(db.cohort("english").position()).isEqualTo(first.position());

      db.redefineCohort(CohortDefinition.of("english", eq("language", "en")));
      assertThat(count(db, "english", ITEM)).isZero();
      view(db, ANN, ITEM);
      assertThat(count(db, "english", ITEM)).isEqualTo(1);
      assertThat(db.cohorts()).hasSize(1);
      assertThat(db.cohort("english").pairs()).isEqualTo(1);

      db.dropCohort("english");
      assertThat(db.cohorts()).isEmpty();
      assertThat(db.cohortsOf(ANN)).isEmpty();
      assertThatThrownBy(() -> count(db, "english", ITEM)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> db.dropCohort("english")).isInstanceOf(NotFoundException.class);
      var keyed = CohortDefinition.of("english", eq("language", "en"));
      var key = IdempotencyKey.of("define");
      var once = db.defineCohort(keyed, key);
      assertThat(db.defineCohort(keyed, key).position()).isEqualTo(once.position());
      assertThat(count(db, "english", ITEM)).isZero();
    }
  }

  @Test
  void whatIsNotDeclaredIsRefused() {
    try (var db = memory()) {
      assertThatThrownBy(() -> db.defineCohort("a", eq("shoe_size", 42)))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              error -> assertThat(error.code()).isEqualTo("FIELD_UNDECLARED"));
      assertThatThrownBy(() -> db.defineCohort("a", did("dance", Window.ALL_TIME).atLeast(1)))
          .isInstanceOf(NotFoundException.class);
      assertThat(db.cohorts()).isEmpty();
    }
  }

  @Test
  void theBestOfACohortAndWhatItLikesMoreThanOthers() {
    try (var db = memory()) {
      speaks(db, ANN, "en");
      db.defineCohort("english", eq("language", "en"));
      for (int i = 0; i < 6; i++) {
        view(db, ANN, ITEM);
        view(db, BOB, OTHER);
        view(db, BOB, OTHER);
      }
      view(db, ANN, OTHER);
      assertThat(db.readCohortHottest("english", "view", 5).stream().map(ScoredEntity::id))
          .containsExactly(ITEM, OTHER);
      assertThat(db.readCohortHottest("english", "view", 1)).hasSize(1);
      var lift = db.cohortLift("english", "view", Window.ALL_TIME, 5);
      assertThat(lift).hasSize(1);
      assertThat(lift.getFirst().id()).isEqualTo(ITEM);
      assertThat(lift.getFirst().score()).isEqualTo((6 / 7.0) / (6 / 19.0));
      assertThat(db.readCohortVelocity("english", ITEM, "view", Window.ONE_HOUR))
          .isEqualTo(6 / 3600.0);
      assertThat(db.readCohortDecayScore("english", ITEM, "view")).isPositive();
    }
  }

  @Test
  void aQueryForACohortRanksByWhatItsMembersDo() {
    try (var db = memory()) {
      var _ = db.writeItem(ITEM, Map.of());
      var _ = db.writeItem(OTHER, Map.of());
      speaks(db, ANN, "en");
      db.defineCohort("english", eq("language", "en"));
      view(db, ANN, ITEM);
      view(db, BOB, OTHER);
      view(db, BOB, OTHER);
      var hits = db.retrieve(Retrieve.items().forCohort("english")).hits();
      assertThat(hits).hasSize(1);
      assertThat(hits.getFirst().id()).isEqualTo(ITEM);
    }
  }

  @Test
  void aDeletedItemGoesFromEveryCohortAndComesBackWithNothing() {
    try (var db = memory()) {
      speaks(db, ANN, "en");
      db.defineCohort("english", eq("language", "en"));
      var _ = db.writeItem(ITEM, Map.of());
      view(db, ANN, ITEM);
      var _ = db.deleteItem(ITEM);
      assertThat(count(db, "english", ITEM)).isZero();
      assertThat(db.cohort("english").pairs()).isZero();
      var _ = db.writeItem(ITEM, Map.of());
      assertThat(count(db, "english", ITEM)).isZero();
      view(db, ANN, ITEM);
      assertThat(count(db, "english", ITEM)).isEqualTo(1);
      assertThat(db.verify(false).findings()).isEmpty();
    }
  }

  @Test
  void atTheBoundExistingPairsGoOnAndNewOnesAreRefused() {
    try (var db = Doors.ephemeral(clock).cohortPairs(1_024).cohorts(2).open()) {
      speaks(db, ANN, "en");
      db.defineCohort("english", eq("language", "en"));
      for (int i = 0; i < 1_024; i++) {
        view(db, ANN, EntityId.of(i));
        if (i == 900) {
          assertThat(db.healthCheck().issues()).doesNotContain(Health.Issue.COHORTS_NEAR_LIMIT);
        }
      }
      assertThat(db.healthCheck().issues()).contains(Health.Issue.COHORTS_NEAR_LIMIT);
      assertThatThrownBy(() -> view(db, ANN, EntityId.of(5_000)))
          .isInstanceOfSatisfying(
              LimitExceededException.class,
              error -> {
                assertThat(error.limitName()).isEqualTo("cohortPairs");
                assertThat(error.getMessage()).contains("largest=[english:1024]");
              });
      assertThat(db.readWindowedCount(EntityId.of(5_000), "view", Window.ALL_TIME)).isZero();
      view(db, ANN, EntityId.of(5));
      view(db, BOB, EntityId.of(5_000));
      assertThat(count(db, "english", EntityId.of(5))).isEqualTo(2);

      db.defineCohort("second", eq("language", "de"));
      assertThatThrownBy(() -> db.defineCohort("third", eq("language", "fr")))
          .isInstanceOfSatisfying(
              LimitExceededException.class,
              error -> assertThat(error.limitName()).isEqualTo("cohorts"));
      db.redefineCohort(CohortDefinition.of("second", eq("language", "fr")));
    }
  }

  @Test
  void whatACohortNamesCannotBeRetired() {
    var withLikes =
        new SchemaBuilder()
            .signal("view", EntityKind.ITEM, Decay.permanent())
            .add()
            .signal("like", EntityKind.ITEM, Decay.permanent())
            .windows(Window.ALL_TIME)
            .add();
    try (var db = Doors.on(volume, backend).schema(withLikes.build()).open()) {
      db.defineCohort("fans", did("like", Window.ALL_TIME).atLeast(1));
    }
    var without =
        new SchemaBuilder()
            .signal("view", EntityKind.ITEM, Decay.permanent())
            .add()
            .retire("like")
            .build();
    assertThatThrownBy(() -> Doors.on(volume, backend).schema(without).open())
        .isInstanceOf(SchemaMismatchException.class)
        .hasMessageContaining("cohort.fans");
    try (var db = Doors.on(volume, backend).schema(withLikes.build()).open()) {
      db.dropCohort("fans");
    }
    Doors.on(volume, backend).schema(without).open().close();
  }

  @Test
  void everythingIsThereAfterACleanCloseAndAfterAKill() {
    String digest;
    try (var db = open()) {
      fill(db);
      var _ = db.checkpoint();
      view(db, ANN, OTHER);
      digest = db.stateDigest();
      TestDoor.abandon(db);
    }
    try (var db = open()) {
      assertThat(db.stateDigest()).isEqualTo(digest);
      checkFilled(db);
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(db.stateDigest()).isEqualTo(digest);
      checkFilled(db);
      db.dropCohort("english");
      var _ = db.checkpoint();
      var _ = db.checkpoint();
      digest = db.stateDigest();
    }
    try (var db = open()) {
      assertThat(db.stateDigest()).isEqualTo(digest);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  private void fill(TidalDb db) {
    speaks(db, ANN, "en");
    speaks(db, BOB, "de");
    var _ = db.writeUser(EntityId.of(CY), Map.of("age", 20, "interests", "a,b"));
    var _ = db.writeItem(ITEM, Map.of("category", "jazz"));
    db.defineCohort("english", eq("language", "en"));
    db.defineCohort("young", between("age", 18, 29));
    db.defineCohort("fans", did("view", Window.ALL_TIME).atLeast(2));
    db.defineCohort("jazz", interest("category", "jazz").atLeast(0.5));
    for (int i = 0; i < 3; i++) {
      view(db, ANN, ITEM);
      view(db, CY, ITEM);
      for (int j = 0; j < 3; j++) {
        var _ = db.signal("like", ITEM, Signal.by(CY));
      }
    }
  }

  private static void checkFilled(TidalDb db) {
    assertThat(count(db, "english", ITEM)).isEqualTo(3);
    assertThat(count(db, "english", OTHER)).isEqualTo(1);
    assertThat(count(db, "young", ITEM)).isEqualTo(3);
    assertThat(count(db, "fans", ITEM)).isEqualTo(2);
    assertThat(db.cohortsOf(CY)).containsExactly("young", "fans", "jazz");
    assertThat(db.cohortsOf(ANN)).containsExactly("english", "fans");
  }

  @Test
  void aStopBetweenTheGlobalViewAndTheCohortsLosesNothing() {
    try (var db = open()) {
      speaks(db, ANN, "en");
      db.defineCohort("english", eq("language", "en"));
      view(db, ANN, ITEM);
    }
    var crashes = Crashes.at(CrashPoint.COHORT_LEDGER_UPDATE, 1);
    var faults = new Faults(Optional.of(volume), Optional.of(backend), crashes);
    var db = TestDoor.faults(builder(), faults).open();
    assertThatThrownBy(() -> view(db, ANN, ITEM)).isInstanceOf(OutcomeUnknownException.class);
    TestDoor.abandon(db);
    try (var after = open()) {
      assertThat(count(after, "english", ITEM)).isEqualTo(2);
      assertThat(after.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(2);
    }
  }

  private TidalDbBuilder builder() {
    return TidalDb.builder().schema(Schemas.video()).clock(clock);
  }
}
