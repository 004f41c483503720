package io.tidaldb.ranking;

import io.tidaldb.schema.Results.Warning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What chance goes by where it draws among items: the square root of an item's completion rate.
/// Where no signal means completion, nobody can know and every item has the rate of no evidence,
/// 0.5. Used by one thread.
public final class DrawWeights {

  private static final double UNKNOWN = Math.sqrt(0.5);
  private static final double UNIT = 0x1.0p-53;

  private final Binder binder;
  private final BoundFeature rate;

  /// Reads the sizes of the whole that it needs.
  public DrawWeights(RankingScope scope) {
    List<Warning> ignored = new ArrayList<>();
    this.binder = new Binder(scope, ignored);
    this.rate = binder.completionRate();
  }

  /// The weights of items, each above 0 or all of some of them; equal ones where all would be 0.
  ///
  /// @param slots at most [Batch#CAPACITY]
  public double[] of(int[] slots) {
    double[] weights = new double[slots.length];
    if (rate instanceof BoundFeature.Missing) {
      Arrays.fill(weights, UNKNOWN);
      return weights;
    }
    var batch = new Batch(binder.inputs().size());
    System.arraycopy(slots, 0, batch.slots, 0, slots.length);
    batch.count = slots.length;
    batch.begin();
    binder.fill(rate.columns(), batch);
    boolean some = false;
    for (int i = 0; i < slots.length; i++) {
      weights[i] = Math.sqrt(rate.u(batch.in, i));
      some |= weights[i] > 0;
    }
    if (!some) {
      Arrays.fill(weights, 1);
    }
    return weights;
  }

  /// What the draw goes by, greatest first: ln(h) / w, which orders as h^(1/w) does and does not
  /// run out of digits; h is the hash of seed and id in (0, 1). Drawing the greatest first is
  /// drawing without replacement, each in proportion to its weight.
  public static double key(long seed, long id, double weight) {
    double h = ((Mix.hash(seed, id) >>> 11) + 0.5) * UNIT;
    return weight > 0 ? StrictMath.log(h) / weight : Double.NEGATIVE_INFINITY;
  }
}
