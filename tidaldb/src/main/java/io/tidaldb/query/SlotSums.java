package io.tidaldb.query;

import java.util.Arrays;

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
    int place = place(slot);
    if (slots[place] == FREE) {
      if (2 * size >= slots.length) {
        grow();
        place = place(slot);
      }
      slots[place] = slot;
      size++;
    }
    sums[place] += more;
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
