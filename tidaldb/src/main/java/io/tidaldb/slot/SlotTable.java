package io.tidaldb.slot;

import com.google.errorprone.annotations.Var;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A hash table from ids to slots: open addressing with linear probing, in 64 parts that grow one
/// at a time, so that no event waits for the whole table to be copied.
///
/// An entry is written once: its key first, then its slot, which makes it visible. Removing leaves
/// a mark, and a marked entry is never used again; otherwise a reader that has read the old slot
/// could find the new key beside it. Marks go when the part is copied.
///
/// **Threads.** One writer; readers never wait:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | an element of `parts` | writer | release | acquire | entries as before the part was copied |
/// | an element of `slots` | writer, after `keys` | release | acquire | the id has no slot yet, or still has it |
final class SlotTable {

  private static final int PART_BITS = 6;
  private static final int CAPACITY_MIN = 16;
  private static final int REMOVED = -1;
  private static final VarHandle PART = MethodHandles.arrayElementVarHandle(Part[].class);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

  private final Part[] parts = new Part[1 << PART_BITS];

  SlotTable() {
    clear();
  }

  /// The slot of an id, or −1.
  int get(long id) {
    long hash = hash(id);
    Part part = (Part) PART.getAcquire(parts, (int) (hash >>> (64 - PART_BITS)));
    int mask = part.slots.length - 1;
    for (@Var int i = (int) hash & mask; ; i = (i + 1) & mask) {
      int stored = (int) SLOT.getAcquire(part.slots, i);
      if (stored == 0) {
        return -1;
      }
      if (stored != REMOVED && part.keys[i] == id) {
        return stored - 1;
      }
    }
  }

  /// Adds an id that has no slot. Writer only.
  void put(long id, int slot) {
    long hash = hash(id);
    int index = (int) (hash >>> (64 - PART_BITS));
    @Var Part part = parts[index];
    if (part.isFull()) {
      part = part.copy();
      part.put(hash, id, slot);
      PART.setRelease(parts, index, part);
      return;
    }
    part.put(hash, id, slot);
  }

  /// Removes an id if it has a slot. Writer only.
  void remove(long id) {
    long hash = hash(id);
    Part part = parts[(int) (hash >>> (64 - PART_BITS))];
    int mask = part.slots.length - 1;
    for (@Var int i = (int) hash & mask; part.slots[i] != 0; i = (i + 1) & mask) {
      if (part.slots[i] != REMOVED && part.keys[i] == id) {
        SLOT.setRelease(part.slots, i, REMOVED);
        part.live--;
        return;
      }
    }
  }

  /// How many ids have a slot. Writer only.
  int size() {
    @Var int size = 0;
    for (Part part : parts) {
      size += part.live;
    }
    return size;
  }

  /// Forgets everything. Writer only.
  void clear() {
    for (int i = 0; i < parts.length; i++) {
      PART.setRelease(parts, i, new Part(CAPACITY_MIN));
    }
  }

  /// Spreads every bit of the id over all bits (the finalizer of MurmurHash3).
  private static long hash(long id) {
    @Var long h = id;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  private static final class Part {

    final long[] keys;

    /// Slot + 1; 0 is free, −1 removed.
    final int[] slots;

    int used;
    int live;

    Part(int capacity) {
      keys = new long[capacity];
      slots = new int[capacity];
    }

    /// Five eighths: at least one free entry ends every probe.
    boolean isFull() {
      return used >= slots.length / 8 * 5;
    }

    void put(long hash, long id, int slot) {
      int mask = slots.length - 1;
      @Var int i = (int) hash & mask;
      while (slots[i] != 0) {
        i = (i + 1) & mask;
      }
      keys[i] = id;
      SLOT.setRelease(slots, i, slot + 1);
      used++;
      live++;
    }

    /// The living entries in a part with room for as many again.
    Part copy() {
      @Var int capacity = CAPACITY_MIN;
      while (capacity / 8L * 5 < 2L * live) {
        capacity = Math.multiplyExact(capacity, 2);
      }
      var copy = new Part(capacity);
      for (int i = 0; i < slots.length; i++) {
        if (slots[i] > 0) {
          copy.put(hash(keys[i]), keys[i], slots[i] - 1);
        }
      }
      return copy;
    }
  }
}
