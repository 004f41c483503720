package io.tidaldb.log;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.IdempotencyKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The last so many 128-bit keys in log order and the position of each: a ring in pages, and an
/// index over it.
///
/// ```
///  page   0               8              16              24
///         +---------------+---------------+---------------+------ ...
///  header | ring capacity | entries       | 0             |
///         +---------------+---------------+---------------+------ ...
///  entry  | high          | low           | position      |  × 511
///         +---------------+---------------+---------------+------ ...
/// ```
final class KeyWindow {

  private static final int ENTRY_LONGS = 3;
  private static final int ENTRIES_PER_PAGE = 511;
  private static final int PAGE_LONGS = ENTRY_LONGS * (ENTRIES_PER_PAGE + 1);

  private final int capacity;
  private final LongPages pages = new LongPages(PAGE_LONGS);
  private final ProbeTable index = new ProbeTable(this::hashOfEntry);
  private final Map<Long, long[]> loading = new TreeMap<>();
  private final BitSet gone = new BitSet();
  private int count;
  private int next;

  /// @param capacity how many keys are remembered; 0 turns the window off
  KeyWindow(int capacity) {
    this.capacity = capacity;
  }

  int count() {
    return count;
  }

  /// The position of the key's event, −1 if it is not in the window.
  long find(IdempotencyKey.Bits key) {
    int entry = entry(key.high(), key.low());
    return entry < 0 ? -1 : position(entry);
  }

  /// Remembers a key; the first of two wins.
  void add(IdempotencyKey.Bits key, long position) {
    if (capacity == 0 || entry(key.high(), key.low()) >= 0) {
      return;
    }
    if (count == capacity) {
      index.remove(next);
      count--;
    }
    put(next, key.high(), key.low(), position);
    index.add(next);
    count++;
    next = next + 1 == capacity ? 0 : next + 1;
  }

  private void put(int entry, long high, long low, long position) {
    var page = pages.writable(entry / ENTRIES_PER_PAGE);
    int at = offset(entry);
    page[0] = capacity;
    page[1] = Math.max(page[1], entry % ENTRIES_PER_PAGE + 1);
    page[at] = high;
    page[at + 1] = low;
    page[at + 2] = position;
  }

  private int entry(long high, long low) {
    for (int c = index.first(hash(high, low)); index.entry(c) >= 0; c = index.next(c)) {
      int entry = index.entry(c);
      var page = page(entry);
      int at = offset(entry);
      if (page[at] == high && page[at + 1] == low) {
        return entry;
      }
    }
    return -1;
  }

  private long hashOfEntry(int entry) {
    var page = page(entry);
    int at = offset(entry);
    return hash(page[at], page[at + 1]);
  }

  private static long hash(long high, long low) {
    return ProbeTable.mix(high ^ ProbeTable.mix(low));
  }

  private long position(int entry) {
    return page(entry)[offset(entry) + 2];
  }

  private long[] page(int entry) {
    return pages.page(entry / ENTRIES_PER_PAGE);
  }

  private static int offset(int entry) {
    return ENTRY_LONGS * (entry % ENTRIES_PER_PAGE + 1);
  }

  /* --- pages --- */

  List<LongPages.Page> freeze(boolean all) {
    var present = new BitSet();
    present.set(0, pages.count());
    var frozen = pages.freeze(all, present, number -> new PageKey(number, 0, 0));
    gone.stream()
        .forEach(number -> frozen.add(new LongPages.Page(new PageKey(number, 0, 0), new long[0])));
    gone.clear();
    return frozen;
  }

  /// A page that no checkpoint holds after all.
  void abandoned(PageKey key, boolean wasGone) {
    if (wasGone) {
      gone.set((int) key.page());
    } else {
      pages.dirty((int) key.page());
    }
  }

  void load(PageKey key, byte[] content) {
    var page = LongPages.longs(content, PAGE_LONGS);
    long entries = page[1];
    if (key.page() < 0
        || key.page() > Integer.MAX_VALUE / ENTRIES_PER_PAGE
        || page[0] < 1
        || page[0] > Integer.MAX_VALUE
        || entries < 1
        || entries > ENTRIES_PER_PAGE
        || key.page() * ENTRIES_PER_PAGE + entries > page[0]
        || page[2] != 0) {
      throw new IllegalArgumentException("impossible page of idempotency keys: key=" + key);
    }
    loading.put(key.page(), page);
  }

  /// Rebuilds ring and index from the loaded pages.
  void loaded() {
    boolean sameCapacity = loading.values().stream().allMatch(page -> page[0] == capacity);
    if (sameCapacity) {
      loading.forEach((number, page) -> pages.load(number.intValue(), page));
      restore();
    } else {
      relay();
    }
    loading.clear();
  }

  private void restore() {
    long newest = 0;
    for (int number = 0; number < pages.count(); number++) {
      int entries = (int) pages.page(number)[1];
      if (number < pages.count() - 1 && entries != ENTRIES_PER_PAGE) {
        throw new IllegalArgumentException("page of idempotency keys is missing: page=" + number);
      }
      for (int i = 0; i < entries; i++) {
        int entry = number * ENTRIES_PER_PAGE + i;
        index.add(entry);
        count++;
        if (position(entry) > newest) {
          newest = position(entry);
          next = entry + 1 == capacity ? 0 : entry + 1;
        }
      }
    }
  }

  /// Another capacity was configured: the newest keys are laid out anew, in log order.
  private void relay() {
    var entries = new ArrayList<long[]>();
    for (var page : loading.values()) {
      for (int i = 1; i <= page[1]; i++) {
        int at = ENTRY_LONGS * i;
        entries.add(new long[] {page[at], page[at + 1], page[at + 2]});
      }
    }
    entries.sort((a, b) -> Long.compare(a[2], b[2]));
    int from = Math.max(0, entries.size() - capacity);
    for (var entry : entries.subList(from, entries.size())) {
      add(new IdempotencyKey.Bits(entry[0], entry[1]), entry[2]);
    }
    for (long number : loading.keySet()) {
      if (number >= pages.count()) {
        gone.set((int) number);
      }
    }
  }

  void clear() {
    pages.clear();
    index.clear();
    loading.clear();
    gone.clear();
    count = 0;
    next = 0;
  }

  /* --- state --- */

  void digest(StateSink sink) {
    for (int i = 0; i < count; i++) {
      int entry = inLogOrder(i);
      var page = page(entry);
      int at = offset(entry);
      sink.entry("key", "%016x%016x".formatted(page[at], page[at + 1]))
          .value("position", page[at + 2]);
    }
  }

  void verify(List<String> findings) {
    if (count > capacity || index.count() != count) {
      findings.add("keys: count=" + count + " indexed=" + index.count() + " capacity=" + capacity);
    }
    long before = 0;
    for (int i = 0; i < count; i++) {
      int entry = inLogOrder(i);
      var page = page(entry);
      int at = offset(entry);
      if (page[at + 2] < before || entry(page[at], page[at + 1]) != entry) {
        findings.add("key out of order or not found: entry=" + entry + " position=" + page[at + 2]);
      }
      before = page[at + 2];
    }
  }

  private int inLogOrder(int i) {
    int oldest = count == capacity ? next : 0;
    return (int) (((long) oldest + i) % capacity);
  }
}
