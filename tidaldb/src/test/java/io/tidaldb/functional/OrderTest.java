package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The calls of one thread get positions in the order it made them, blocking or not.
final class OrderTest {

  private static final int THREADS = 64;
  private static final int CALLS = 60;
  private static final List<Durability> LEVELS = List.of(Durability.values());

  @Test
  void theCallsOfOneThreadKeepTheirOrder() throws Exception {
    try (var db = Doors.ephemeral(new ManualClock()).queueEvents(1 << 16).open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Long>>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        var item = EntityId.of(thread + 1);
        all.add(threads.submit(() -> positions(db, item)));
      }
      List<Long> everyPosition = new ArrayList<>();
      for (var future : all) {
        var positions = future.get(Doors.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(positions).isSorted().doesNotHaveDuplicates().hasSize(CALLS);
        everyPosition.addAll(positions);
      }
      Collections.sort(everyPosition);
      assertThat(everyPosition).doesNotHaveDuplicates();
      assertThat(everyPosition.getFirst()).isEqualTo(2);
      assertThat(everyPosition.getLast()).isEqualTo(1 + THREADS * CALLS);
      assertThat(db.position()).isEqualTo(1 + THREADS * CALLS);
      for (int thread = 0; thread < THREADS; thread++) {
        var item = db.readItem(EntityId.of(thread + 1)).orElseThrow();
        assertThat(item.metadata().text("note")).contains("call " + (CALLS - 1));
      }
    }
  }

  private static List<Long> positions(TidalDb db, EntityId item) {
    List<CompletionStage<List<Receipt>>> stages = new ArrayList<>();
    List<Long> blocking = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      var write = List.of(Write.item(item, Map.of("note", "call " + call)));
      var level = LEVELS.get(call % LEVELS.size());
      if (call % 7 == 6) {
        blocking.add(db.write(write, level).getFirst().position());
      } else {
        stages.add(db.writeAsync(write, level));
      }
    }
    List<Long> positions = new ArrayList<>();
    int next = 0;
    for (int call = 0; call < CALLS; call++) {
      positions.add(
          call % 7 == 6
              ? blocking.get(call / 7)
              : Doors.answer(stages.get(next++)).getFirst().position());
    }
    return positions;
  }

  @Test
  void aBatchGetsPositionsInARow() {
    try (var db = Doors.ephemeral(new ManualClock()).open()) {
      List<Write> batch =
          Collections.nCopies(500, Write.signal("view", Doors.ITEM, Signal.anonymous()));
      var receipts = db.write(batch);
      for (int i = 0; i < receipts.size(); i++) {
        assertThat(receipts.get(i)).isEqualTo(new Receipt(2 + i, false));
      }
      assertThat(db.write(List.of())).isEmpty();
    }
  }
}
