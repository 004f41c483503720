package io.tidaldb.query;

import java.util.List;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// A session of a [FakeWorld].
record FakeSession(
    long user, boolean isClosedWorld, List<String> hints, Set<Integer> viewed, Set<Integer> refused)
    implements SessionScope {

  private static RoaringBitmap bitmap(Set<Integer> slots) {
    var bitmap = new RoaringBitmap();
    slots.forEach(bitmap::add);
    return bitmap;
  }

  @Override
  public void forEachSignal(SignalWalk walk) {
    // Without vectors nothing is learnt from them.
  }

  @Override
  public RoaringBitmap seen() {
    return bitmap(viewed);
  }

  @Override
  public RoaringBitmap rejected() {
    return bitmap(refused);
  }
}
