package io.tidaldb.ledger;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;

/// The k best slots seen so far by (sum falling, unsigned id rising), kept in the caller's arrays
/// as a heap with the least at the top. For one thread.
public final class TopSlots {

  private final Slots slots;
  private EntityKind kind = EntityKind.ITEM;
  private int k;
  private int[] found = {};
  private double[] sums = {};
  private int size;

  public TopSlots(Slots slots) {
    this.slots = slots;
  }

  /// Begins a search for slots of a kind; what is found goes to the arrays.
  public void begin(EntityKind ofKind, int wanted, int[] out, double[] outSums) {
    kind = ofKind;
    k = wanted;
    found = out;
    sums = outSums;
    size = 0;
  }

  public int wanted() {
    return k;
  }

  /// Forgets what was found.
  public void restart() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /// One more slot.
  public void offer(int slot, double sum) {
    if (size < k) {
      int at = size++;
      while (at > 0 && worse(slot, sum, (at - 1) / 2)) {
        move((at - 1) / 2, at);
        at = (at - 1) / 2;
      }
      found[at] = slot;
      sums[at] = sum;
    } else if (k > 0 && !worse(slot, sum, 0)) {
      sink(slot, sum, size);
    }
  }

  /// Sorts what was found, best first.
  ///
  /// @return how many
  public int finish() {
    for (int end = size - 1; end > 0; end--) {
      int slot = found[end];
      double sum = sums[end];
      move(0, end);
      sink(slot, sum, end);
    }
    return size;
  }

  /// Puts an entry at the root of the first `end` entries and lets it sink.
  private void sink(int slot, double sum, int end) {
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= end) {
        break;
      }
      if (child + 1 < end && worse(found[child + 1], sums[child + 1], child)) {
        child++;
      }
      if (worse(slot, sum, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    found[at] = slot;
    sums[at] = sum;
  }

  private void move(int from, int to) {
    found[to] = found[from];
    sums[to] = sums[from];
  }

  private boolean worse(int slot, double sum, int than) {
    return sum < sums[than]
        || (sum == sums[than]
            && Long.compareUnsigned(slots.id(kind, slot), slots.id(kind, found[than])) > 0);
  }
}
