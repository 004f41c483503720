package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.coengagement.CoEngagementIndex;
import io.tidaldb.cohort.CohortSignalLedger;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Client;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.Step;
import io.tidaldb.testing.StoredRows;
import io.tidaldb.testing.TestStore;
import io.tidaldb.testing.WorldCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Small campaigns with fixed seeds that hold as the database is, and that a broken step must turn
/// red. Run in a loader of their own, so only public methods without arguments.
public final class BrokenCampaigns {

  private static final int SEEDS = 12;

  private BrokenCampaigns() {}

  /// Sequences of the matrix at the points in the path of a frame.
  public static void frames() {
    sequences(
        List.of(
            CrashPoint.WAL_PRE_AGGREGATE,
            CrashPoint.WAL_POST_AGGREGATE,
            CrashPoint.COLLECTION_INDEX_UPDATE));
  }

  /// Sequences of the matrix at the points of a checkpoint.
  public static void checkpoints() {
    sequences(List.of(CrashPoint.CHECKPOINT_PRE_FLUSH, CrashPoint.CHECKPOINT_POST_FLUSH));
  }

  private static void sequences(List<CrashPoint> points) {
    int fired = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      for (var point : points) {
        var run = new MatrixRun(point, MatrixRun.seed(seed, point));
        run.run(0);
        fired += run.fired() ? 1 : 0;
      }
    }
    assertThat(fired).isGreaterThanOrEqualTo(SEEDS * points.size() / 2);
  }

  /// Rows are ahead of the pages of the newest checkpoint: members moved about since then.
  public static void rows() {
    var clock = ScriptChild.clock();
    var random = new SplittableRandom(1);
    var script = new ArrayList<Step>();
    script.add(new Step.Create(1, "moved", Visibility.PUBLIC));
    for (long item = 1; item <= 8; item++) {
      script.add(new Step.Item(item, "Item " + item, "jazz", 1_001));
      script.add(new Step.Add(1, item, -1));
    }
    script.add(new Step.Checkpoint());
    for (int i = 0; i < 40; i++) {
      script.add(new Step.Move(1, 1 + random.nextInt(8), random.nextInt(8)));
    }
    var store = TestStore.empty();
    var live = store.open(MatrixRun.SCHEMA, clock);
    script.forEach(new Client(live, clock)::apply);
    TestDoor.abandon(live);
    var db = store.crash(CrashChoice.all(), 0).open(MatrixRun.SCHEMA, clock);
    try {
      assertThat(WorldCheck.differences(db, ModelWorldAt.of(script))).isEmpty();
    } finally {
      TestDoor.abandon(db);
    }
  }

  /// The power goes at every operation of a short life, and what was torn is opened.
  @SuppressWarnings("JUnitMethodInvoked") // The campaign is that test.
  public static void power() {
    new CrashSimulation().thePowerGoesAtEveryOperationOfShortScenarios();
  }

  /// Every tenth bit of a saved ledger is flipped in turn.
  public static void damage() {
    var storage = new InMemoryBackend();
    var ledger = new CohortSignalLedger(Schemas.testSchema());
    for (long i = 1; i <= 10; i++) {
      var view = ledger.resolveSignalType("view");
      ledger.record("cohort_a", EntityId.of(i), view, 1, Timestamp.ofNanos(i));
    }
    ledger.checkpoint(storage, CheckpointMeta.of(Timestamp.ofNanos(10), 42));
    var rows = StoredRows.of(storage);
    for (long bit = 0; bit < rows.bits(); bit += 10) {
      var damaged = rows.flipped(bit);
      assertThatThrownBy(() -> ledger.restore(damaged)).isInstanceOf(CorruptionException.class);
    }
  }

  /// More edges are saved than the index has room for that restores them.
  public static void lessRoom() {
    var storage = new InMemoryBackend();
    var larger = CoEngagementIndex.withCapacity(50);
    for (long i = 0; i < 50; i++) {
      larger.insertEdge(i, i + 1, i + 0.5);
    }
    larger.checkpoint(storage);
    var smaller = CoEngagementIndex.withCapacity(20);
    assertThat(smaller.restore(storage)).isPresent();
    assertThat(smaller.edgeCount()).isEqualTo(20);
    assertThat(smaller.strength(EntityId.of(49), EntityId.of(50))).isEqualTo(49.5);
  }
}
