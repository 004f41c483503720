package io.tidaldb.relation;

import java.nio.ByteBuffer;

/// The last so many times that something happened with an item, by log order, in a ring that grows.
///
/// **Threads.** One writer, under the [Sequence] of its user; [#copy] may be called by any thread
/// within [Sequence#read].
final class Moments {

  /// In place of a creator's id where there is none.
  static final int NO_CREATOR = 0;

  private static final int FIRST_LENGTH = 4;

  private final int max;
  private final boolean withCreators;
  private int[] slots = Empty.INTS;
  private long[] times = Empty.LONGS;
  private long[] creators = Empty.LONGS;

  /// Whether the entry at an index has a creator.
  private boolean[] known = Empty.FLAGS;

  private int head;
  private int size;

  /// @param max how many are kept
  /// @param withCreators whether each says whose item it was
  Moments(int max, boolean withCreators) {
    this.max = max;
    this.withCreators = withCreators;
  }

  int size() {
    return size;
  }

  /// The item of the index-th, oldest first. On a copy, or the writer.
  int slot(int index) {
    return slots[at(index)];
  }

  long time(int index) {
    return times[at(index)];
  }

  boolean hasCreator(int index) {
    return withCreators && known[at(index)];
  }

  long creator(int index) {
    return creators[at(index)];
  }

  private int at(int index) {
    int at = head + index;
    return at < slots.length ? at : at - slots.length;
  }

  void add(int slot, long time) {
    add(slot, time, false, NO_CREATOR);
  }

  void add(int slot, long time, boolean hasCreator, long creator) {
    if (size == slots.length && size < max) {
      grow(Math.min(max, Math.max(FIRST_LENGTH, size * 2)));
    }
    int at = at(size == slots.length ? 0 : size);
    slots[at] = slot;
    times[at] = time;
    if (withCreators) {
      known[at] = hasCreator;
      creators[at] = creator;
    }
    if (size < slots.length) {
      size++;
    } else {
      head = at(1);
    }
  }

  /// To be called when the ring is full, or empty.
  private void grow(int length) {
    var longer = copyOf(length);
    slots = longer.slots;
    times = longer.times;
    creators = longer.creators;
    known = longer.known;
    head = 0;
    size = longer.size;
  }

  /// Takes away every entry of an item.
  void remove(int slot) {
    var left = new Moments(max, withCreators);
    for (int i = 0; i < size; i++) {
      if (slot(i) != slot) {
        left.add(slot(i), time(i), hasCreator(i), withCreators ? creator(i) : NO_CREATOR);
      }
    }
    take(left);
  }

  void clear() {
    take(new Moments(max, withCreators));
  }

  private void take(Moments other) {
    slots = other.slots;
    times = other.times;
    creators = other.creators;
    known = other.known;
    head = other.head;
    size = other.size;
  }

  /// The same, the caller's own. May give anything while the writer changes it.
  Moments copy() {
    return copyOf(Math.max(size, 0));
  }

  private Moments copyOf(int length) {
    var copy = new Moments(max, withCreators);
    int[] ourSlots = slots;
    long[] ourTimes = times;
    long[] ourCreators = creators;
    boolean[] ourKnown = known;
    int ring = Math.min(ourSlots.length, ourTimes.length);
    if (withCreators) {
      ring = Math.min(ring, Math.min(ourCreators.length, ourKnown.length));
    }
    int count = Math.min(size, Math.min(ring, length));
    int first = ring == 0 ? 0 : head % ring;
    int front = Math.min(count, ring - first);
    copy.slots = new int[length];
    copy.times = new long[length];
    unroll(ourSlots, first, copy.slots, front, count);
    unroll(ourTimes, first, copy.times, front, count);
    if (withCreators) {
      copy.creators = new long[length];
      copy.known = new boolean[length];
      unroll(ourCreators, first, copy.creators, front, count);
      unroll(ourKnown, first, copy.known, front, count);
    }
    copy.size = count;
    return copy;
  }

  private static void unroll(Object ring, int first, Object line, int front, int count) {
    System.arraycopy(ring, first, line, 0, front);
    System.arraycopy(ring, 0, line, front, count - front);
  }

  int sizeBytes() {
    return 4 + size * (withCreators ? 21 : 12);
  }

  void encode(ByteBuffer out) {
    out.putInt(size);
    for (int i = 0; i < size; i++) {
      out.putInt(slot(i)).putLong(time(i));
      if (withCreators) {
        out.put((byte) (hasCreator(i) ? 1 : 0)).putLong(creator(i));
      }
    }
  }

  void decode(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > max) {
      throw new IllegalArgumentException("count does not fit: count=" + count + " max=" + max);
    }
    for (int i = 0; i < count; i++) {
      int slot = in.getInt();
      long time = in.getLong();
      boolean has = withCreators && in.get() != 0;
      add(slot, time, has, withCreators ? in.getLong() : NO_CREATOR);
    }
  }
}
