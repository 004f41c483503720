package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.coengagement.CoEngagementIndex;
import io.tidaldb.cohort.CohortSignalLedger;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Ending;
import io.tidaldb.testing.Endings;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the seed leaves open, and what was decided: one test for each question.
final class SeedQuestionsTest {

  private static final long BASE = LedgerTries.BASE;
  private static final EntityId ITEM = EntityId.of(1);

  @TempDir private Path root;

  private static TidalDb ephemeral() {
    return TidalDb.builder().ephemeral().schema(Schemas.full()).clock(new ManualClock()).open();
  }

  private static Timestamp at(long step) {
    return Timestamp.ofNanos(BASE + step * LedgerTries.STEP);
  }

  @Test
  void tenLikesByNobodyChangeCountersAndMakeNoEdge() {
    try (var db = ephemeral()) {
      for (long i = 1; i <= 10; i++) {
        db.signal("like", EntityId.of(i), 1.0, at(i));
        assertThat(db.readWindowedCount(EntityId.of(i), "like", Window.ALL_TIME)).isEqualTo(1);
      }
      assertThat(db.coEngagement().edgeCount()).isZero();
      for (long i = 1; i <= 10; i++) {
        db.signal("like", EntityId.of(i), Signal.by(1).at(at(i)));
      }
      assertThat(db.coEngagement().edgeCount()).isEqualTo(45);
    }
  }

  @Test
  void aSimulatedCrashIsACloseACrashAndAKill() {
    assertThat(Ending.values()).containsExactly(Ending.CLOSE, Ending.CRASH, Ending.KILL);
    var looks = new AtomicInteger();
    Endings.forEachEnding(
        Schemas.testSchema(), db -> db.signal("view", ITEM), db -> looks.incrementAndGet());
    assertThat(looks.get()).isGreaterThan(Ending.values().length);
  }

  @Test
  void anInterruptedCheckpointIsNotTakenOrStoppedBeforeOrBehindItsSwitch() {
    for (var point : CrashPoint.values()) {
      if (!point.name().startsWith("CHECKPOINT")) {
        continue;
      }
      var storage = new InMemoryBackend();
      var ledger = new CohortSignalLedger(Schemas.testSchema(), Crashes.at(point, 2));
      ledger.checkpoint(storage, LedgerTries.meta(1));
      assertThatThrownBy(() -> ledger.checkpoint(storage, LedgerTries.meta(2)))
          .isInstanceOf(SimulatedCrash.class);
      var found = new CohortSignalLedger(Schemas.testSchema()).restore(storage).orElseThrow();
      assertThat(found.position()).isEqualTo(point == CrashPoint.CHECKPOINT_PRE_FLUSH ? 1 : 2);
    }
  }

  @Test
  void capacityHoldsAtEveryInsertAndAtARestoreIntoLess() {
    var index = CoEngagementIndex.withCapacity(1);
    for (long i = 1; i <= 5; i++) {
      index.insertEdge(i, i + 1, (double) i);
      assertThat(index.edgeCount()).isEqualTo(1);
    }
    var storage = new InMemoryBackend();
    var larger = CoEngagementIndex.withCapacity(5);
    LongStream.rangeClosed(1, 5).forEach(i -> larger.insertEdge(i, i + 1, (double) i));
    larger.checkpoint(storage);
    index.restore(storage).orElseThrow();
    assertThat(index.edgeCount()).isEqualTo(1);
    assertThat(index.strength(EntityId.of(5), EntityId.of(6))).isEqualTo(5);
  }

  @Test
  void cohortSignalsAreBestEffortInTheClassOnlyNotInADatabase() {
    var storage = new InMemoryBackend();
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    ledger.checkpoint(storage, LedgerTries.meta(1));
    var view = ledger.resolveSignalType("view");
    ledger.record("en", ITEM, view, 1, at(0));
    var restored = new CohortSignalLedger(Schemas.testSchema());
    restored.restore(storage).orElseThrow();
    assertThat(restored.entryCount()).isZero();

    var store = TestStore.empty();
    var db = store.open(Schemas.full(), new ManualClock());
    db.writeUser(EntityId.of(1), Map.of("language", "en"));
    db.defineCohort("en", "language = \"en\"");
    db.signal("view", ITEM, Signal.by(1));
    TestDoor.abandon(db);
    var again = store.crash(CrashChoice.none(), 1).open(Schemas.full(), new ManualClock());
    assertThat(again.readCohortWindowedCount("en", ITEM, "view", Window.ALL_TIME)).isEqualTo(1);
    TestDoor.abandon(again);
  }

  @Test
  void zerosAskForTheHashThatIsNeverZeroOnDisk() {
    var storage = new InMemoryBackend();
    var zeros = Digest.ofStored(new byte[Digest.SIZE]);
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    ledger.checkpoint(storage, CheckpointMeta.of(at(0), 42, zeros));
    assertThat(ledger.restore(storage).orElseThrow().payloadHash().isZero()).isFalse();
  }

