package io.tidaldb.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The window buckets of one type: sparse, six bytes each, only where events are.
///
/// A pair's buckets stand in one block, newest first, all zeros at the end:
///
/// ```
///  0            2·capacity                        6·capacity
///  +------------+---------------------------------+
///  | keys u16   | counts u32                      |
///  +------------+---------------------------------+
/// ```
///
/// A key is the granule in the upper 2 bits (minute above hour above day) and below it the bucket's
/// number relative to the *base day* of the part, so numeric order is newest first. A bucket that
/// has counted 2^32 − 1 gets a twin under the same key. Buckets fold to coarser ones when a block
/// is full, and a whole part when its base day is left behind; both are invisible to every allowed
/// read.
///
/// **Threads.** One writer, inside the part's sequence. Readers repeat until the sequence did not
/// change.
public final class WindowBuckets {

  /// Days after which a part is folded when it is touched. Keys have room for 7.
  public static final int BASE_DAYS_MAX = 3;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int BUCKET_BYTES = 6;
  private static final int INDEX_BITS = 14;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int HOUR_START = Granule.HOUR << INDEX_BITS;
  private static final int HOUR_END = Granule.MINUTE << INDEX_BITS;
  private static final int FULL = -1;

  /// A block that was full gets at least an eighth of its buckets as room.
  private static final int ROOM_SHIFT = 3;

  private static final long COUNT_MAX = 0xFFFF_FFFFL;
  private static final int MINUTE_DAYS_BEFORE = 3;
  private static final int DAYS_BEFORE = 40;

  private final BlockArena arena = new BlockArena(BUCKET_BYTES);
  private final BucketList scratch = new BucketList();
  private volatile int level;

  public WindowBuckets(int level) {
    this.level = level;
  }

  /// The coarsest granule kept, as in [Granule#level].
  public int level() {
    return level;
  }

  /// Shorter windows: coarser buckets fall away lazily. Writer.
  public void level(int newLevel) {
    level = newLevel;
  }

  /// Counts events of one moment. Writer.
  public void add(PairPage page, int index, long time, long newest, long events) {
    long place = Granule.placeOfMinute(time / Granule.MINUTE_NANOS, newest, level);
    if (place == Granule.GONE) {
      return;
    }
    int part = index >>> PairPage.PART_SHIFT;
    int today = (int) (newest / Granule.DAY_NANOS);
    if (page.baseDays[part] < 0) {
      page.baseDays[part] = today;
    } else if (today - page.baseDays[part] > BASE_DAYS_MAX) {
      foldPart(page, part, newest);
    }
    addTo(page, index, relative(place, page.baseDays[part]), newest, events);
  }

  /// Whether the part has not been folded for so long that its blocks may be too large.
  public boolean stale(PairPage page, int part, long newest) {
    return page.baseDays[part] >= 0
        && newest / Granule.DAY_NANOS - page.baseDays[part] > BASE_DAYS_MAX;
  }

  /// Folds every pair of a part and makes this its base day. Writer.
  public void foldPart(PairPage page, int part, long newest) {
    int base = page.baseDays[part];
    int today = (int) (newest / Granule.DAY_NANOS);
    int first = part << PairPage.PART_SHIFT;
    int last = Math.min(first + PairPage.PART_SLOTS, page.windows.length);
    for (int i = first; i < last; i++) {
      if (page.windows[i] != 0) {
        scratch.clear();
        fold(scratch, page.windows[i], base, newest);
        rewrite(page, i, today - base, scratch.size());
      }
    }
    page.baseDays[part] = today;
  }

  /// Forgets a pair. Writer.
  public void clear(PairPage page, int index) {
    if (page.windows[index] != 0) {
      arena.release(page.windows[index]);
      page.windows[index] = 0;
    }
  }

  /// Adds a pair's buckets, folded to a time, to the list. Any thread that keeps the part from
  /// changing.
  public void collect(BucketList into, PairPage page, int index, long newest) {
    if (page.windows.length == 0 || page.windows[index] == 0) {
      return;
    }
    int base = page.baseDays[index >>> PairPage.PART_SHIFT];
    var folded = new BucketList();
    fold(folded, page.windows[index], base, newest);
    for (int i = 0; i < folded.size(); i++) {
      into.add(absolute((int) folded.key(i), base), folded.count(i));
    }
  }

