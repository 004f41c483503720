package io.tidaldb.coengagement;

import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;

/// Keeps the best of what it is offered, in arrays of the caller: the greatest sums, of equal ones
/// the lesser id. A heap whose root is the worst that is still kept, sorted at the end. Not thread
/// safe.
final class Strongest {

  private final Slots slots;
  private final int[] items;
  private final double[] sums;
  private final int most;
  private int size;

  /// @param items takes slots
  /// @param sums takes their sums, then their strengths
  Strongest(Slots slots, int[] items, double[] sums) {
    this.slots = slots;
    this.items = items;
    this.sums = sums;
    this.most = Math.min(items.length, sums.length);
  }

  void clear() {
    size = 0;
  }

  void offer(int item, double sum) {
    if (size < most) {
      up(size++, item, sum);
    } else if (most > 0 && isWorse(items[0], sums[0], item, sum)) {
      down(item, sum);
    }
  }

  /// Sorts, the best first, and makes strengths of sums.
  ///
  /// @return how many there are
  int finish(ForwardDecay decay, long landmark, long at) {
    int count = size;
    while (size > 1) {
      int item = items[0];
      double sum = sums[0];
      size--;
      down(items[size], sums[size]);
      items[size] = item;
      sums[size] = sum;
    }
    double factor = Strengths.factor(decay, landmark, at);
    for (int i = 0; i < count; i++) {
      sums[i] = Math.min(sums[i] * factor, Double.MAX_VALUE);
    }
    return count;
  }

  private void up(int from, int item, double sum) {
    int place = from;
    while (place > 0) {
      int above = (place - 1) >> 1;
      if (!isWorse(item, sum, items[above], sums[above])) {
        break;
      }
      items[place] = items[above];
      sums[place] = sums[above];
      place = above;
    }
    items[place] = item;
    sums[place] = sum;
  }

  /// Puts something in the place of the root.
  private void down(int item, double sum) {
    int place = 0;
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size
          && isWorse(items[child + 1], sums[child + 1], items[child], sums[child])) {
        child++;
      }
      if (!isWorse(items[child], sums[child], item, sum)) {
        break;
      }
      items[place] = items[child];
      sums[place] = sums[child];
      place = child;
    }
    items[place] = item;
    sums[place] = sum;
  }

  private boolean isWorse(int item, double sum, int other, double otherSum) {
    return sum == otherSum ? compareIds(item, other) > 0 : sum < otherSum;
  }

  /// While an edge changes a reader may be told a slot that does not exist; it will notice.
  private int compareIds(int item, int other) {
    int count = slots.count(EntityKind.ITEM);
    if (item < 0 || other < 0 || item >= count || other >= count) {
      return Integer.compare(item, other);
    }
    return Long.compareUnsigned(slots.id(EntityKind.ITEM, item), slots.id(EntityKind.ITEM, other));
  }
}
