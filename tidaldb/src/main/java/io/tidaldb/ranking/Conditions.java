package io.tidaldb.ranking;

import io.tidaldb.schema.Filter;

/// Tells where the conditions of a profile hold, for one query.
@FunctionalInterface
public interface Conditions {

  /// Binds a condition. What it names and nobody knows never holds.
  Condition of(Filter when);

  /// A condition of one query.
  @FunctionalInterface
  interface Condition {
    /// `out[i]` = 1 where it holds for the item in `slots[i]`, else 0.
    void test(int[] slots, int count, double[] out);
  }
}
