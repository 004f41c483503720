package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.ReadOnlyException;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Fault;
import io.tidaldb.testing.FaultyVolume;
import io.tidaldb.testing.VolumeCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What becomes of a database whose disk refuses: the nth call of every kind fails, space runs out.
final class FailingDiskTest {

  private static final EntityId ITEM = EntityId.of(7);
  private static final Duration CASE_LIMIT = Duration.ofSeconds(60);
  private static final int WRITES = 120;

  private static TidalDb open(FaultyVolume volume, SimulatedStore store) {
    return SimulatedStore.open(volume, store.backend(), CrashInjector.NONE);
  }

  @Test
  void aFailedWriteOrSyncIsFinal() {
    long seen = 0;
    for (var call : List.of(VolumeCall.WRITE, VolumeCall.SYNC)) {
      long first = 1;
      for (var moment : Fault.Moment.values()) {
        int step = Settings.isSlow() ? 1 : 5;
        for (long nth = first++; nth <= 80; nth += step) {
          var fault = Fault.of(call, nth).at(moment);
          seen += assertTimeoutPreemptively(CASE_LIMIT, () -> writeUntilItFails(fault)) ? 1 : 0;
        }
      }
    }
    System.out.println("failed writes and syncs that a writer met: " + seen);
    assertThat(seen).as("faults that a writer met").isGreaterThan(60);
  }

  /// Writes until the disk fails; true if a caller noticed.
  private boolean writeUntilItFails(Fault fault) {
    var what = fault.toString();
    var store = SimulatedStore.empty();
    var volume = new FaultyVolume(store.volume()).arm(fault);
    TidalDb db;
    try {
      db = open(volume, store);
    } catch (TidalException refused) {
      assertThat(volume.fired()).as(what).isPositive();
      reopen(store, 0, 1, what);
      return false;
    }
    long answered = 0;
    long unknown = 0;
    try {
      for (int i = 0; i < WRITES && unknown == 0; i++) {
        try {
          db.signal("view", ITEM, Signal.by(i).weight(2));
          answered++;
          if (i % 40 == 39) {
            db.checkpoint();
          }
        } catch (OutcomeUnknownException first) {
          unknown++;
        } catch (ReadOnlyException | StorageException stopped) {
          // The maintenance thread or the checkpoint met it.
          assertThat(volume.fired()).as(what).isPositive();
          break;
        }
      }
      if (unknown > 0) {
        isReadOnly(db, answered, volume, what);
      }
    } finally {
      TestDoor.abandon(db);
    }
    reopen(store, answered, answered + unknown, what);
    return unknown > 0;
  }

