package io.tidaldb.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes candidates out of a batch that provably cannot reach the page, by upper bounds of their
/// scores, the cheap ones first.
///
/// What is left out has a bound below the floor, or one of exactly 0 at a floor of 0 and is older;
/// what stays is scored by its formula. So the page is the same, bit for bit, as without pruning.
final class Pruning {

  /// Above the rounding of a bound and of the formula it bounds, which need not be computed in the
  /// same order.
  private static final double SLACK = 1 + 0x1.0p-30;

  private final Binder binder;
  private final List<Step> steps = new ArrayList<>();

  Pruning(Binder binder) {
    this.binder = binder;
  }

  /// @param rest what the steps after this one may add
  private record Step(Bound bound, double rest) {}

  /// Adds a step whose bound holds alone.
  void add(Bound bound) {
    add(bound, 0);
  }

  /// Adds a step that bounds a part of a sum.
  ///
  /// @param rest the most that the parts not yet bounded may add
  void add(Bound bound, double rest) {
    steps.add(new Step(bound, rest));
  }

  /// Leaves in the batch what may reach the page by its score.
  void prune(Batch batch, Floor floor) {
    if (!floor.isSet() || floor.score() < 0 || steps.isEmpty()) {
      return;
    }
    Arrays.fill(batch.upper, 0, batch.count, 0.0);
    for (int s = 0; s < steps.size() && batch.count > 0; s++) {
      steps.get(s).bound.apply(batch);
      keepAbove(batch, steps.get(s).rest, floor.score());
    }
    if (floor.score() == 0) {
      dropOlder(batch, floor.created());
    }
  }

  private static void keepAbove(Batch batch, double rest, double floor) {
    int kept = 0;
    for (int i = 0; i < batch.count; i++) {
      double upper = batch.upper[i];
      if ((upper + rest) * SLACK >= floor) {
        batch.slots[kept] = batch.slots[i];
        batch.upper[kept++] = upper;
      }
    }
    batch.shrink(kept);
  }

  /// Where most score nothing, creation times decide.
  private void dropOlder(Batch batch, long created) {
    binder.inputs().created(binder.scope(), batch);
    int kept = 0;
    for (int i = 0; i < batch.count; i++) {
      if (batch.upper[i] > 0 || batch.created[i] >= created) {
        batch.slots[kept++] = batch.slots[i];
      }
    }
    batch.shrink(kept);
  }
}
