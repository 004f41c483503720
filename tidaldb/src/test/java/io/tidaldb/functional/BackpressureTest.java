package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.functional.Doors.answer;
import static io.tidaldb.functional.Doors.views;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.BackpressureException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A queue of ten events before a disk that has stalled.
final class BackpressureTest {

  private static final EntityId REFUSED = EntityId.of(99);
  private static final int QUEUE = 10;

  private final GateVolume volume = new GateVolume(new SimulatedVolume());
  private final TidalDb db =
      Doors.on(volume, new InMemoryBackend())
          .queueEvents(QUEUE)
          .enqueueTimeout(Duration.ofMillis(30))
          .open();
  private final List<CompletionStage<Receipt>> accepted = new ArrayList<>();

  @BeforeEach
  void fillTheQueue() {
    volume.shut();
    accepted.add(db.signalAsync("view", ITEM, Signal.anonymous()));
    volume.awaitArrival();
    for (int i = 0; i < QUEUE; i++) {
      accepted.add(db.signalAsync("view", ITEM, Signal.anonymous()));
    }
  }

  @AfterEach
  void letGo() {
    volume.openGate();
    TestDoor.abandon(db);
  }

  private static void isFull(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackpressureException.class,
            full -> {
              assertThat(full.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
              assertThat(full.getMessage()).contains("10");
              assertThat(full.exitCode()).isEqualTo(3);
              assertThat(full.httpStatus()).isEqualTo(503);
            });
  }

  @Test
  void asynchronousCallsFailAtOnceAndBlockingOnesAfterTheTimeout() {
    assertThatThrownBy(() -> answer(db.signalAsync("view", REFUSED, Signal.anonymous())))
        .satisfies(BackpressureTest::isFull);
    long began = System.nanoTime();
    assertThatThrownBy(() -> db.signal("view", REFUSED)).satisfies(BackpressureTest::isFull);
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void nothingRefusedIsEverLogged() {
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> answer(db.signalAsync("view", REFUSED, Signal.anonymous())))
          .isInstanceOf(BackpressureException.class);
    }
    assertThatThrownBy(() -> db.write(List.of(Write.signal("view", REFUSED, Signal.anonymous()))))
        .isInstanceOf(BackpressureException.class);
    volume.openGate();
    accepted.forEach(Doors::answer);
    db.sync();
    assertThat(views(db, ITEM)).isEqualTo(QUEUE + 1);
    assertThat(views(db, REFUSED)).isZero();
    assertThat(db.position()).isEqualTo(1 + QUEUE + 1);
  }

  @Test
  void aBlockingCallGoesOnAsSoonAsThereIsRoom() {
    volume.openGate();
    db.signal("view", ITEM);
    assertThat(views(db, ITEM)).isEqualTo(QUEUE + 2);
  }

  @Test
  void healthSaysThatTheQueueIsFull() {
    assertThat(db.healthCheck().queuedEvents()).isEqualTo(QUEUE);
  }
}
