package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The latest so many distinct items that were viewed or completed: the newest time of each, and
/// the part that its newest completion reached.
///
/// The order is newest first, then by unsigned id; when there is one too many, the last one leaves,
/// and items that were deleted before any other.
///
/// **Threads.** As [Moments].
final class Watched {

  private static final int FIRST_LENGTH = 4;
  private static final int ENTRY_BYTES = 4 + 8 + 8 + 8;

  private final int max;
  private int[] slots = Empty.INTS;
  private long[] times = Empty.LONGS;
  private double[] fractions = Empty.DOUBLES;
  private long[] fractionTimes = Empty.LONGS;
  private int size;

  /// Deletions of items that are taken into account.
  private long purgedAt = -1;

  Watched(int max) {
    this.max = max;
  }

  int size() {
    return size;
  }

  int slot(int index) {
    return slots[index];
  }

  long time(int index) {
    return times[index];
  }

  /// 0 without a completion.
  double fraction(int index) {
    return fractions[index];
  }

  /// Where an item is, or −1.
  int find(int slot) {
    for (int i = 0; i < size; i++) {
      if (slots[i] == slot) {
        return i;
      }
    }
    return -1;
  }

  /// An item was viewed.
  void view(int slot, long time, Slots lookup, long deletions) {
    int at = find(slot);
    if (at >= 0) {
      times[at] = Math.max(times[at], time);
    } else {
      add(slot, time, 0, Long.MIN_VALUE, lookup, deletions);
    }
  }

  /// An item was completed in part; of two completions the later one counts.
  void complete(int slot, long time, double fraction, Slots lookup, long deletions) {
    int at = find(slot);
    if (at < 0) {
      add(slot, time, fraction, time, lookup, deletions);
      return;
    }
    times[at] = Math.max(times[at], time);
    if (time >= fractionTimes[at]) {
      fractions[at] = fraction;
      fractionTimes[at] = time;
    }
  }

  private void add(
      int slot, long time, double fraction, long fractionTime, Slots lookup, long deletions) {
    if (size == max && purgedAt != deletions) {
      purge(lookup);
      purgedAt = deletions;
    }
    int at = size;
    if (size == max) {
      int last = last(lookup);
      boolean isLast = comesAfter(time, slot, times[last], slots[last], lookup);
      if (isLast) {
        return;
      }
      at = last;
    } else if (size == slots.length) {
      int length = Math.min(max, Math.max(FIRST_LENGTH, size * 2));
      slots = Arrays.copyOf(slots, length);
      times = Arrays.copyOf(times, length);
      fractions = Arrays.copyOf(fractions, length);
      fractionTimes = Arrays.copyOf(fractionTimes, length);
    }
    slots[at] = slot;
    times[at] = time;
    fractions[at] = fraction;
    fractionTimes[at] = fractionTime;
    size = Math.max(size, at + 1);
  }

  private void purge(Slots lookup) {
    for (int i = size - 1; i >= 0; i--) {
      if (lookup.isDead(EntityKind.ITEM, slots[i])) {
        removeAt(i);
      }
    }
  }

  private int last(Slots lookup) {
    int last = 0;
    for (int i = 1; i < size; i++) {
      if (comesAfter(times[i], slots[i], times[last], slots[last], lookup)) {
        last = i;
      }
    }
    return last;
  }

  private static boolean comesAfter(
      long time, int slot, long otherTime, int otherSlot, Slots lookup) {
    if (time != otherTime) {
      return time < otherTime;
    }
    return Long.compareUnsigned(
            lookup.id(EntityKind.ITEM, slot), lookup.id(EntityKind.ITEM, otherSlot))
        > 0;
  }

  void remove(int slot) {
    int at = find(slot);
    if (at >= 0) {
      removeAt(at);
    }
  }

  private void removeAt(int at) {
    size--;
    slots[at] = slots[size];
    times[at] = times[size];
    fractions[at] = fractions[size];
    fractionTimes[at] = fractionTimes[size];
  }

  void clear() {
    size = 0;
  }

  /// The same, the caller's own. May give anything while the writer changes it.
  Watched copy() {
    var copy = new Watched(max);
    int count = Math.max(0, Math.min(size, slots.length));
    copy.slots = Arrays.copyOf(slots, count);
    copy.times = Arrays.copyOf(times, count);
    copy.fractions = Arrays.copyOf(fractions, count);
    copy.fractionTimes = Arrays.copyOf(fractionTimes, count);
    copy.size = count;
    return copy;
  }

  /// Indexes of living items, newest first, ties by unsigned id.
  int[] order(Slots lookup) {
    return IntStream.range(0, size)
        .filter(i -> !lookup.isDead(EntityKind.ITEM, slots[i]))
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> -times[i])
                .thenComparing(i -> lookup.id(EntityKind.ITEM, slots[i]), Long::compareUnsigned))
        .mapToInt(i -> i)
        .toArray();
  }

  int sizeBytes() {
    return 4 + size * ENTRY_BYTES;
  }

  void encode(ByteBuffer out) {
    out.putInt(size);
    for (int i = 0; i < size; i++) {
      out.putInt(slots[i]).putLong(times[i]).putDouble(fractions[i]).putLong(fractionTimes[i]);
    }
  }

  void decode(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > max || count > in.remaining() / ENTRY_BYTES) {
      throw new IllegalArgumentException("count does not fit: count=" + count + " max=" + max);
    }
    slots = new int[count];
    times = new long[count];
    fractions = new double[count];
    fractionTimes = new long[count];
    size = count;
    for (int i = 0; i < count; i++) {
      slots[i] = in.getInt();
      times[i] = in.getLong();
      fractions[i] = in.getDouble();
      fractionTimes[i] = in.getLong();
    }
  }
}
