package io.tidaldb.query;

import io.tidaldb.ledger.SignalReader;
import org.roaringbitmap.RoaringBitmap;

/// A cohort whose members' signals are those of another [FakeWorld] with the same slots.
record FakeCohort(FakeWorld members, long since, int... slots) implements CohortScope {

  @Override
  public SignalReader signals(long at) {
    return new FakeSignals(members, at);
  }

  @Override
  public RoaringBitmap active() {
    return RoaringBitmap.bitmapOf(slots);
  }
}
