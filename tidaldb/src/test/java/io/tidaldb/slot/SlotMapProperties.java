package io.tidaldb.slot;

import static io.tidaldb.schema.EntityKind.ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SlotMapProperties {

  @Test
  void writesAndDeletionsAgreeWithAMapThroughEverySaving() {
    long seed = Long.getLong("tidal.seed", 20_261_124);
    for (int round = 0; round < 20; round++) {
      check(new SplittableRandom(seed + round), "seed=" + (seed + round));
    }
  }

  private static void check(SplittableRandom random, String seed) {
    var slots = new SlotMap();
    Map<Long, Integer> model = new HashMap<>();
    List<Long> ids = new ArrayList<>();
    var saved = new TreeMap<PageKey, byte[]>();
    int range = random.nextInt(1, 6_000);
    for (int step = 0; step < 8_000; step++) {
      long id = random.nextInt(range) - 3L;
      if (random.nextInt(4) == 0 && model.containsKey(id)) {
        Event deletion = Events.deleted(ITEM, id);
        slots.apply(step + 1, deletion);
        slots.retire(deletion);
        model.remove(id);
      } else {
        slots.apply(step + 1, Events.written(ITEM, id));
        if (model.putIfAbsent(id, ids.size()) == null) {
          ids.add(id);
        }
      }
      if (random.nextInt(1_000) == 0) {
        FrozenPages frozen = slots.freeze(random.nextBoolean());
        if (random.nextInt(3) == 0) {
          frozen.abandoned();
        } else {
          frozen.forEach(saved::put);
          frozen.committed();
        }
      }
    }
    FrozenPages last = slots.freeze(false);
    last.forEach(saved::put);
    last.committed();
    var restored = new SlotMap();
    saved.forEach(restored::load);
    restored.loaded(8_000);
    for (SlotMap each : List.of(slots, restored)) {
      assertThat(each.count(ITEM)).as(seed).isEqualTo(ids.size());
      for (int slot = 0; slot < ids.size(); slot++) {
        assertThat(each.id(ITEM, slot)).as(seed).isEqualTo(ids.get(slot));
        boolean lives = Integer.valueOf(slot).equals(model.get(ids.get(slot)));
        assertThat(each.isDead(ITEM, slot)).as(seed).isEqualTo(!lives);
      }
      for (long id = -3; id < range; id++) {
        assertThat(each.slot(ITEM, id)).as(seed).isEqualTo(model.getOrDefault(id, -1));
      }
      assertThat(each.verify()).as(seed).isEmpty();
    }
  }

  /// Readers look while the writer adds, deletes, freezes: a slot that is found belongs to the id,
  /// and an id that was there before the look, and stays, is found.
  @Test
  void readersNeverSeeAForeignSlot() throws InterruptedException {
    var slots = new SlotMap();
    var stop = new AtomicBoolean();
    var wrong = new ConcurrentLinkedQueue<String>();
    List<Thread> readers = new ArrayList<>();
    for (int r = 0; r < 2; r++) {
      var random = new SplittableRandom(r);
      readers.add(Thread.ofPlatform().start(() -> read(slots, random, stop, wrong)));
    }
    var random = new SplittableRandom(5);
    for (int i = 0; i < 200_000; i++) {
      slots.apply(i, Events.written(ITEM, i));
      if (i % 3 == 0) {
        Event deletion = Events.deleted(ITEM, odd(random.nextInt(i + 1)));
        slots.apply(i, deletion);
        slots.retire(deletion);
      }
      if (i % 1_000 == 0) {
        FrozenPages frozen = slots.freeze(false);
        frozen.forEach((key, content) -> {});
        frozen.committed();
      }
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(slots.verify()).isEmpty();
  }

  private static void read(
      SlotMap slots,
      SplittableRandom random,
      AtomicBoolean stop,
      ConcurrentLinkedQueue<String> wrong) {
    while (!stop.get() && wrong.isEmpty()) {
      int count = slots.count(ITEM);
      if (count == 0) {
        continue;
      }
      int slot = random.nextInt(count);
      long id = slots.id(ITEM, slot);
      int found = slots.slot(ITEM, id);
      if (found >= 0 && slots.id(ITEM, found) != id) {
        wrong.add("foreign slot: id=" + id + " found=" + found);
      }
      // Even ids are never deleted; the newest may not be in the table yet.
      if (id % 2 == 0 && found != slot && slot < count - 1) {
        wrong.add("lost: id=" + id + " slot=" + slot + " found=" + found);
      }
    }
  }

  private static long odd(int id) {
    return id | 1;
  }
}