  private static void isReadOnly(TidalDb db, long answered, FaultyVolume volume, String what) {
    assertThat(volume.fired()).as(what).isPositive();
    assertThatThrownBy(() -> db.signal("view", ITEM))
        .as(what)
        .isInstanceOfSatisfying(
            ReadOnlyException.class,
            error -> {
              assertThat(error.since()).isEqualTo(SimulatedStore.NOW);
              assertThat(error.getMessage()).contains("injected");
            });
    assertThatThrownBy(db::healthCheck).as(what).isInstanceOf(ReadOnlyException.class);
    assertThatThrownBy(db::checkpoint).as(what).isInstanceOf(ReadOnlyException.class);
    assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).as(what).isEqualTo(answered);
  }

  /// Whatever the power cut after the fault takes, what was answered is there, once.
  private static void reopen(SimulatedStore store, long atLeast, long atMost, String what) {
    for (var choice : List.of(CrashChoice.none(), CrashChoice.all(), CrashChoice.seeded(atMost))) {
      var left = store.crash(choice, atMost % 2 == 0 ? 0 : 1);
      var db = left.open();
      try {
        assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME))
            .as("%s %s", what, choice)
            .isBetween(atLeast, atMost);
        db.signal("view", ITEM);
        assertThat(db.verify(true).findings()).as(what).isEmpty();
      } finally {
        TestDoor.abandon(db);
      }
    }
  }

  @Test
  void anyOtherFailureLosesNothing() {
    int met = 0;
    var outcomes = new TreeSet<String>();
    for (var call :
        List.of(
            VolumeCall.CREATE,
            VolumeCall.RENAME,
            VolumeCall.DELETE,
            VolumeCall.SYNC_DIRECTORY,
            VolumeCall.TRUNCATE)) {
      for (boolean sticky : new boolean[] {false, true}) {
        for (long nth = 1; nth <= 12; nth++) {
          var once = Fault.of(call, nth);
          var fault = sticky ? once.forEver() : once;
          var outcome = assertTimeoutPreemptively(CASE_LIMIT, () -> writeAll(fault));
          outcomes.add(call + " " + outcome);
          met += outcome.equals("not met") ? 0 : 1;
        }
      }
    }
    System.out.println("other failures met: " + met + " " + outcomes);
    assertThat(met).isGreaterThan(30);
  }

  /// Writes with checkpoints and rotations; how the database took the fault.
  private String writeAll(Fault fault) {
    var store = SimulatedStore.empty();
    var volume = new FaultyVolume(store.volume()).arm(fault);
    TidalDb db;
    try {
      db = open(volume, store);
    } catch (TidalException refused) {
      reopen(store, 0, 1, fault.toString());
      return "open refused";
    }
    long answered = 0;
    long unknown = 0;
    var outcome = "went on";
    try {
      for (int i = 0; i < WRITES; i++) {
        try {
          db.signal("view", ITEM, Signal.by(i));
          answered++;
        } catch (OutcomeUnknownException stopped) {
          unknown++;
          outcome = "stopped";
        } catch (ReadOnlyException | StorageException refused) {
          outcome = "stopped";
        }
        if (i % 30 == 29) {
          try {
            db.checkpoint();
          } catch (TidalException refused) {
            outcome = outcome.equals("stopped") ? "stopped" : "checkpoint failed";
          }
        }
      }
    } finally {
      TestDoor.abandon(db);
    }
    reopen(store, answered, answered + unknown, fault.toString());
    return volume.fired() > 0 ? outcome : "not met";
  }

  @Test
  void afterRunningOutOfSpaceWritesResumeWithoutReopening() {
    var store = SimulatedStore.empty();
    var db = store.open();
    try {
      db.signal("view", ITEM);
      store.volume().capacity(40 << 10);
      long answered = 1;
      List<StorageException> refusals = new ArrayList<>();
      for (int i = 0; i < 2_000 && refusals.size() < 3; i++) {
        try {
          db.writeItem(ITEM, Map.of("note", "x".repeat(700)));
          answered++;
        } catch (StorageException refused) {
          refusals.add(refused);
        }
      }
      assertThat(refusals).hasSize(3);
      assertThat(refusals)
          .allMatch(refused -> refused.outcome() == StorageException.Outcome.NOT_WRITTEN);
      assertThat(db.position()).isEqualTo(answered + 1);
      assertThat(db.readItem(ITEM)).isPresent();
      store.volume().capacity(4 << 20);
      long resumed = writeWhenThereIsSpace(db);
      assertThat(db.position()).isEqualTo(answered + 1 + resumed);
      assertThat(db.verify(true).findings()).isEmpty();
      var left = store.crash(CrashChoice.none(), 1);
      var again = left.open();
      assertThat(again.position()).isEqualTo(answered + 1 + resumed);
      TestDoor.abandon(again);
    } finally {
      TestDoor.abandon(db);
    }
  }

  /// The next segment is prepared in the background, so the first calls may still be refused.
  private static long writeWhenThereIsSpace(TidalDb db) {
    long deadline = System.nanoTime() + CASE_LIMIT.toNanos();
    long done = 0;
    while (done < 20) {
      try {
        db.write(List.of(Write.item(ITEM, Map.of("note", "y"))));
        done++;
      } catch (StorageException stillFull) {
        assertThat(System.nanoTime()).as("writes resume").isLessThan(deadline);
      }
    }
    return done;
  }

  @Test
  void anErrorWhileReadingTheLogRefusesAndChangesNothing() {
    var store = SimulatedStore.empty();
    var db = store.open();
    for (int i = 0; i < 50; i++) {
      db.signal("view", ITEM, 1, Timestamp.of(SimulatedStore.NOW));
    }
    TestDoor.abandon(db);
    int met = 0;
    for (long nth = 1; nth <= 12; nth++) {
      var left = store.crash(CrashChoice.all(), 1);
      var before = left.volume().contentHash();
      var volume = new FaultyVolume(left.volume()).arm(Fault.of(VolumeCall.READ, nth).forEver());
      try {
        TestDoor.abandon(open(volume, left));
      } catch (StorageException refused) {
        met++;
        assertThat(refused.path()).isNotBlank();
        assertThat(left.volume().contentHash()).as("nth=%d", nth).isEqualTo(before);
      }
    }
    assertThat(met).isPositive();
  }
}
