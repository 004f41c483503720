package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Random calls about collections through the door, compared with a naive model; before and after
/// crashes.
final class CollectionsProperties {

  private static final Generator<Long> SEEDS = Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE);

  @Test
  void tenThousandCallsAnswerAndLeaveWhatTheModelSays() {
    Property.forAll(SEEDS)
        .tries(20)
        .check(
            seed -> {
              var clock = new ManualClock();
              var shelves = new Shelves(clock, seed);
              try (var db = Doors.ephemeral(clock).open()) {
                for (int i = 0; i < 500; i++) {
                  shelves.take(db);
                  if (i % 50 == 49) {
                    shelves.compare(db);
                  }
                }
                assertThat(db.verify(true).findings()).isEmpty();
              }
            });
  }

  private static TidalDb open(
      SimulatedVolume volume, InMemoryBackend backend, CrashInjector injector, ManualClock clock) {
    return TestDoor.faults(
            TidalDb.builder()
                .schema(Schemas.withCollections())
                .clock(clock)
                .segmentBytes(1 << 16)
                .dedupKeys(1_000)
                .headCapacity(0),
            new Faults(Optional.of(volume), Optional.of(backend), injector))
        .open();
  }

  /// The frame was durable when the view was stopped half way: all of it is there after reopening,
  /// whatever the power cut took of the rows.
  @Test
  void anItemIsInOrOutInEveryReadingAfterACrashWithinTheView() {
    var fired = new AtomicInteger();
    Property.forAll(SEEDS)
        .tries(30)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var clock = new ManualClock();
              var shelves = new Shelves(clock, seed);
              var volume = new SimulatedVolume();
              var backend = new InMemoryBackend();
              var crashes = Crashes.at(CrashPoint.COLLECTION_INDEX_UPDATE, random.nextInt(1, 40));
              var db = open(volume, backend, crashes, clock);
              try {
                for (int i = 0; i < 200; i++) {
                  shelves.take(db);
                  if (random.nextInt(40) == 0) {
                    db.checkpoint();
                  }
                }
              } catch (OutcomeUnknownException stopped) {
                var _ = fired.incrementAndGet();
              } finally {
                TestDoor.abandon(db);
              }
              reopened(shelves, volume.crash(CrashChoice.seeded(seed)), backend, clock, random);
            });
    assertThat(fired).hasValueGreaterThan(10);
  }

  private static void reopened(
      Shelves shelves,
      SimulatedVolume left,
      InMemoryBackend backend,
      ManualClock clock,
      SplittableRandom random) {
    var after = CrashedBackend.of(backend, random);
    var db = open(left, after, CrashInjector.NONE, clock);
    String digest;
    try {
      shelves.compare(db);
      assertThat(db.verify(true).findings()).isEmpty();
      digest = db.stateDigest();
    } finally {
      TestDoor.abandon(db);
    }
    var again =
        open(
            left.crash(CrashChoice.none()),
            CrashedBackend.of(after, random),
            CrashInjector.NONE,
            clock);
    try {
      assertThat(again.stateDigest()).isEqualTo(digest);
      for (int i = 0; i < 20; i++) {
        shelves.take(again);
      }
      shelves.compare(again);
    } finally {
      TestDoor.abandon(again);
    }
  }

  /// Without a crash point: every answered call survives a power cut at any moment.
  @Test
  void whatWasAnsweredSurvivesAPowerCut() {
    Property.forAll(SEEDS)
        .tries(20)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var clock = new ManualClock();
              var shelves = new Shelves(clock, seed);
              var volume = new SimulatedVolume();
              var backend = new InMemoryBackend();
              var db = open(volume, backend, CrashInjector.NONE, clock);
              try {
                for (int i = random.nextInt(100); i > 0; i--) {
                  shelves.take(db);
                  if (random.nextInt(30) == 0) {
                    db.checkpoint();
                  }
                }
              } finally {
                TestDoor.abandon(db);
              }
              reopened(shelves, volume.crash(CrashChoice.seeded(seed)), backend, clock, random);
            });
  }
}