  /// Sets a pair's saved buckets. Writer, at load.
  public void restore(PairPage page, int index, BucketList buckets, int baseDay) {
    page.baseDays[index >>> PairPage.PART_SHIFT] = baseDay;
    scratch.clear();
    for (int i = 0; i < buckets.size(); i++) {
      scratch.add(relative(buckets.key(i), baseDay), buckets.count(i));
    }
    rewrite(page, index, 0, scratch.size());
  }

  /// Events of a pair in a range of buckets, of one position. Any thread.
  public long count(PairPage page, int index, WindowRange range) {
    int part = index >>> PairPage.PART_SHIFT;
    for (int tries = 0; ; tries++) {
      int sequence = page.beginRead(part);
      long count = sum(page, index, range);
      if (page.endRead(part, sequence)) {
        return count;
      }
      PairPage.pause(tries);
    }
  }

  /// As [#count] for a caller that holds a sequence by itself: the result is nothing unless the
  /// sequence did not change.
  public long sum(PairPage page, int index, WindowRange range) {
    if (page.windows.length == 0 || page.windows[index] == 0) {
      return 0;
    }
    int block = page.windows[index];
    byte[] chunk = arena.chunk(block);
    if (chunk.length == 0) {
      return 0;
    }
    int capacity = BlockArena.capacity(block);
    int keys = arena.offset(block);
    int counts = keys + 2 * capacity;
    long base = page.baseDays[index >>> PairPage.PART_SHIFT];
    int firstMinute = clamp(range.firstMinute() - minuteOrigin(base));
    int lastMinute = clamp(range.lastMinute() - minuteOrigin(base) + 1);
    int firstHour = clamp(range.firstHour() - hourOrigin(base));
    int lastHour = clamp(range.lastHour() - hourOrigin(base) + 1);
    int firstDay = clamp(range.firstDay() - dayOrigin(base));
    int lastDay = clamp(range.lastDay() - dayOrigin(base) + 1);
    long sum = 0;
    for (int i = 0; i < capacity; i++) {
      int count = (int) INT.get(chunk, counts + 4 * i);
      if (count == 0) {
        break;
      }
      int key = (short) SHORT.get(chunk, keys + 2 * i) & 0xFFFF;
      int number = key & INDEX_MASK;
      boolean within =
          switch (key >>> INDEX_BITS) {
            case Granule.MINUTE -> number >= firstMinute && number < lastMinute;
            case Granule.HOUR -> number >= firstHour && number < lastHour;
            default -> number >= firstDay && number < lastDay;
          };
      sum += within ? count & COUNT_MAX : 0;
    }
    return sum;
  }

  /// Bytes of the arrays.
  public long bytes() {
    return arena.bytes();
  }

  private void addTo(PairPage page, int index, int key, long newest, long events) {
    if (page.windows[index] == 0) {
      page.windows[index] = arena.allocate(0);
    }
    long left = events;
    while (left > 0) {
      int block = page.windows[index];
      byte[] chunk = arena.chunk(block);
      int capacity = BlockArena.capacity(block);
      int keys = arena.offset(block);
      int counts = keys + 2 * capacity;
      int at = 0;
      int count = 0;
      while (at < capacity && (count = (int) INT.get(chunk, counts + 4 * at)) != 0) {
        int there = (short) SHORT.get(chunk, keys + 2 * at) & 0xFFFF;
        if (there < key || (there == key && count != FULL)) {
          break;
        }
        at++;
      }
      if (at < capacity
          && count != 0
          && ((short) SHORT.get(chunk, keys + 2 * at) & 0xFFFF) == key) {
        long more = Math.min(left, COUNT_MAX - (count & COUNT_MAX));
        INT.set(chunk, counts + 4 * at, (int) (count + more));
        left -= more;
      } else if ((int) INT.get(chunk, counts + 4 * (capacity - 1)) != 0) {
        makeRoom(page, index, newest);
      } else {
        long more = Math.min(left, COUNT_MAX);
        System.arraycopy(chunk, keys + 2 * at, chunk, keys + 2 * at + 2, 2 * (capacity - 1 - at));
        System.arraycopy(
            chunk, counts + 4 * at, chunk, counts + 4 * at + 4, 4 * (capacity - 1 - at));
        SHORT.set(chunk, keys + 2 * at, (short) key);
        INT.set(chunk, counts + 4 * at, (int) more);
        left -= more;
      }
    }
  }

