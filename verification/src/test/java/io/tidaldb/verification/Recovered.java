package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.CrashChoice;
import java.util.SplittableRandom;

/// Holds what a crash left against what the client knows: everything acknowledged is there, it is a
/// prefix of what was submitted, its digest is that of a fresh fold, nothing is found wrong, a
/// second open changes nothing, and writing goes on.
final class Recovered {

  private static final EntityId ITEM = EntityId.of(999);

  private final Scenario scenario;
  private final Fold fold;
  private final SplittableRandom random;

  Recovered(Scenario scenario, Fold fold, long seed) {
    this.scenario = scenario;
    this.fold = fold;
    this.random = new SplittableRandom(seed);
  }

  /// Checks one state after a crash.
  ///
  /// @param killed whether all that was handed to the disk is there, as after a kill
  /// @param what for the report
  void check(SimulatedStore store, boolean killed, String what) {
    var text = what + "\n" + scenario.trace() + "\n" + store.volume().listing();
    long position;
    String digest;
    TidalDb db = open(store, text);
    try {
      position = db.position();
      digest = db.stateDigest();
      held(position, digest, killed, text);
      assertThat(db.verify(false).findings()).as(text).isEmpty();
    } finally {
      TestDoor.abandon(db);
    }
    var second = crashAgain(store);
    db = open(second, text);
    try {
      assertThat(db.position()).as("position after the second open, %s", text).isEqualTo(position);
      assertThat(db.stateDigest()).as("digest after the second open, %s", text).isEqualTo(digest);
      assertThat(db.recovery().bytesCut()).as("cut by the second open, %s", text).isZero();
      writeOn(db, text);
    } finally {
      TestDoor.abandon(db);
    }
  }

  private static TidalDb open(SimulatedStore store, String text) {
    try {
      return store.open();
    } catch (RuntimeException refused) {
      throw new AssertionError("a crash led to a refusal: " + text, refused);
    }
  }

  private void held(long position, String digest, boolean killed, String text) {
    assertThat(position)
        .as("answered as durable, %s", text)
        .isGreaterThanOrEqualTo(scenario.durable());
    assertThat(position).as("seen by a reader, %s", text).isGreaterThanOrEqualTo(scenario.seen());
    if (killed) {
      assertThat(position)
          .as("answered before a kill, %s", text)
          .isGreaterThanOrEqualTo(scenario.handedOver());
    }
    assertThat(fold.ends()).as("the end of a call, %s", text).contains(position);
    assertThat(digest).as("the fold up to %d, %s", position, text).isEqualTo(fold.digest(position));
  }

  /// The power goes again right after recovery, and takes what recovery left unsynced.
  private SimulatedStore crashAgain(SimulatedStore store) {
    var choice = random.nextBoolean() ? CrashChoice.none() : CrashChoice.seeded(random.nextLong());
    return store.crash(choice, random.nextInt(3) / 2.0);
  }

  private static void writeOn(TidalDb db, String text) {
    long before = db.readWindowedCount(ITEM, "view", Window.ALL_TIME);
    long position = db.position();
    db.signal("view", ITEM, Signal.anonymous());
    db.checkpoint();
    db.signal("view", ITEM, Signal.anonymous());
    assertThat(db.position()).as(text).isEqualTo(position + 2);
    assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).as(text).isEqualTo(before + 2);
  }

  /// Opens with the power going at the nth operation of recovery (or after it, if it takes less);
  /// what is left of the store then.
  static SimulatedStore openAndCrash(SimulatedStore store, long nth, CrashChoice choice) {
    store.volume().crashAt(nth);
    TidalDb db = null;
    try {
      db = store.open();
    } catch (SimulatedCrash expected) {
      // The point of it.
    } finally {
      if (db != null) {
        TestDoor.abandon(db);
      }
    }
    return store.crash(choice, nth % 2 == 0 ? 0 : 1);
  }
}
