package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The last 50 distinct items that a user engaged with positively, by log order, oldest first. An
/// item that comes again becomes the newest; deleted items leave.
///
/// **Threads.** As [Moments].
final class Positives {

  static final int MAX = 50;

  private int[] slots = Empty.INTS;
  private int size;

  int size() {
    return size;
  }

  void add(int slot, Slots lookup) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (slots[i] != slot && !lookup.isDead(EntityKind.ITEM, slots[i])) {
        slots[kept++] = slots[i];
      }
    }
    if (kept == MAX) {
      System.arraycopy(slots, 1, slots, 0, MAX - 1);
      kept--;
    }
    if (kept == slots.length) {
      slots = Arrays.copyOf(slots, Math.min(MAX, Math.max(4, 2 * kept)));
    }
    slots[kept] = slot;
    size = kept + 1;
  }

  void clear() {
    size = 0;
  }

  /// The same, the caller's own. May give anything while the writer changes it.
  Positives copy() {
    var copy = new Positives();
    int[] ours = slots;
    copy.size = Math.max(0, Math.min(size, ours.length));
    copy.slots = Arrays.copyOf(ours, copy.size);
    return copy;
  }

  /// The slots of living items, newest first.
  int[] newestFirst(Slots lookup) {
    int[] newest = new int[size];
    int count = 0;
    for (int i = size - 1; i >= 0; i--) {
      if (!lookup.isDead(EntityKind.ITEM, slots[i])) {
        newest[count++] = slots[i];
      }
    }
    return Arrays.copyOf(newest, count);
  }

  int sizeBytes() {
    return 4 + 4 * size;
  }

  void encode(ByteBuffer out) {
    out.putInt(size);
    for (int i = 0; i < size; i++) {
      out.putInt(slots[i]);
    }
  }

  void decode(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > MAX || count > in.remaining() / 4) {
      throw new IllegalArgumentException("count does not fit: count=" + count + " max=" + MAX);
    }
    slots = new int[count];
    for (int i = 0; i < count; i++) {
      slots[i] = in.getInt();
    }
    size = count;
  }
}
