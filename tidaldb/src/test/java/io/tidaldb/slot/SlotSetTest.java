package io.tidaldb.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class SlotSetTest {

  @Test
  void itAgreesWithABitmapAndSnapshotsNeverChange() {
    long seed = Long.getLong("tidal.seed", 20_261_124);
    for (int round = 0; round < 50; round++) {
      check(new SplittableRandom(seed + round), "seed=" + (seed + round));
    }
  }

  private static void check(SplittableRandom random, String seed) {
    var set = new SlotSet();
    var model = new RoaringBitmap();
    var published = new RoaringBitmap();
    var snapshot = set.snapshot();
    int range = random.nextInt(1, 300_000);
    boolean changed = false;
    for (int step = 0; step < 2_000; step++) {
      int slot = random.nextInt(range) & (random.nextBoolean() ? ~0 : 0xF000F);
      boolean first = random.nextInt(3) == 0 ? set.remove(slot) : set.add(slot);
      assertThat(first).as(seed).isEqualTo(!changed);
      changed = true;
      if (set.holds(slot)) {
        model.add(slot);
      } else {
        model.remove(slot);
      }
      if (random.nextInt(50) == 0) {
        assertThat(snapshot.bitmap()).as(seed).isEqualTo(published);
        set.publish();
        changed = false;
        snapshot = set.snapshot();
        published = model.clone();
        assertThat(snapshot.bitmap()).as(seed).isEqualTo(published);
        assertThat(snapshot.count()).as(seed).isEqualTo(published.getCardinality());
        assertThat(snapshot.contains(slot)).as(seed).isEqualTo(published.contains(slot));
        var joined = new RoaringBitmap();
        for (int chunk = 0; chunk < 6; chunk++) {
          joined.or(snapshot.chunk(chunk));
        }
        assertThat(joined).as(seed).isEqualTo(published);
      }
    }
  }

  @Test
  void aSlotIsInUntilItIsRemoved() {
    var set = new SlotSet();
    for (int slot = 0; slot < 40; slot++) {
      assertThat(set.holds(slot)).isFalse();
      set.add(slot);
      assertThat(set.holds(slot)).isTrue();
    }
    for (int slot = 0; slot < 40; slot++) {
      set.remove(slot);
      assertThat(set.holds(slot)).isFalse();
    }
  }
}
