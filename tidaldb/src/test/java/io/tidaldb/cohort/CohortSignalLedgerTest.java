package io.tidaldb.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.checkpoint.StoppingBackend;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CohortSignalLedgerTest {

  private static final SignalTypeId VIEW = SignalTypeId.of(0);
  private static final Timestamp NOW = Timestamp.ofNanos(1_700_000_000_000_000_000L);

  @Test
  void countsEventsWhateverTheirWeight() {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    record(ledger, "a", 1, 2.0);
    record(ledger, "a", 1, 0.0);
    record(ledger, "a", 2, 1.0);
    record(ledger, "b", 1, 1.0);

    assertThat(count(ledger, "a", 1)).isEqualTo(2);
    assertThat(ledger.readDecayScore("a", EntityId.of(1), "view")).isCloseTo(2.0, within(1e-9));
    assertThat(count(ledger, "b", 1)).isEqualTo(1);
    assertThat(ledger.entryCount()).isEqualTo(3);
  }

  @Test
  void readsZeroWhereNothingHappened() {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    assertThat(count(ledger, "nobody", 1)).isZero();
    assertThat(ledger.readDecayScore("nobody", EntityId.of(1), "view")).isZero();
    record(ledger, "a", 1, 1);
    assertThat(count(ledger, "a", 2)).isZero();
    assertThat(count(ledger, "nobody", 1)).isZero();
  }

  @Test
  void everyIdIsAnEntity() {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    record(ledger, "a", 0, 1);
    record(ledger, "a", -1L, 1);
    record(ledger, "a", -1L, 1);
    assertThat(count(ledger, "a", 0)).isEqualTo(1);
    assertThat(count(ledger, "a", -1L)).isEqualTo(2);
  }

  @Test
  void refusesWhatDoesNotFitAndRecordsNothing() {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    var item = EntityId.of(1);
    assertThat(ledger.resolveSignalType("view")).isEqualTo(VIEW);
    assertThatThrownBy(() -> ledger.resolveSignalType("no")).isInstanceOf(NotFoundException.class);
    for (var name : new String[] {"", "A", "1a", "a-b", "a".repeat(65)}) {
      assertThatThrownBy(() -> ledger.record(name, item, VIEW, 1, NOW))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(name);
    }
    for (double weight : new double[] {-1, 1e-10, 1e10, Double.NaN}) {
      assertThatThrownBy(() -> ledger.record("a", item, VIEW, weight, NOW))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> ledger.record("a", item, SignalTypeId.of(9), 1, NOW))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> ledger.readWindowedCount("a", item, "view", Window.ONE_HOUR))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("declared=[all]");
    assertThatThrownBy(() -> ledger.readDecayScore("a", item, "no"))
        .isInstanceOf(NotFoundException.class);
    assertThat(ledger.entryCount()).isZero();
    record(ledger, "a".repeat(64), 1, 1);
    assertThat(ledger.entryCount()).isEqualTo(1);
  }

  @Test
  void aStorageWithoutCheckpointChangesNothing() {
    var ledger = filled(3);
    assertThat(ledger.restore(new InMemoryBackend())).isEmpty();
    assertThat(ledger.entryCount()).isEqualTo(3);
  }

  @Test
  void restoresWhatWasSavedAndSavesTheSameBytesAgain() {
    var saved = filled(300);
    var storage = new InMemoryBackend();
    saved.checkpoint(storage, CheckpointMeta.of(NOW, 42));
    record(saved, "late", 1, 1);

    var restored = new CohortSignalLedger(Schemas.testSchema());
    record(restored, "other", 7, 1);
    var meta = restored.restore(storage).orElseThrow();

    assertThat(meta.position()).isEqualTo(42);
    assertThat(meta.checkpointTime()).isEqualTo(NOW);
    assertThat(meta.payloadHash().isZero()).isFalse();
    assertThat(restored.entryCount()).isEqualTo(300);
    for (int i = 0; i < 300; i++) {
      assertThat(count(restored, cohort(i), i)).isEqualTo(1);
      assertThat(restored.readDecayScore(cohort(i), EntityId.of(i), "view"))
          .isEqualTo(saved.readDecayScore(cohort(i), EntityId.of(i), "view"));
    }
    assertThat(count(restored, "late", 1)).isZero();
    assertThat(count(restored, "other", 7)).isZero();
    var again = new InMemoryBackend();
    restored.checkpoint(again, CheckpointMeta.of(NOW, 42, meta.payloadHash()));
    assertThat(content(again)).isEqualTo(content(storage));
  }

  @Test
  void aHashThatIsGivenMustBeThatOfTheImage() {
    var ledger = filled(3);
    var storage = new InMemoryBackend();
    var wrong = Digest.of(new byte[] {1});
    assertThatThrownBy(() -> ledger.checkpoint(storage, CheckpointMeta.of(NOW, 1, wrong)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("computed=");
    assertThat(ledger.restore(storage)).isEmpty();
    ledger.checkpoint(storage, CheckpointMeta.of(NOW, 2));
    assertThat(ledger.restore(storage)).isPresent();
  }

  @Test
  void aStopAtAnyCallLeavesTheOldImageOrTheNewOne() {
    boolean whole = false;
    for (int calls = 0; !whole; calls++) {
      var ledger = filled(200);
      var memory = new InMemoryBackend();
      ledger.checkpoint(memory, CheckpointMeta.of(NOW, 100));
      record(ledger, "late", 1, 1);
      var stopping = new StoppingBackend(memory, calls, () -> new SimulatedCrash("stop"));
      whole = true;
      try {
        ledger.checkpoint(stopping, CheckpointMeta.of(NOW, 200));
      } catch (SimulatedCrash stop) {
        whole = false;
      }
      for (int lost = 0; lost <= CrashedBackend.unflushedBatches(memory); lost++) {
        var after = new CohortSignalLedger(Schemas.testSchema());
        var meta = after.restore(CrashedBackend.of(memory, lost)).orElseThrow();
        assertThat(meta.position()).isIn(100L, 200L);
        assertThat(after.entryCount()).isEqualTo(meta.position() == 100 ? 200 : 201);
        assertThat(whole && meta.position() == 100).isFalse();
      }
      // What was left behind harms no later checkpoint.
      ledger.checkpoint(memory, CheckpointMeta.of(NOW, 300));
      var fresh = new InMemoryBackend();
      ledger.checkpoint(fresh, CheckpointMeta.of(NOW, 300));
      assertThat(content(memory)).hasSameSizeAs(content(fresh));
    }
  }

  @Test
  void theCrashPointsAreInsideRecordAndCheckpoint() {
    var crashes = Crashes.at(CrashPoint.CHECKPOINT_PRE_FLUSH, 2);
    var ledger = new CohortSignalLedger(Schemas.testSchema(), crashes);
    var storage = new InMemoryBackend();
    record(ledger, "a", 1, 1);
    assertThat(crashes.hits(CrashPoint.COHORT_LEDGER_UPDATE)).isEqualTo(1);
    ledger.checkpoint(storage, CheckpointMeta.of(NOW, 100));
    record(ledger, "a", 2, 1);
    assertThatThrownBy(() -> ledger.checkpoint(storage, CheckpointMeta.of(NOW, 200)))
        .isInstanceOf(SimulatedCrash.class);
    var restored = new CohortSignalLedger(Schemas.testSchema());
    assertThat(restored.restore(storage).orElseThrow().position()).isEqualTo(100);

    var later =
        new CohortSignalLedger(
            Schemas.testSchema(), Crashes.at(CrashPoint.CHECKPOINT_POST_FLUSH, 1));
    record(later, "a", 1, 1);
    record(later, "a", 2, 1);
    assertThatThrownBy(() -> later.checkpoint(storage, CheckpointMeta.of(NOW, 200)))
        .isInstanceOf(SimulatedCrash.class);
    assertThat(restored.restore(storage).orElseThrow().position()).isEqualTo(200);
    assertThat(restored.entryCount()).isEqualTo(2);
  }

  @Test
  void everyFlippedBitIsNoticedAndChangesNothing() {
    var saved = filled(9);
    var storage = new InMemoryBackend();
    saved.checkpoint(storage, CheckpointMeta.of(NOW, 42));
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    record(ledger, "kept", 1, 1);
    for (var entry : content(storage).entrySet()) {
      byte[] key = HexFormat.of().parseHex(entry.getKey());
      byte[] value = HexFormat.of().parseHex(entry.getValue());
      for (int bit = 0; bit < value.length * 8; bit++) {
        byte[] flipped = value.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        storage.put(Keyspace.SYSTEM, key, flipped);
        assertThatThrownBy(() -> ledger.restore(storage)).isInstanceOf(CorruptionException.class);
      }
      storage.put(Keyspace.SYSTEM, key, value);
    }
    assertThat(ledger.entryCount()).isEqualTo(1);
    assertThat(count(ledger, "kept", 1)).isEqualTo(1);
    assertThat(ledger.restore(storage)).isPresent();
  }

  @Test
  void aSchemaThatLacksATypeOrDeclaresItOtherwiseIsRefused() {
    var ledger = new CohortSignalLedger(Schemas.withEntities());
    var like = ledger.resolveSignalType("like");
    ledger.record("a", EntityId.of(1), like, 1, NOW);
    var storage = new InMemoryBackend();
    ledger.checkpoint(storage, CheckpointMeta.of(NOW, 1));

    var lacking = new CohortSignalLedger(Schemas.testSchema());
    assertThatThrownBy(() -> lacking.restore(storage))
        .isInstanceOf(SchemaMismatchException.class)
        .hasMessageContaining("signal.like");
    var decaying = new CohortSignalLedger(likes(Duration.ofDays(1), Window.TWENTY_FOUR_HOURS));
    assertThatThrownBy(() -> decaying.restore(storage))
        .isInstanceOf(SchemaMismatchException.class)
        .hasMessageContaining("signal.like.decay");
    var windows = new CohortSignalLedger(likes(Duration.ofDays(14), Window.SEVEN_DAYS));
    assertThatThrownBy(() -> windows.restore(storage))
        .isInstanceOf(SchemaMismatchException.class)
        .hasMessageContaining("signal.like.windows");
    assertThat(windows.entryCount()).isZero();
  }

  @Test
  void aSchemaWithMoreTypesReadsWhatAnotherNumberingSaved() {
    var ledger = filled(5);
    var storage = new InMemoryBackend();
    ledger.checkpoint(storage, CheckpointMeta.of(NOW, 1));
    var more = new CohortSignalLedger(Schemas.full());
    assertThat(more.resolveSignalType("view")).isNotEqualTo(VIEW);
    assertThat(more.restore(storage)).isPresent();
    assertThat(count(more, cohort(4), 4)).isEqualTo(1);
    more.record("a", EntityId.of(1), more.resolveSignalType("like"), 1, NOW);
    assertThat(more.entryCount()).isEqualTo(6);
  }

  private static Schema likes(Duration halfLife, Window window) {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ALL_TIME)
        .add()
        .signal("like", EntityKind.ITEM, Decay.exponential(halfLife))
        .windows(window, Window.ALL_TIME)
        .add()
        .build();
  }

  private static CohortSignalLedger filled(int entries) {
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    for (int i = 0; i < entries; i++) {
      record(ledger, cohort(i), i, 1 + i % 3);
    }
    return ledger;
  }

  private static String cohort(int i) {
    return "cohort_" + i % 4;
  }

  private static void record(CohortSignalLedger ledger, String cohort, long item, double weight) {
    ledger.record(cohort, EntityId.of(item), ledger.resolveSignalType("view"), weight, NOW);
  }

  private static long count(CohortSignalLedger ledger, String cohort, long item) {
    return ledger.readWindowedCount(cohort, EntityId.of(item), "view", Window.ALL_TIME);
  }

  private static SortedMap<String, String> content(StorageBackend storage) {
    var content = new TreeMap<String, String>();
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        content.put(
            HexFormat.of().formatHex(cursor.key()), HexFormat.of().formatHex(cursor.value()));
      }
    }
    return content;
  }
}