  /// Folds a full block, and takes a larger one unless that left some room.
  private void makeRoom(PairPage page, int index, long newest) {
    int base = page.baseDays[index >>> PairPage.PART_SHIFT];
    scratch.clear();
    fold(scratch, page.windows[index], base, newest);
    int size = scratch.size();
    rewrite(page, index, 0, size + 1 + (size >>> ROOM_SHIFT));
  }

  /// Writes the scratch list as the pair's block, with room for at least so many buckets.
  ///
  /// @param days how far the base day moves
  private void rewrite(PairPage page, int index, int days, int room) {
    int twins = 0;
    for (int i = 0; i < scratch.size(); i++) {
      twins += scratch.count(i) > COUNT_MAX ? (int) ((scratch.count(i) - 1) / COUNT_MAX) : 0;
    }
    if (page.windows[index] != 0) {
      arena.release(page.windows[index]);
      page.windows[index] = 0;
    }
    if (room == 0) {
      return;
    }
    int block = arena.allocate(BlockArena.classFor(room + twins));
    byte[] chunk = arena.chunk(block);
    int keys = arena.offset(block);
    int counts = keys + 2 * BlockArena.capacity(block);
    int at = 0;
    for (int i = 0; i < scratch.size(); i++) {
      int old = (int) scratch.key(i);
      short key = (short) (old - days * granulesPerDay(old >>> INDEX_BITS));
      for (long left = scratch.count(i); left > 0; left -= COUNT_MAX) {
        SHORT.set(chunk, keys + 2 * at, key);
        INT.set(chunk, counts + 4 * at, (int) Math.min(left, COUNT_MAX));
        at++;
      }
    }
    page.windows[index] = block;
  }

  /// Reads a block as it stands when the newest event is of a time; keys stay relative to the base
  /// day, which makes minutes, hours and days of one moment differ by constants.
  private void fold(BucketList into, int block, int base, long newest) {
    byte[] chunk = arena.chunk(block);
    int capacity = BlockArena.capacity(block);
    int keys = arena.offset(block);
    int counts = keys + 2 * capacity;
    int kept = level;
    long minute = newest / Granule.MINUTE_NANOS - minuteOrigin(base) - Granule.MINUTES_KEPT;
    long hour = newest / Granule.HOUR_NANOS - hourOrigin(base) - Granule.HOURS_KEPT;
    long day = newest / Granule.DAY_NANOS - dayOrigin(base) - Granule.DAYS_KEPT;
    for (int i = 0; i < capacity; i++) {
      int count = (int) INT.get(chunk, counts + 4 * i);
      if (count == 0) {
        return;
      }
      int key = (short) SHORT.get(chunk, keys + 2 * i) & 0xFFFF;
      if (key >= HOUR_END && (key & INDEX_MASK) <= minute) {
        key = HOUR_START + (key & INDEX_MASK) / 60 + (DAYS_BEFORE - MINUTE_DAYS_BEFORE) * 24;
      }
      if (key < HOUR_END && key >= HOUR_START && (kept < 1 || (key & INDEX_MASK) <= hour)) {
        key = (key & INDEX_MASK) / 24;
      }
      if (kept >= 0 && (key >= HOUR_START || (kept >= 2 && key > day))) {
        into.add(key, count & COUNT_MAX);
      }
    }
  }

  private static int granulesPerDay(int granule) {
    return switch (granule) {
      case Granule.MINUTE -> 1440;
      case Granule.HOUR -> 24;
      default -> 1;
    };
  }

  private static int relative(long key, long base) {
    int granule = Granule.granule(key);
    int number = (int) (Granule.index(key) - origin(granule, base));
    return granule << INDEX_BITS | (number & INDEX_MASK);
  }

  private static long absolute(int key, long base) {
    int granule = key >>> INDEX_BITS;
    return Granule.key(granule, (key & INDEX_MASK) + origin(granule, base));
  }

  private static long origin(int granule, long base) {
    return switch (granule) {
      case Granule.MINUTE -> minuteOrigin(base);
      case Granule.HOUR -> hourOrigin(base);
      default -> dayOrigin(base);
    };
  }

  private static long minuteOrigin(long base) {
    return (base - MINUTE_DAYS_BEFORE) * 1440;
  }

  private static long hourOrigin(long base) {
    return (base - DAYS_BEFORE) * 24;
  }

  private static long dayOrigin(long base) {
    return base - DAYS_BEFORE;
  }

  private static int clamp(long number) {
    return (int) Math.max(0, Math.min(number, INDEX_MASK + 1));
  }
}
