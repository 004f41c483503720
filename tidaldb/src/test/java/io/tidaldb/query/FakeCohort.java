package io.tidaldb.query;

import io.tidaldb.ledger.SignalReader;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// A cohort whose members' signals are those of another [FakeWorld] with the same slots.
record FakeCohort(FakeWorld members, long since, Set<Integer> slots) implements CohortScope {

  @Override
  public SignalReader signals(long at) {
    return new FakeSignals(members, at);
  }

  @Override
  public RoaringBitmap active() {
    var bitmap = new RoaringBitmap();
    slots.forEach(bitmap::add);
    return bitmap;
  }
}
