package io.tidaldb.entity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The newest entities of a kind in the order of their creation: pairs of time and slot, newest
/// first, and a short tail of what came since the last merge. Derived: never saved, rebuilt at
/// load.
///
/// A pair may be out of date or older than the floor; readers ask the columns. Every entity that
/// was created after the *floor* has its pair in here, so who walks down to a time above the floor
/// has met everything newer.
///
/// **Threads.** One writer, any number of readers, see [CreationWalk].
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `published` | writer | volatile | volatile | the order a moment ago, whole in itself |
/// | `tailSize` | writer | release, after the pair | acquire | a pair of an event in flight is missing |
/// | `moves` | writer | volatile | volatile | an entity got another time: who walked meanwhile starts again |
/// | all else | writer | plain | writer only | – |
final class CreationOrder {

  private static final int CAPACITY = 32_768;
  private static final int TAIL_MAX = 256;

  private final int capacity;
  private Pairs pairs = new Pairs(new long[0], new int[0], Long.MIN_VALUE);
  private int outdated;
  private volatile Pairs published = pairs;
  private volatile int moves;

  CreationOrder() {
    this(CAPACITY);
  }

  /// @param capacity how many pairs are kept at least; twice as many at most
  CreationOrder(int capacity) {
    this.capacity = capacity;
  }

  /// Tells what the columns say.
  interface Truth {
    /// Whether an entity lives and was created at this time.
    boolean holds(int slot, long time);
  }

  /// A sorted list, newest first, and a tail in any order.
  static final class Pairs {
    private static final VarHandle TAIL_SIZE;

    static {
      try {
        TAIL_SIZE = MethodHandles.lookup().findVarHandle(Pairs.class, "tailSize", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    final long[] times;
    final int[] slots;
    final long floor;
    final long[] tailTimes = new long[TAIL_MAX];
    final int[] tailSlots = new int[TAIL_MAX];
    private int tailSize;

    /// @param floor the newest time that was left out
    Pairs(long[] times, int[] slots, long floor) {
      this.times = times;
      this.slots = slots;
      this.floor = floor;
    }

    int tailSize() {
      return (int) TAIL_SIZE.getAcquire(this);
    }
  }

  Pairs pairs() {
    return published;
  }

  int moves() {
    return moves;
  }

  /// An entity has a new time of creation, which the columns say already. Writer.
  ///
  /// @param moved whether it had another one before
  /// @return whether so little is left that the order must be rebuilt
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
  boolean created(int slot, long time, boolean moved, Truth truth) {
    if (moved) {
      moves++;
      outdated++;
    }
    if (time <= pairs.floor) {
      return false;
    }
    if (pairs.tailSize == TAIL_MAX) {
      merge(truth);
    }
    int at = pairs.tailSize;
    pairs.tailTimes[at] = time;
    pairs.tailSlots[at] = slot;
    Pairs.TAIL_SIZE.setRelease(pairs, at + 1);
    return pairs.floor > Long.MIN_VALUE && pairs.times.length < capacity / 2;
  }

  /// An entity has its time no more. Writer.
  void gone() {
    outdated++;
  }

  /// Takes every entity anew; both arrays are taken over, in any order. Writer.
  void rebuild(long[] times, int[] slots) {
    long[] rising = times.clone();
    Arrays.sort(rising);
    int kept = Math.min(capacity, times.length);
    long floor = kept < times.length ? rising[times.length - kept - 1] : Long.MIN_VALUE;
    int size = 0;
    for (int i = 0; i < times.length; i++) {
      if (times[i] > floor) {
        times[size] = times[i];
        slots[size++] = slots[i];
      }
    }
    sort(times, slots, size);
    publish(Arrays.copyOf(times, size), Arrays.copyOf(slots, size), floor);
  }

  /// Newest first; pairs of one time by slot. Shell sort, since there are no objects to compare.
  static void sort(long[] times, int[] slots, int size) {
    for (int gap = size / 2; gap > 0; gap = gap == 2 ? 1 : (int) (gap / 2.2)) {
      for (int i = gap; i < size; i++) {
        long time = times[i];
        int slot = slots[i];
        int at = i;
        while (at >= gap && isBefore(time, slot, times[at - gap], slots[at - gap])) {
          times[at] = times[at - gap];
          slots[at] = slots[at - gap];
          at -= gap;
        }
        times[at] = time;
        slots[at] = slot;
      }
    }
  }

  static boolean isBefore(long time, int slot, long otherTime, int other) {
    return time > otherTime || (time == otherTime && slot < other);
  }

  private void merge(Truth truth) {
    boolean cleaning = outdated > TAIL_MAX + pairs.times.length / 4;
    int tail = pairs.tailSize;
    long[] tailTimes = pairs.tailTimes.clone();
    int[] tailSlots = pairs.tailSlots.clone();
    sort(tailTimes, tailSlots, tail);
    long[] times = new long[pairs.times.length + tail];
    int[] slots = new int[times.length];
    int size = 0;
    int old = 0;
    int fresh = 0;
    while (old < pairs.times.length || fresh < tail) {
      boolean takesFresh =
          old == pairs.times.length
              || (fresh < tail
                  && isBefore(
                      tailTimes[fresh], tailSlots[fresh], pairs.times[old], pairs.slots[old]));
      long time = takesFresh ? tailTimes[fresh] : pairs.times[old];
      int slot = takesFresh ? tailSlots[fresh++] : pairs.slots[old++];
      boolean isTwice = size > 0 && times[size - 1] == time && slots[size - 1] == slot;
      if (!isTwice && (!cleaning || truth.holds(slot, time))) {
        times[size] = time;
        slots[size++] = slot;
      }
    }
    outdated = cleaning ? 0 : outdated;
    int kept = size > 2 * capacity ? capacity : size;
    long floor = kept < size ? times[kept] : pairs.floor;
    publish(Arrays.copyOf(times, kept), Arrays.copyOf(slots, kept), floor);
  }

  private void publish(long[] times, int[] slots, long floor) {
    pairs = new Pairs(times, slots, floor);
    published = pairs;
  }
}
