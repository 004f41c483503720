package io.tidaldb.log;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.IdempotencyKey;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is known of numbered streams: per producer its highest number, and which of the 16,383
/// below were seen. Anything lower counts as seen. The producers least recently logged are dropped.
///
/// ```
///  page   0               8              16
///         +---------------+---------------+---------------------------- ... -+
///         | highest       | last logged   | 16,384 bits, number modulo 16,384 |
///         +---------------+---------------+---------------------------- ... -+
///  key: the producer's id, column 1
/// ```
final class ProducerWindow {

  /// A number this far below the highest counts as seen.
  static final int NUMBERS = 16_384;

  static final int COLUMN = 1;

  private static final int HIGHEST = 0;
  private static final int LAST_LOGGED = 1;
  private static final int BITS = 2;
  private static final int PAGE_LONGS = BITS + NUMBERS / Long.SIZE;

  private final int capacity;
  private final LongPages pages = new LongPages(PAGE_LONGS);
  private final ProbeTable index = new ProbeTable(this::hashOfSlot);
  private final BitSet present = new BitSet();
  private final Set<Long> gone = new HashSet<>();
  private final Links byUse;
  private long[] ids = new long[16];

  /// @param capacity how many producers are remembered; 0 turns the window off
  ProducerWindow(int capacity) {
    this.capacity = capacity;
    this.byUse = new Links();
  }

  int count() {
    return index.count();
  }

  /// Whether the number was seen, or is too old to know.
  boolean seen(IdempotencyKey.Sequence key) {
    int slot = slot(key.producer());
    if (slot < 0) {
      return false;
    }
    var page = pages.page(slot);
    long highest = page[HIGHEST];
    if (key.number() > highest) {
      return false;
    }
    return key.number() <= highest - NUMBERS || bit(page, key.number());
  }

  /// Remembers a number.
  void add(IdempotencyKey.Sequence key, long position) {
    if (capacity == 0) {
      return;
    }
    int known = slot(key.producer());
    int slot = known < 0 ? newSlot(key.producer()) : known;
    var page = pages.writable(slot);
    if (known < 0) {
      Arrays.fill(page, 0);
      page[HIGHEST] = key.number();
    }
    if (key.number() > page[HIGHEST]) {
      advance(page, key.number());
    }
    if (key.number() > page[HIGHEST] - NUMBERS) {
      page[BITS + word(key.number())] |= 1L << key.number();
    }
    page[LAST_LOGGED] = position;
    byUse.moveToEnd(slot);
  }

  private static void advance(long[] page, long number) {
    long steps = number - page[HIGHEST];
    if (steps >= NUMBERS) {
      Arrays.fill(page, BITS, PAGE_LONGS, 0);
    } else {
      for (long between = page[HIGHEST] + 1; between < number; between++) {
        page[BITS + word(between)] &= ~(1L << between);
      }
      page[BITS + word(number)] &= ~(1L << number);
    }
    page[HIGHEST] = number;
  }

  private static boolean bit(long[] page, long number) {
    return (page[BITS + word(number)] & 1L << number) != 0;
  }

  private static int word(long number) {
    return (int) (number & NUMBERS - 1) / Long.SIZE;
  }

  private int newSlot(long producer) {
    int slot = count() < capacity ? present.nextClearBit(0) : drop();
    if (slot >= ids.length) {
      ids = Arrays.copyOf(ids, Math.min(capacity, 2 * ids.length));
    }
    ids[slot] = producer;
    present.set(slot);
    index.add(slot);
    byUse.append(slot);
    gone.remove(producer);
    return slot;
  }

  /// Drops the producer least recently logged; returns its slot.
  private int drop() {
    int slot = byUse.first();
    index.remove(slot);
    byUse.remove(slot);
    present.clear(slot);
    pages.clean(slot);
    gone.add(ids[slot]);
    return slot;
  }

  private int slot(long producer) {
    for (int c = index.first(ProbeTable.mix(producer)); index.entry(c) >= 0; c = index.next(c)) {
      if (ids[index.entry(c)] == producer) {
        return index.entry(c);
      }
    }
    return -1;
  }

  private long hashOfSlot(int slot) {
    return ProbeTable.mix(ids[slot]);
  }

