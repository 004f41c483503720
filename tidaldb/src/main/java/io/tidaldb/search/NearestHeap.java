package io.tidaldb.search;

import java.util.function.IntToLongFunction;

/// The k nearest of what is offered: a heap with the farthest on top. Ties go to the lesser
/// unsigned id.
final class NearestHeap {

  private final int capacity;
  private final IntToLongFunction id;
  private final int[] slots;
  private final double[] similarities;
  private int size;

  NearestHeap(int capacity, IntToLongFunction id) {
    this.capacity = capacity;
    this.id = id;
    this.slots = new int[capacity];
    this.similarities = new double[capacity];
  }

  void offer(int slot, double similarity) {
    if (size < capacity) {
      slots[size] = slot;
      similarities[size] = similarity;
      up(size++);
    } else if (capacity > 0 && before(slot, similarity, slots[0], similarities[0])) {
      slots[0] = slot;
      similarities[0] = similarity;
      down(0);
    }
  }

  private boolean before(int slot, double similarity, int otherSlot, double other) {
    return similarity > other
        || (similarity == other
            && Long.compareUnsigned(id.applyAsLong(slot), id.applyAsLong(otherSlot)) < 0);
  }

  private boolean before(int a, int b) {
    return before(slots[a], similarities[a], slots[b], similarities[b]);
  }

  private void up(int from) {
    int at = from;
    while (at > 0 && before((at - 1) / 2, at)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  private void down(int from) {
    int at = from;
    while (true) {
      int last = at;
      for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
        last = before(last, child) ? child : last;
      }
      if (last == at) {
        return;
      }
      swap(at, last);
      at = last;
    }
  }

  private void swap(int a, int b) {
    int slot = slots[a];
    slots[a] = slots[b];
    slots[b] = slot;
    double similarity = similarities[a];
    similarities[a] = similarities[b];
    similarities[b] = similarity;
  }

  /// Everything in it, nearest first; it is empty afterwards.
  ///
  /// @param compared how many vectors were compared
  Nearest sorted(long compared) {
    int count = size;
    int[] sortedSlots = new int[count];
    double[] sortedSimilarities = new double[count];
    while (size > 0) {
      size--;
      sortedSlots[size] = slots[0];
      sortedSimilarities[size] = similarities[0];
      swap(0, size);
      down(0);
    }
    return new Nearest(
        sortedSlots,
        sortedSimilarities,
        new VectorPlan(VectorPlan.Way.EXACT, compared, compared, "all compared"));
  }
}
