package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The rows of one list that hold, newest first, ties by unsigned target, then by kind. Immutable
/// but for what it remembers of its slots.
///
/// **Threads.** Any.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `mapped` | any reader | volatile | volatile | slots are looked up once more |
final class RowList {

  static final RowList EMPTY = new RowList(new long[0], new long[0], new int[0], new BitSet());

  private static final int ENTRY_BYTES = 16;
  private static final int OVERHEAD_BYTES = 160;

  private final long[] targets;
  private final long[] times;
  private final int[] slots;
  private final BitSet creators;
  private volatile @Nullable Mapped mapped;

  /// The slots of targets at a moment when so many items had been deleted. Immutable.
  private static final class Mapped {

    private final long deletions;
    private final RoaringBitmap slots;

    /// Targets without a living slot then.
    private final long[] absent;

    Mapped(long deletions, RoaringBitmap slots, long[] absent) {
      this.deletions = deletions;
      this.slots = slots;
      this.absent = absent;
    }
  }

  /// @param slots of states; empty for relations
  private RowList(long[] targets, long[] times, int[] slots, BitSet creators) {
    this.targets = targets;
    this.times = times;
    this.slots = slots;
    this.creators = creators;
  }

  int size() {
    return targets.length;
  }

  long target(int index) {
    return targets[index];
  }

  /// When the relation began, or when the state was told.
  long time(int index) {
    return times[index];
  }

  /// Of states: the life of the item.
  int slot(int index) {
    return slots[index];
  }

  /// Of follows and blocks: whether the target is a creator, else a user.
  boolean isCreator(int index) {
    return creators.get(index);
  }

  long sizeBytes() {
    long perEntry = slots.length > 0 ? ENTRY_BYTES + 4L : ENTRY_BYTES;
    return OVERHEAD_BYTES + targets.length * perEntry + creators.size() / 8L;
  }

  /// The targets, rising as signed numbers, each once.
  long[] distinctTargets() {
    return sorted(targets);
  }

  static long[] sorted(long[] ids) {
    return Arrays.stream(ids).sorted().distinct().toArray();
  }

  void forEach(IntConsumer index) {
    for (int i = 0; i < targets.length; i++) {
      index.accept(i);
    }
  }

  /// Of states: the slots, the caller's own.
  RoaringBitmap ownSlots() {
    return RoaringBitmap.bitmapOf(slots);
  }

  /// Of relations to items: the slots that the targets have now, the caller's own. What was looked
  /// up is kept until an item is deleted: only then can a living slot become another.
  ///
  /// @param deletions how many items had been deleted before this call
  RoaringBitmap itemSlots(Slots lookup, long deletions) {
    if (targets.length == 0) {
      return new RoaringBitmap();
    }
    var known = mapped;
    if (known == null || known.deletions != deletions) {
      known = map(lookup, deletions);
      mapped = known;
    }
    var now = known.slots.clone();
    for (long target : known.absent) {
      int slot = lookup.slot(EntityKind.ITEM, target);
      if (slot >= 0) {
        now.add(slot);
      }
    }
    return now;
  }

  private Mapped map(Slots lookup, long deletions) {
    var found = new RoaringBitmap();
    long[] absent = new long[targets.length];
    int count = 0;
    for (long target : targets) {
      int slot = lookup.slot(EntityKind.ITEM, target);
      if (slot >= 0) {
        found.add(slot);
      } else {
        absent[count++] = target;
      }
    }
    return new Mapped(deletions, found, Arrays.copyOf(absent, count));
  }

  /// Collects rows in any order.
  static final class Builder {

    private long[] targets = new long[8];
    private long[] times = new long[8];
    private int[] slots = new int[8];
    private boolean[] creators = new boolean[8];
    private int count;

    void add(RowKey key, Row row) {
      if (count == targets.length) {
        int more = 2 * count;
        targets = Arrays.copyOf(targets, more);
        times = Arrays.copyOf(times, more);
        slots = Arrays.copyOf(slots, more);
        creators = Arrays.copyOf(creators, more);
      }
      targets[count] = key.target();
      times[count] = row.since();
      slots[count] = row.slot();
      creators[count] = key.kind() == EntityKind.CREATOR;
      count++;
    }

    RowList build(boolean states) {
      if (count == 0) {
        return EMPTY;
      }
      var order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, this::compare);
      long[] sortedTargets = new long[count];
      long[] sortedTimes = new long[count];
      int[] sortedSlots = new int[states ? count : 0];
      var sortedCreators = new BitSet();
      for (int i = 0; i < count; i++) {
        sortedTargets[i] = targets[order[i]];
        sortedTimes[i] = times[order[i]];
        if (states) {
          sortedSlots[i] = slots[order[i]];
        }
        sortedCreators.set(i, creators[order[i]]);
      }
      return new RowList(sortedTargets, sortedTimes, sortedSlots, sortedCreators);
    }

    private int compare(int one, int other) {
      if (times[one] != times[other]) {
        return Long.compare(times[other], times[one]);
      }
      int byTarget = Long.compareUnsigned(targets[one], targets[other]);
      return byTarget != 0 ? byTarget : Boolean.compare(creators[one], creators[other]);
    }
  }
}
