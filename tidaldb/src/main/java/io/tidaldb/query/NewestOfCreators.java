package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/// The newest items of each of some creators: a few of each, by creation falling, then unsigned id
/// rising.
final class NewestOfCreators {

  private final Plan plan;
  private final RoaringBitmap allowed;
  private final long[] created;
  private final long[] ids;
  private final int[] slots;
  private int size;

  /// @param each how many of one creator
  NewestOfCreators(Plan plan, RoaringBitmap allowed, int each) {
    this.plan = plan;
    this.allowed = allowed;
    created = new long[each];
    ids = new long[each];
    slots = new int[each];
  }

  /// Their union.
  ///
  /// @param from nothing that old is taken
  RoaringBitmap of(long[] creators, long from) {
    var union = new RoaringBitmap();
    var items = plan.readers().items();
    for (long creator : creators) {
      size = 0;
      for (int slot : items.referring("creator", creator)) {
        if (allowed.contains(slot)) {
          long time = items.created(slot);
          if (time > from) {
            offer(slot, time);
          }
        }
      }
      Arrays.stream(slots, 0, size).forEach(union::add);
    }
    return union;
  }

  private void offer(int slot, long time) {
    if (size == slots.length && time < created[size - 1]) {
      return;
    }
    long id = plan.readers().slots().id(plan.request().kind(), slot);
    @Var int at = size;
    while (at > 0 && isBefore(time, id, at - 1)) {
      at--;
    }
    boolean isTwice = at > 0 && created[at - 1] == time && ids[at - 1] == id;
    if (isTwice || at == slots.length) {
      return;
    }
    int moved = Math.min(size, slots.length - 1) - at;
    System.arraycopy(created, at, created, at + 1, moved);
    System.arraycopy(ids, at, ids, at + 1, moved);
    System.arraycopy(slots, at, slots, at + 1, moved);
    created[at] = time;
    ids[at] = id;
    slots[at] = slot;
    size = Math.min(size + 1, slots.length);
  }

  private boolean isBefore(long time, long id, int other) {
    return time > created[other]
        || (time == created[other] && Long.compareUnsigned(id, ids[other]) < 0);
  }
}
