package io.tidaldb.ranking;

/// One step of bounding scores from above by less than their formula costs.
@FunctionalInterface
interface Bound {

  /// Replaces or raises [Batch#upper] for every candidate, never to below 0. For columns it asks
  /// [Inputs#fill], so that the exact score need not read them again.
  void apply(Batch batch);
}
