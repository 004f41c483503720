package io.tidaldb.search;

import java.util.HashMap;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Entities by how near they are, nearest first.
///
/// @param slots of the entities
/// @param similarities how near each is, by the metric
/// @param plan how they were looked for
@SuppressWarnings("ArrayRecordComponent") // A result, never compared.
public record Nearest(int[] slots, double[] similarities, VectorPlan plan) {

  /// Nobody.
  static Nearest none() {
    return new Nearest(
        new int[0], new double[0], new VectorPlan(VectorPlan.Way.EXACT, 0, 0, "no direction"));
  }

  /// How many.
  public int count() {
    return slots.length;
  }

  /// The same, looked for in this way.
  Nearest with(VectorPlan newPlan) {
    return new Nearest(slots, similarities, newPlan);
  }

  /// The k nearest of several lists, nearest first, each entity at its nearest; ties by unsigned
  /// id.
  ///
  /// @param id the id behind a slot
  public static int[] merged(List<Nearest> lists, int k, IntToLongFunction id) {
    if (lists.size() == 1 && lists.getFirst().count() <= k) {
      return lists.getFirst().slots;
    }
    var best = new HashMap<Integer, Double>();
    for (var list : lists) {
      for (int i = 0; i < list.count(); i++) {
        best.merge(list.slots[i], list.similarities[i], Math::max);
      }
    }
    var heap = new NearestHeap(Math.min(k, best.size()), id);
    best.forEach(heap::offer);
    return heap.sorted(0).slots;
  }
}
