package io.tidaldb.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.roaringbitmap.RoaringBitmap;

/// The co-engagement edges of a few items, read once: by how much each neighbour is joined to all
/// of them, and how near it is to the nearest of them.
final class SeedEdges {

  private static final int PER_SEED = 4_096;

  /// What joins a neighbour to the seeds.
  private static final class Edges {
    private double sum;
    private double share;
  }

  private final Map<Integer, Edges> bySlot = new HashMap<>();
  private int joined;

  /// @param seeds slots; those that never existed are −1
  SeedEdges(Neighbours neighbours, int[] seeds) {
    int[] slots = new int[PER_SEED];
    double[] strengths = new double[PER_SEED];
    for (int seed : seeds) {
      int count = seed < 0 ? 0 : neighbours.strongest(seed, slots, strengths);
      joined += count > 0 ? 1 : 0;
      for (int i = 0; i < count; i++) {
        var edges = bySlot.computeIfAbsent(slots[i], _ -> new Edges());
        edges.sum += strengths[i];
        // An edge whose strength has decayed to nothing is still an edge.
        double share = strengths[0] > 0 ? strengths[i] / strengths[0] : 0;
        edges.share = Math.max(edges.share, share);
      }
    }
  }

  /// Whether no seed has an edge.
  boolean isEmpty() {
    return joined == 0;
  }

  /// The strength of the edge to a seed, as a share of that seed's strongest; the greatest counts.
  double share(int slot) {
    var edges = bySlot.get(slot);
    return edges == null ? 0 : edges.share;
  }

  /// The neighbours in a set by summed strength, strongest first, ties by unsigned id.
  int[] strongest(RoaringBitmap allowed, int n, ToLongFunction<Integer> id) {
    List<Integer> found = new ArrayList<>();
    for (var slot : bySlot.keySet()) {
      if (allowed.contains(slot)) {
        found.add(slot);
      }
    }
    found.sort(
        Comparator.comparingDouble((Integer slot) -> -sum(slot))
            .thenComparing((a, b) -> Long.compareUnsigned(id.applyAsLong(a), id.applyAsLong(b))));
    return Arrays.copyOf(
        found.stream().mapToInt(Integer::intValue).toArray(), Math.min(n, found.size()));
  }

  private double sum(int slot) {
    var edges = bySlot.get(slot);
    return edges == null ? 0 : edges.sum;
  }
}
