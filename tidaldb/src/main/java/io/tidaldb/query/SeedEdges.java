package io.tidaldb.query;

import java.util.function.IntToLongFunction;
import org.roaringbitmap.RoaringBitmap;

/// The co-engagement edges of a few items, read once: by how much each neighbour is joined to all
/// of them, and how near it is to the nearest of them.
final class SeedEdges {

  private static final int PER_SEED = 4_096;

  /// Per neighbour, the strengths of its edges together, and its share of a seed's strongest edge.
  private final SlotSums sums = new SlotSums();

  private final SlotSums shares = new SlotSums();
  private int joined;

  /// @param seeds slots; those that never existed are −1
  SeedEdges(Neighbours neighbours, int[] seeds) {
    int[] slots = new int[seeds.length == 0 ? 0 : PER_SEED];
    double[] strengths = new double[slots.length];
    for (int seed : seeds) {
      int count = seed < 0 ? 0 : neighbours.strongest(seed, slots, strengths);
      joined += count > 0 ? 1 : 0;
      for (int i = 0; i < count; i++) {
        sums.add(slots[i], strengths[i]);
        // An edge whose strength has decayed to nothing is still an edge.
        shares.raise(slots[i], strengths[0] > 0 ? strengths[i] / strengths[0] : 0);
      }
    }
  }

  /// Whether no seed has an edge.
  boolean isEmpty() {
    return joined == 0;
  }

  /// The strength of the edge to a seed, as a share of that seed's strongest; the greatest counts.
  double share(int slot) {
    return shares.sum(slot);
  }

  /// The neighbours in a set by summed strength, strongest first, ties by unsigned id.
  int[] strongest(RoaringBitmap allowed, int n, IntToLongFunction id) {
    return sums.greatest(allowed::contains, n, id);
  }
}
