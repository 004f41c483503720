package io.tidaldb.coengagement;

import io.tidaldb.slot.LongPages;
import java.util.Arrays;

/// For each item the numbers of its edges, side by side, in no order. A list stands in a block
/// whose size is a power of two, and moves when it outgrows the block or leaves three quarters of
/// it empty.
///
/// An item's long: where its block begins (high half), how many edges (27 bits), size of the block
/// as a power of two (5 bits); 0 without edges.
///
/// **Threads.** One writer; readers take a list under its item's version of [Stripes].
final class Adjacency {

  private static final int SIZE_BITS = 5;
  private static final int SIZE_MIN = 1;
  private static final int SIZES = 28;

  private final EdgeRecords records;
  private final LongPages lists = new LongPages();
  private final IntPages blocks = new IntPages();

  /// Where the first free block of each size begins, plus 1; a free block holds the next.
  private final int[] free = new int[SIZES];

  private int used;

  Adjacency(EdgeRecords records) {
    this.records = records;
  }

  /// The long of an item; read once, it says the same about all of the list.
  long list(int item) {
    return lists.get(item);
  }

  static int count(long list) {
    return (int) list >>> SIZE_BITS;
  }

  /// The edge at a place of a list.
  int edge(long list, int place) {
    return blocks.get((int) (list >>> 32) + place);
  }

  /// Adds an edge to the list of one of its ends. Writer.
  void add(int item, int edge) {
    long list = lists.get(item);
    int count = count(list);
    if (count == 0) {
      list = list(allocate(SIZE_MIN), 0, SIZE_MIN);
    } else if (count == 1 << size(list)) {
      list = moved(list, size(list) + 1);
    }
    blocks.set(begin(list) + count, edge);
    records.setPlace(edge, item, count);
    lists.set(item, list(begin(list), count + 1, size(list)));
  }

  /// Removes an edge from the list of one of its ends: the last takes its place. Writer.
  void remove(int item, int edge) {
    long list = lists.get(item);
    int place = records.place(edge, item);
    int count = count(list) - 1;
    int last = edge(list, count);
    blocks.set(begin(list) + place, last);
    records.setPlace(last, item, place);
    if (count == 0) {
      release(begin(list), size(list));
      lists.set(item, 0);
      return;
    }
    list = list(begin(list), count, size(list));
    if (size(list) > SIZE_MIN && count <= 1 << (size(list) - 2)) {
      list = moved(list, size(list) - 1);
    }
    lists.set(item, list);
  }

  private long moved(long list, int size) {
    int begin = allocate(size);
    for (int i = 0; i < count(list); i++) {
      blocks.set(begin + i, edge(list, i));
    }
    release(begin(list), size(list));
    return list(begin, count(list), size);
  }

  /// A block of a size: a free one, half of a larger free one, or a new one.
  private int allocate(int size) {
    int larger = size;
    while (larger < SIZES && free[larger] == 0) {
      larger++;
    }
    if (larger == SIZES) {
      int begin = used;
      used = Math.addExact(used, 1 << size);
      return begin;
    }
    int begin = free[larger] - 1;
    free[larger] = blocks.get(begin);
    while (larger > size) {
      larger--;
      release(begin + (1 << larger), larger);
    }
    return begin;
  }

  private void release(int begin, int size) {
    blocks.set(begin, free[size]);
    free[size] = begin + 1;
  }

  private static long list(int begin, int count, int size) {
    return (long) begin << 32 | (long) count << SIZE_BITS | size;
  }

  private static int begin(long list) {
    return (int) (list >>> 32);
  }

  private static int size(long list) {
    return (int) list & ((1 << SIZE_BITS) - 1);
  }

  /// Bytes of the arrays.
  long bytes() {
    return blocks.bytes() + lists.pageNumbers().count() * (16 + 8L * LongPages.PAGE_LONGS + 4);
  }

  @Override
  public String toString() {
    return "used=" + used + " free=" + Arrays.toString(free);
  }
}
