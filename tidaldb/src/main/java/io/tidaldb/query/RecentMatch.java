package io.tidaldb.query;

import io.tidaldb.coengagement.Following;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.roaringbitmap.RoaringBitmap;

/// How much each item follows what the user engaged with last: the p-th newest positive counts 1 /
/// p of how much users engage with the item after it, relative to the item of which that is most,
/// those positives themselves apart.
final class RecentMatch {

  /// Positives that are looked at.
  static final int POSITIVES = 20;

  private final SlotSums sums = new SlotSums();
  private final double most;

  /// @param positives slots, newest first
  RecentMatch(Neighbours neighbours, int[] positives) {
    var row = new Following();
    for (int p = 0; p < positives.length; p++) {
      neighbours.following(positives[p], row);
      for (int i = 0; i < row.count(); i++) {
        sums.add(row.item(i), row.share(i) / (p + 1));
      }
    }
    double greatest = 0;
    int[] own = positives.clone();
    Arrays.sort(own);
    for (int slot : sums.slots()) {
      if (Arrays.binarySearch(own, slot) < 0) {
        greatest = Math.max(greatest, sums.sum(slot));
      }
    }
    most = greatest;
  }

  /// In [0, 1].
  double of(int slot) {
    return most == 0 ? 0 : Math.min(1, sums.sum(slot) / most);
  }

  /// The items of a set that follow most, ties by unsigned id.
  int[] best(RoaringBitmap allowed, int n, IntToLongFunction id) {
    return sums.greatest(slot -> sums.sum(slot) > 0 && allowed.contains(slot), n, id);
  }
}
