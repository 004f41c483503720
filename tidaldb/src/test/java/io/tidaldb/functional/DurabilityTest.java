package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.functional.Doors.answer;
import static io.tidaldb.functional.Doors.views;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When a write is answered, what readers see before, and what a power cut takes after.
final class DurabilityTest {

  private final SimulatedVolume disk = new SimulatedVolume();
  private final GateVolume volume = new GateVolume(disk);
  private final InMemoryBackend backend = new InMemoryBackend();
  private final TidalDb db =
      Doors.on(volume, backend).relaxedSyncInterval(Duration.ofSeconds(1)).open();

  @AfterEach
  void letGo() {
    volume.openGate();
    TestDoor.abandon(db);
  }

  private static List<Write> view(EntityId item) {
    return List.of(Write.signal("view", item, Signal.anonymous()));
  }

  private long viewsAfterPowerCut() {
    var left = disk.crash(CrashChoice.none());
    var unflushed = CrashedBackend.unflushedBatches(backend);
    var again = Doors.on(left, CrashedBackend.of(backend, unflushed)).open();
    try {
      return views(again, ITEM);
    } finally {
      TestDoor.abandon(again);
    }
  }

  @Test
  void aReaderNeverSeesWhatIsNotDurable() {
    long before = db.position();
    volume.shut();
    var stage = db.writeAsync(view(ITEM));
    volume.awaitArrival();
    assertThat(views(db, ITEM)).isZero();
    assertThat(db.position()).isEqualTo(before);
    assertThat(stage.toCompletableFuture()).isNotDone();
    volume.openGate();
    answer(stage);
    assertThat(views(db, ITEM)).isEqualTo(1);
    assertThat(db.position()).isEqualTo(before + 1);
  }

  @Test
  void batchedAndImmediateSurviveAPowerCutAndAreReadAtOnce() {
    db.write(view(ITEM), Durability.BATCHED);
    assertThat(views(db, ITEM)).isEqualTo(1);
    db.write(view(ITEM), Durability.IMMEDIATE);
    assertThat(views(db, ITEM)).isEqualTo(2);
    assertThat(viewsAfterPowerCut()).isEqualTo(2);
  }

  @Test
  void relaxedIsAnsweredBeforeTheSyncAndSeenAfterIt() {
    volume.shut();
    var receipts = db.write(view(ITEM), Durability.RELAXED);
    assertThat(receipts.getFirst().position()).isEqualTo(db.position() + 1);
    assertThat(views(db, ITEM)).isZero();
    volume.openGate();
    db.sync();
    assertThat(views(db, ITEM)).isEqualTo(1);
    assertThat(viewsAfterPowerCut()).isEqualTo(1);
  }

  @Test
  void relaxedBecomesVisibleByItself() {
    db.write(view(ITEM), Durability.RELAXED);
    long deadline = System.nanoTime() + Duration.ofSeconds(Doors.WAIT_SECONDS).toNanos();
    while (views(db, ITEM) == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(views(db, ITEM)).isEqualTo(1);
  }

  @Test
  void aStrongerCallTakesTheRelaxedOnesBeforeItAlong() {
    db.write(view(ITEM), Durability.RELAXED);
    db.write(view(ITEM), Durability.RELAXED);
    db.write(view(ITEM), Durability.IMMEDIATE);
    assertThat(views(db, ITEM)).isEqualTo(3);
    assertThat(viewsAfterPowerCut()).isEqualTo(3);
  }

  @Test
  void syncReturnsWhenAllThatWasSubmittedIsVisible() {
    List<CompletionStage<List<Receipt>>> stages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      stages.add(db.writeAsync(view(ITEM), i % 2 == 0 ? Durability.RELAXED : Durability.BATCHED));
    }
    db.sync();
    assertThat(views(db, ITEM)).isEqualTo(200);
    stages.forEach(Doors::answer);
    assertThat(viewsAfterPowerCut()).isEqualTo(200);
  }

  @Test
  void aBatchIsAllOrNothing() {
    List<Write> batch = new ArrayList<>(view(ITEM));
    batch.add(
        Write.update(
            io.tidaldb.schema.EntityKind.ITEM,
            EntityId.of(77),
            java.util.Map.of("note", "x"),
            java.util.Optional.empty()));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> db.write(batch))
        .isInstanceOf(io.tidaldb.schema.NotFoundException.class)
        .hasMessageContaining("77");
    assertThat(views(db, ITEM)).isZero();
    assertThat(db.position()).isEqualTo(1);
  }
}
