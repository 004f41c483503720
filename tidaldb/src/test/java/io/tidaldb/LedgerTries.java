package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.cohort.CohortSignalLedger;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StoredRows;
import java.util.List;
import java.util.SplittableRandom;

/// A cohort ledger alone, whose checkpoints are not taken, stopped, lost in part or damaged.
final class LedgerTries {

  static final long BASE = 1_000_000_000_000L;
  static final long STEP = 1_000_000L;

  private LedgerTries() {}

  /// How much a try records.
  record Load(int cohorts, int entities, int signals, long seed) {}

  static CheckpointMeta meta(long position) {
    return CheckpointMeta.of(Timestamp.ofNanos(BASE), position);
  }

  static long views(CohortSignalLedger ledger, String cohort, long entity) {
    return ledger.readWindowedCount(cohort, EntityId.of(entity), "view", Window.ALL_TIME);
  }

  static CohortSignalLedger recorded(Load load, Crashes injector) {
    var ledger = new CohortSignalLedger(Schemas.testSchema(), injector);
    var view = ledger.resolveSignalType("view");
    for (int c = 0; c < load.cohorts; c++) {
      for (long e = 1; e <= load.entities; e++) {
        for (int s = 0; s < load.signals; s++) {
          ledger.record(
              "cohort_" + c, EntityId.of(e), view, 1.0, Timestamp.ofNanos(BASE + s * STEP));
        }
      }
    }
    return ledger;
  }

  static void three(CohortSignalLedger ledger) {
    for (long e = 1; e <= 3; e++) {
      var view = ledger.resolveSignalType("view");
      ledger.record("cohort_0", EntityId.of(1_000 + e), view, 1.0, Timestamp.ofNanos(BASE));
    }
  }

  static void survivesCheckpointCrash(Load load) {
    var storage = new InMemoryBackend();
    var ledger = recorded(load, Crashes.counting());
    ledger.checkpoint(storage, meta(100));
    long entries = ledger.entryCount();
    three(ledger);
    assertThat(ledger.entryCount()).isEqualTo(entries + 3);
    holds(storage, load, 100);

    for (var point : List.of(CrashPoint.CHECKPOINT_PRE_FLUSH, CrashPoint.CHECKPOINT_POST_FLUSH)) {
      var stopped = new InMemoryBackend();
      var again = recorded(load, Crashes.at(point, 2));
      again.checkpoint(stopped, meta(100));
      three(again);
      assertThatThrownBy(() -> again.checkpoint(stopped, meta(200)))
          .isInstanceOf(SimulatedCrash.class);
      holds(stopped, load, point == CrashPoint.CHECKPOINT_PRE_FLUSH ? 100 : 200);
      var lost = CrashedBackend.of(stopped, new SplittableRandom(load.seed));
      if (point == CrashPoint.CHECKPOINT_PRE_FLUSH) {
        holds(lost, load, 100);
      } else {
        holdsEither(lost, load);
      }
    }
    var flushed = new InMemoryBackend();
    var last = recorded(load, Crashes.counting());
    last.checkpoint(flushed, meta(100));
    three(last);
    last.checkpoint(flushed, meta(200));
    holdsEither(CrashedBackend.of(flushed, new SplittableRandom(load.seed)), load);
  }

  static void holdsEither(InMemoryBackend storage, Load load) {
    var found = new CohortSignalLedger(Schemas.testSchema()).restore(storage).orElseThrow();
    assertThat(found.position()).isIn(100L, 200L);
    holds(storage, load, found.position());
  }

  /// The storage holds the image of a position whole: at 200 there are three entities more.
  static void holds(InMemoryBackend storage, Load load, long position) {
    var restored = new CohortSignalLedger(Schemas.testSchema());
    assertThat(restored.restore(storage).orElseThrow().position()).isEqualTo(position);
    long more = position == 100 ? 0 : 1;
    assertThat(restored.entryCount()).isEqualTo((long) load.cohorts * load.entities + 3 * more);
    for (int c = 0; c < load.cohorts; c++) {
      for (long e = 1; e <= load.entities; e++) {
        assertThat(views(restored, "cohort_" + c, e)).isEqualTo(load.signals);
      }
    }
    for (long e = 1_001; e <= 1_003; e++) {
      assertThat(views(restored, "cohort_0", e)).isEqualTo(more);
    }
  }

  /// Each bit in turn; the ledger keeps what it has.
  static void everyFlippedBitIsNoticed(StoredRows rows, CohortSignalLedger ledger) {
    long bits = rows.bits();
    assertThat(bits).isGreaterThan(133 * 64);
    for (long bit = 0; bit < bits; bit++) {
      var damaged = rows.flipped(bit);
      assertThatThrownBy(() -> ledger.restore(damaged))
          .as("bit %d of %d", bit, bits)
          .isInstanceOf(CorruptionException.class);
    }
    assertThat(ledger.entryCount()).isEqualTo(133);
  }
}