  @Test
  void aCheckpointOfCoEngagementHasPositionZeroAndTheNewestTime() {
    var storage = new InMemoryBackend();
    var index = CoEngagementIndex.withCapacity(10);
    index.recordPositive(1, 1, at(7));
    index.recordPositive(1, 2, at(3));
    index.checkpoint(storage);
    var meta = index.restore(storage).orElseThrow();
    assertThat(meta.position()).isZero();
    assertThat(meta.checkpointTime()).isEqualTo(at(7));
  }

  @Test
  void thereIsNoFileOfSessions() throws IOException {
    try (var db = TidalDb.open(root.resolve("db"), Schemas.withSessions())) {
      db.startSession(42, "test-agent", "default").annotate(ITEM, "good recommendation");
      try (var files = Files.walk(root)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.contains("session"));
      }
    }
  }

  @Test
  void restoredSessionsAreFoundResumedAndLookedAt() {
    try (var db = ephemeral()) {
      var started = db.startSession(42, "test-agent", "default");
      started.signal("view", ITEM);
      var found = db.activeSessions(42).getFirst();
      assertThat(found.sessionId()).isEqualTo(started.sessionId());
      var resumed = db.resumeSession(found.sessionId());
      assertThat(resumed.snapshot()).isEqualTo(started.snapshot());
    }
  }

  @Test
  void atLeastOneIsExactlyOne() {
    try (var db = ephemeral()) {
      db.startSession(42, "test-agent", "default").signal("view", ITEM);
      assertThat(M7CrashM6Test.viewsOf(db, 1)).isEqualTo(1);
    }
  }

  @Test
  void theMixedWorkloadWritesEverySurface() {
    try (var db = ephemeral()) {
      MixedWorkload.write(db);
      assertThat(db.cohorts()).isNotEmpty();
      assertThat(db.coEngagement().edgeCount()).isPositive();
      assertThat(db.activeSessions(1)).isNotEmpty();
      assertThat(db.readDecayScore(EntityId.of(77), "hide")).isEqualTo(1);
      assertThat(db.listCollections(1)).isNotEmpty();
    }
  }

  @Test
  void anIdOfASignalIsItsRankInASchemaAndStaysInAStore() {
    var builder = new SchemaBuilder().signal("view", EntityKind.ITEM, Decay.permanent()).add();
    assertThat(new CohortSignalLedger(builder.build()).resolveSignalType("view"))
        .isEqualTo(SignalTypeId.of(0));
    TidalDb.open(root.resolve("db"), builder.build()).close();
    var more = builder.signal("like", EntityKind.ITEM, Decay.permanent()).add().build();
    assertThat(new CohortSignalLedger(more).resolveSignalType("view"))
        .isEqualTo(SignalTypeId.of(1));
    try (var db = TidalDb.open(root.resolve("db"), more)) {
      assertThat(db.schema().signal("view").orElseThrow().id()).isEqualTo(SignalTypeId.of(0));
      assertThat(db.schema().signal("like").orElseThrow().id()).isEqualTo(SignalTypeId.of(1));
    }
  }

  @Test
  void eventsOf1970StandBesideThoseOfNow() {
    try (var db = ephemeral()) {
      db.signal("like", ITEM, 1.0, at(0));
      db.signal("like", ITEM);
      assertThat(db.readWindowedCount(ITEM, "like", Window.ALL_TIME)).isEqualTo(2);
      assertThat(db.readWindowedCount(ITEM, "like", Window.TWENTY_FOUR_HOURS)).isEqualTo(1);
    }
  }

  @Test
  void bothWaysToWriteAnItemMeanTheSame() {
    try (var db = ephemeral()) {
      db.writeItem(ITEM, Map.of("title", "a"));
      db.writeItemWithMetadata(ITEM, Map.of("title", "b"));
      assertThat(db.getItemMetadata(ITEM).map(Metadata::asStrings)).contains(Map.of("title", "b"));
      db.writeItem(ITEM, Map.of());
      assertThat(db.getItemMetadata(ITEM).map(Metadata::asStrings)).contains(Map.of());
    }
  }

  @Test
  void theTextOfACreatorIsItsId() {
    try (var db = ephemeral()) {
      db.writeItem(ITEM, Map.of("creator_id", "0"));
      db.writeItem(EntityId.of(2), Map.of("creator_id", "9"));
      var request = Retrieve.items().sortBy(Sort.NEW);
      var zero = request.filter(Filter.field("creator").is(EntityId.of(0)));
      assertThat(db.retrieve(zero).hits()).extracting(Hit::id).containsExactly(ITEM);
    }
  }

  @Test
  void theSchemasOfTheSeedAreBuilt() {
    assertThat(Schemas.testSchema().signals()).hasSize(1);
    assertThat(Schemas.withCollections().field(EntityKind.ITEM, "title")).isPresent();
    assertThat(Schemas.withEntities().signal("like")).isPresent();
    assertThat(Schemas.withSessions().sessionPolicy("default")).isPresent();
    assertThat(Schemas.full().signal("hide").orElseThrow().decay()).isEqualTo(Decay.permanent());
  }

  @Test
  void triesAreNeverCutDownBecauseFewValuesExist() {
    var tries = new AtomicInteger();
    Property.forAll(Generator.ints(1, 2)).always(200).check(any -> tries.incrementAndGet());
    assertThat(tries).hasValue(200);
  }
}
