package io.tidaldb.coengagement;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;

/// The order in which edges leave: the weakest first, of equal ones the pair with the greater lower
/// id, then with the greater other id. A heap of four children each, which knows where every edge
/// stands.
///
/// Sums under one landmark keep their order whatever the time, so the order needs no clock.
///
/// **Threads.** The writer.
final class LeastFirst {

  private static final int CHILDREN_SHIFT = 2;

  private final EdgeRecords records;
  private final Slots slots;
  private final IntPages heap = new IntPages();
  private int size;

  /// @param slots gives the ids that decide among equals
  LeastFirst(EdgeRecords records, Slots slots) {
    this.records = records;
    this.slots = slots;
  }

  int size() {
    return size;
  }

  /// The edge that would leave first; there is one.
  int first() {
    return heap.get(0);
  }

  void add(int edge) {
    up(size++, edge);
  }

  void remove(int edge) {
    int place = records.heapPlace(edge);
    int last = heap.get(--size);
    if (last == edge) {
      return;
    }
    if (place > 0 && leavesBefore(last, heap.get(parent(place)))) {
      up(place, last);
    } else {
      down(place, last);
    }
  }

  /// An edge of the heap has become stronger.
  void strengthened(int edge) {
    down(records.heapPlace(edge), edge);
  }

  /// An edge of the heap has another sum.
  void changed(int edge) {
    int place = records.heapPlace(edge);
    if (place > 0 && leavesBefore(edge, heap.get(parent(place)))) {
      up(place, edge);
    } else {
      down(place, edge);
    }
  }

  /// Any edge may have another sum.
  void rebuild() {
    for (int place = parent(size - 1); place >= 0; place--) {
      down(place, heap.get(place));
    }
  }

  /// Adds without order; [#rebuild] makes it.
  void append(int edge) {
    put(size++, edge);
  }

  private void up(int from, int edge) {
    int place = from;
    while (place > 0) {
      int above = heap.get(parent(place));
      if (!leavesBefore(edge, above)) {
        break;
      }
      put(place, above);
      place = parent(place);
    }
    put(place, edge);
  }

  private void down(int from, int edge) {
    int place = from;
    double sum = records.sum(edge);
    while (true) {
      int child = (place << CHILDREN_SHIFT) + 1;
      int end = Math.min(child + (1 << CHILDREN_SHIFT), size);
      if (child >= end) {
        break;
      }
      int least = child;
      int leastEdge = heap.get(child);
      double leastSum = records.sum(leastEdge);
      for (int next = child + 1; next < end; next++) {
        int nextEdge = heap.get(next);
        double nextSum = records.sum(nextEdge);
        if (nextSum < leastSum || (nextSum == leastSum && greaterIds(nextEdge, leastEdge))) {
          least = next;
          leastEdge = nextEdge;
          leastSum = nextSum;
        }
      }
      if (sum < leastSum || (sum == leastSum && !greaterIds(leastEdge, edge))) {
        break;
      }
      put(place, leastEdge);
      place = least;
    }
    put(place, edge);
  }

  private void put(int place, int edge) {
    heap.set(place, edge);
    records.setHeapPlace(edge, place);
  }

  private static int parent(int place) {
    return (place - 1) >> CHILDREN_SHIFT;
  }

  /// Whether one edge leaves before another.
  boolean leavesBefore(int edge, int other) {
    double sum = records.sum(edge);
    double otherSum = records.sum(other);
    return sum == otherSum ? greaterIds(edge, other) : sum < otherSum;
  }

  /// Whether an edge leaves before one that does not exist yet.
  boolean isWeaker(int edge, double sum, int a, int b) {
    double own = records.sum(edge);
    return own == sum ? greaterIds(records.pair(edge), EdgeRecords.pair(a, b)) : own < sum;
  }

  private boolean greaterIds(int edge, int other) {
    return greaterIds(records.pair(edge), records.pair(other));
  }

  private boolean greaterIds(long pair, long otherPair) {
    long a = slots.id(EntityKind.ITEM, EdgeRecords.lesser(pair));
    long b = slots.id(EntityKind.ITEM, EdgeRecords.greater(pair));
    long c = slots.id(EntityKind.ITEM, EdgeRecords.lesser(otherPair));
    long d = slots.id(EntityKind.ITEM, EdgeRecords.greater(otherPair));
    int byLower = Long.compareUnsigned(lower(a, b), lower(c, d));
    return byLower == 0 ? Long.compareUnsigned(higher(a, b), higher(c, d)) > 0 : byLower > 0;
  }

  private static long lower(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  private static long higher(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? b : a;
  }

  /// Whether every edge stands behind the one above it, and where its record says.
  boolean isSound() {
    for (int place = 0; place < size; place++) {
      int edge = heap.get(place);
      if (records.heapPlace(edge) != place
          || (place > 0 && leavesBefore(edge, heap.get(parent(place))))) {
        return false;
      }
    }
    return true;
  }

  /// Bytes of the arrays.
  long bytes() {
    return heap.bytes();
  }
}
