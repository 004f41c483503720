package io.tidaldb.ledger;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Members that contain the best slots of a column by sum, and the *floor*: the best (sum, id) that
/// was ever left out. Every slot above the floor is a member, so members above it are proven to be
/// the top.
///
/// Members are not sorted: an event of a member changes nothing here, which is the usual case for a
/// hot entity, and an event of another costs one comparison with the floor. At twice the capacity
/// the worse half leaves and raises the floor. The reader picks its k best from the members'
/// present sums.
///
/// **Threads.** One writer. Readers copy under the sequence number.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `members`, `size` | writer | append: release of `size`; rewrite: within the sequence | acquire, within the sequence | an entry later than the query's start is missing |
/// | `floor…`, `landmark` | writer | within the sequence | within the sequence | never |
final class HeadTier {

  /// Fewer are proven than asked for.
  static final int UNPROVEN = -1;

  /// The sums stand under another landmark than the floor.
  static final int MOVED = -2;

  private static final VarHandle SIZE;
  private static final VarHandle SEQUENCE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(HeadTier.class, "size", int.class);
      SEQUENCE = MethodHandles.lookup().findVarHandle(HeadTier.class, "sequence", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int capacity;
  private final EntityKind kind;
  private final Slots slots;
  private long[] memberBits = new long[16];
  private volatile int[] members = new int[16];
  private double[] sums = new double[16];
  private int size;
  private int sequence;
  private long landmark = ForwardDecay.NONE;
  private double floorSum;
  private long floorId;

  HeadTier(int capacity, EntityKind kind, Slots slots) {
    this.capacity = capacity;
    this.kind = kind;
    this.slots = slots;
  }

  int capacity() {
    return capacity;
  }

  /// A slot has a new sum. Writer.
  ///
  /// @return whether it is a member now
  boolean updated(ScoreColumn column, int slot, double sum) {
    if (isMember(slot)) {
      return true;
    }
    if (!(sum > 0) || !above(sum, slot)) {
      return false;
    }
    if (size == 2 * capacity) {
      prune(column);
      if (!above(sum, slot)) {
        return false;
      }
    }
    append(slot);
    return true;
  }

  /// Forgets everything: no slot was left out. Writer, before a rebuild.
  void reset(long newLandmark) {
    begin();
    Arrays.fill(memberBits, 0);
    size = 0;
    floorSum = 0;
    floorId = 0;
    landmark = newLandmark;
    end();
  }

  /// The landmark moved. Writer.
  void rebased(long newLandmark, long distance) {
    begin();
    floorSum = ForwardDecay.rebased(floorSum, distance);
    landmark = newLandmark;
    end();
  }

  /// The k best, if they are proven.
  ///
  /// @return how many, [#UNPROVEN] or [#MOVED]
  int best(ScoreColumn.Scores scores, TopSlots top) {
    for (int tries = 0; ; tries++) {
      int before = (int) SEQUENCE.getAcquire(this);
      if ((before & 1) == 0) {
        int found = landmark == scores.landmark() ? select(scores, top) : MOVED;
        VarHandle.acquireFence();
        if ((int) SEQUENCE.getOpaque(this) == before) {
          return found;
        }
      }
      PairPage.pause(tries);
    }
  }

  /// Whether a slot with this sum must be a member but is not. Writer.
  boolean misses(int slot, double sum) {
    return sum > 0 && above(sum, slot) && !isMember(slot);
  }

  /// Bytes of the arrays.
  long bytes() {
    return 48 + 8L * memberBits.length + 4L * members.length + 8L * sums.length;
  }

  private int select(ScoreColumn.Scores scores, TopSlots top) {
    int count = (int) SIZE.getAcquire(this);
    int[] from = members;
    double floor = floorSum;
    long floorTie = floorId;
    top.restart();
    for (int i = 0; i < Math.min(count, from.length); i++) {
      double sum = scores.at(from[i]);
      if (sum > floor
          || (sum > 0 && sum == floor && Long.compareUnsigned(id(from[i]), floorTie) < 0)) {
        top.offer(from[i], sum);
      }
    }
    boolean complete = floor == 0;
    return top.size() == top.wanted() || complete ? top.finish() : UNPROVEN;
  }

  private boolean isMember(int slot) {
    int word = slot >>> 6;
    return word < memberBits.length && (memberBits[word] & 1L << slot) != 0;
  }

  private boolean above(double sum, int slot) {
    return sum > floorSum || (sum == floorSum && Long.compareUnsigned(id(slot), floorId) < 0);
  }

  private long id(int slot) {
    return slots.id(kind, slot);
  }

  private void append(int slot) {
    int word = slot >>> 6;
    if (word >= memberBits.length) {
      memberBits = Arrays.copyOf(memberBits, word + 1 + word / 4);
    }
    memberBits[word] |= 1L << slot;
    if (size == members.length) {
      int length = Math.min(2 * capacity, 2 * size);
      members = Arrays.copyOf(members, length);
      sums = Arrays.copyOf(sums, length);
    }
    members[size] = slot;
    SIZE.setRelease(this, size + 1);
  }

  /// Keeps the better half; the best of the rest becomes the floor.
  private void prune(ScoreColumn column) {
    var scores = column.scoresAcquire();
    begin();
    int positive = 0;
    for (int i = 0; i < size; i++) {
      int slot = members[i];
      double sum = scores.at(slot);
      if (sum > 0) {
        members[positive] = slot;
        sums[positive++] = sum;
      } else {
        memberBits[slot >>> 6] &= ~(1L << slot);
      }
    }
    if (positive > capacity) {
      partition(positive, capacity);
      for (int i = capacity; i < positive; i++) {
        leave(members[i], sums[i]);
      }
    }
    SIZE.setOpaque(this, Math.min(positive, capacity));
    end();
  }

  private void leave(int slot, double sum) {
    memberBits[slot >>> 6] &= ~(1L << slot);
    if (above(sum, slot)) {
      floorSum = sum;
      floorId = id(slot);
    }
  }

  /// Brings the best `keep` of the first `count` members to the front (quickselect, middle pivot).
  private void partition(int count, int keep) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      double pivot = sums[(low + high) >>> 1];
      int pivotSlot = members[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (better(sums[i], members[i], pivot, pivotSlot)) {
          i++;
        }
        while (better(pivot, pivotSlot, sums[j], members[j])) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (keep <= j + 1) {
        high = j;
      } else if (keep >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private boolean better(double sum, int slot, double otherSum, int other) {
    return sum > otherSum
        || (sum == otherSum && slot != other && Long.compareUnsigned(id(slot), id(other)) < 0);
  }

  private void swap(int i, int j) {
    int slot = members[i];
    double sum = sums[i];
    members[i] = members[j];
    sums[i] = sums[j];
    members[j] = slot;
    sums[j] = sum;
  }

  private void begin() {
    SEQUENCE.setOpaque(this, sequence + 1);
    VarHandle.releaseFence();
  }

  private void end() {
    SEQUENCE.setRelease(this, sequence + 1);
  }
}
