package io.tidaldb.entity;

import io.tidaldb.entity.CreationOrder.Pairs;
import io.tidaldb.entity.CreationOrder.Truth;
import java.util.Arrays;

/// A walk down a [CreationOrder].
final class CreationWalk implements CreatedWalk {

  private final CreationOrder order;
  private final Truth truth;
  private final int moves;
  private final Pairs pairs;
  private final long[] tailTimes;
  private final int[] tailSlots;
  private int next;
  private int nextOfTail;
  private long bound = Long.MAX_VALUE;
  private long lastTime;
  private int lastSlot = -1;

  /// @param notAfter where the walk begins
  CreationWalk(CreationOrder order, Truth truth, long notAfter) {
    this.order = order;
    this.truth = truth;
    this.moves = order.moves();
    this.pairs = order.pairs();
    int tail = pairs.tailSize();
    this.tailTimes = Arrays.copyOf(pairs.tailTimes, tail);
    this.tailSlots = Arrays.copyOf(pairs.tailSlots, tail);
    CreationOrder.sort(tailTimes, tailSlots, tail);
    while (nextOfTail < tail && tailTimes[nextOfTail] > notAfter) {
      nextOfTail++;
    }
    next = firstAt(notAfter);
  }

  /// The first pair that is not newer than a time.
  private int firstAt(long notAfter) {
    int low = 0;
    int high = pairs.times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pairs.times[middle] > notAfter) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public int next(int[] slots) {
    int count = 0;
    while (count < slots.length && (next < pairs.times.length || nextOfTail < tailTimes.length)) {
      boolean takesTail =
          next == pairs.times.length
              || (nextOfTail < tailTimes.length
                  && CreationOrder.isBefore(
                      tailTimes[nextOfTail],
                      tailSlots[nextOfTail],
                      pairs.times[next],
                      pairs.slots[next]));
      long time = takesTail ? tailTimes[nextOfTail] : pairs.times[next];
      int slot = takesTail ? tailSlots[nextOfTail++] : pairs.slots[next++];
      boolean isTwice = time == lastTime && slot == lastSlot;
      // The tail may hold what is older than the floor, between which and it others are left out.
      bound = Math.max(time, pairs.floor);
      lastTime = time;
      lastSlot = slot;
      if (!isTwice && truth.holds(slot, time)) {
        slots[count++] = slot;
      }
    }
    if (count < slots.length) {
      bound = pairs.floor;
    }
    return count;
  }

  @Override
  public long bound() {
    return bound;
  }

  @Override
  public boolean isSteady() {
    return order.moves() == moves;
  }
}
