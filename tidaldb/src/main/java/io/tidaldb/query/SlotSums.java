package io.tidaldb.query;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/// Sums by slot: open addressing, at most half full. Used by one thread.
final class SlotSums {

  private static final int FREE = -1;

  private int[] slots = new int[1_024];
  private double[] sums = new double[1_024];
  private int size;

  SlotSums() {
    Arrays.fill(slots, FREE);
  }

  /// Adds to the sum of a slot.
  void add(int slot, double more) {
    // The place first: finding it may replace the array.
    int place = placeFor(slot);
    sums[place] += more;
  }

  /// Raises the sum of a slot to at least this.
  void raise(int slot, double least) {
    int place = placeFor(slot);
    sums[place] = Math.max(sums[place], least);
  }

  private int placeFor(int slot) {
    int place = place(slot);
    if (slots[place] == FREE) {
      if (2 * size >= slots.length) {
        grow();
        place = place(slot);
      }
      slots[place] = slot;
      size++;
    }
    return place;
  }

  /// The slots of the greatest sums among some, greatest first, ties by unsigned id.
  int[] greatest(IntPredicate some, int n, IntToLongFunction id) {
    int[] found = new int[size];
    double[] rising = new double[size];
    int count = 0;
    for (int place = 0; place < slots.length; place++) {
      if (slots[place] != FREE && some.test(slots[place])) {
        found[count] = slots[place];
        rising[count++] = sums[place];
      }
    }
    Arrays.sort(rising, 0, count);
    // So that few are left to be put in order.
    double least = count > n ? rising[count - n] : Double.NEGATIVE_INFINITY;
    return Arrays.stream(found, 0, count)
        .filter(slot -> sum(slot) >= least)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer slot) -> -sum(slot))
                .thenComparing(id::applyAsLong, Long::compareUnsigned))
        .limit(n)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// The sum of a slot; 0 if nothing was added.
  double sum(int slot) {
    int place = place(slot);
    return slots[place] == FREE ? 0 : sums[place];
  }

  /// The slots that something was added to, in no order.
  int[] slots() {
    return Arrays.stream(slots).filter(slot -> slot != FREE).toArray();
  }

  private void grow() {
    int[] oldSlots = slots;
    double[] oldSums = sums;
    slots = new int[2 * oldSlots.length];
    sums = new double[slots.length];
    Arrays.fill(slots, FREE);
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != FREE) {
        int place = place(oldSlots[i]);
        slots[place] = oldSlots[i];
        sums[place] = oldSums[i];
      }
    }
  }

  private int place(int slot) {
    int mask = slots.length - 1;
    int place = ((slot * 0x9E3779B9) >>> 7) & mask;
    while (slots[place] != FREE && slots[place] != slot) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
