package io.tidaldb.query;

import io.tidaldb.ranking.Habits;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Times of items, found by slot. Immutable.
final class SlotTimes {

  private final int[] slots;
  private final long[] times;

  private SlotTimes(int[] slots, long[] times) {
    this.slots = slots;
    this.times = times;
  }

  /// What a source gives; of an item that it gives twice, the latest time.
  static SlotTimes of(Consumer<Viewer.SlotTime> source) {
    var given = new Given();
    source.accept(given::add);
    var order =
        IntStream.range(0, given.count)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> given.slots[i])
                    .thenComparingLong(i -> given.times[i]))
            .toList();
    int[] slots = new int[given.count];
    long[] times = new long[given.count];
    int count = 0;
    for (int i : order) {
      if (count == 0 || slots[count - 1] != given.slots[i]) {
        count++;
      }
      slots[count - 1] = given.slots[i];
      times[count - 1] = given.times[i];
    }
    return new SlotTimes(Arrays.copyOf(slots, count), Arrays.copyOf(times, count));
  }

  /// The time of the item in a slot; [Habits#NEVER] if it has none.
  long time(int slot) {
    int at = Arrays.binarySearch(slots, slot);
    return at < 0 ? Habits.NEVER : times[at];
  }

  private static final class Given {
    private int[] slots = new int[16];
    private long[] times = new long[16];
    private int count;

    void add(int slot, long time) {
      if (count == slots.length) {
        slots = Arrays.copyOf(slots, 2 * count);
        times = Arrays.copyOf(times, 2 * count);
      }
      slots[count] = slot;
      times[count++] = time;
    }
  }
}