  /* --- pages --- */

  List<LongPages.Page> freeze(boolean all) {
    var frozen = pages.freeze(all, present, slot -> new PageKey(ids[slot], 0, COLUMN));
    for (long producer : gone) {
      frozen.add(new LongPages.Page(new PageKey(producer, 0, COLUMN), new long[0]));
    }
    gone.clear();
    return frozen;
  }

  /// A page that no checkpoint holds after all, or that is still in one.
  void abandoned(PageKey key) {
    int slot = slot(key.page());
    if (slot >= 0) {
      pages.dirty(slot);
    } else {
      gone.add(key.page());
    }
  }

  void load(PageKey key, byte[] content) {
    var page = LongPages.longs(content, PAGE_LONGS);
    if (page[HIGHEST] < 0 || page[LAST_LOGGED] < 1 || slot(key.page()) >= 0) {
      throw new IllegalArgumentException("impossible page of a producer: key=" + key);
    }
    int slot = present.nextClearBit(0);
    if (slot >= ids.length) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
    }
    ids[slot] = key.page();
    present.set(slot);
    pages.load(slot, page);
    index.add(slot);
  }

  /// Rebuilds the order of use.
  void loaded() {
    byUse.clear();
    present.stream()
        .boxed()
        .sorted((a, b) -> Long.compare(pages.page(a)[LAST_LOGGED], pages.page(b)[LAST_LOGGED]))
        .forEach(byUse::append);
    while (count() > capacity) {
      var _ = drop();
    }
  }

  void clear() {
    pages.clear();
    index.clear();
    present.clear();
    gone.clear();
    byUse.clear();
  }

  /* --- state --- */

  void digest(StateSink sink) {
    for (int slot : sorted()) {
      var page = pages.page(slot);
      sink.entry("producer", Long.toUnsignedString(ids[slot]))
          .value("highest", page[HIGHEST])
          .value("last logged", page[LAST_LOGGED]);
      for (int word = 0; word < NUMBERS / Long.SIZE; word++) {
        if (page[BITS + word] != 0) {
          sink.value("seen " + word, page[BITS + word]);
        }
      }
    }
  }

  void verify(List<String> findings) {
    if (count() > capacity || present.cardinality() != count()) {
      findings.add("producers: count=" + count() + " capacity=" + capacity);
    }
    long before = 0;
    int walked = 0;
    for (int slot = byUse.first(); slot >= 0; slot = byUse.after(slot)) {
      var page = pages.page(slot);
      if (page[LAST_LOGGED] < before || !bit(page, page[HIGHEST]) || slot(ids[slot]) != slot) {
        findings.add("producer is inconsistent: id=" + Long.toUnsignedString(ids[slot]));
      }
      before = page[LAST_LOGGED];
      walked++;
    }
    if (walked != count()) {
      findings.add("producers in order of use: walked=" + walked + " count=" + count());
    }
  }

  private List<Integer> sorted() {
    return present.stream().boxed().sorted((a, b) -> Long.compareUnsigned(ids[a], ids[b])).toList();
  }

  /// Slots in the order in which they were last used: a list threaded through two arrays.
  private static final class Links {
    private static final int NONE = -1;

    private int[] before = new int[16];
    private int[] after = new int[16];
    private int first = NONE;
    private int last = NONE;

    int first() {
      return first;
    }

    int after(int slot) {
      return after[slot];
    }

    void append(int slot) {
      if (slot >= after.length) {
        int size = Math.max(slot + 1, 2 * after.length);
        before = Arrays.copyOf(before, size);
        after = Arrays.copyOf(after, size);
      }
      before[slot] = last;
      after[slot] = NONE;
      if (last == NONE) {
        first = slot;
      } else {
        after[last] = slot;
      }
      last = slot;
    }

    void remove(int slot) {
      if (before[slot] == NONE) {
        first = after[slot];
      } else {
        after[before[slot]] = after[slot];
      }
      if (after[slot] == NONE) {
        last = before[slot];
      } else {
        before[after[slot]] = before[slot];
      }
    }

    void moveToEnd(int slot) {
      if (slot != last) {
        remove(slot);
        append(slot);
      }
    }

    void clear() {
      first = NONE;
      last = NONE;
    }
  }
}
