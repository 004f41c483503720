package io.tidaldb.verification;

import io.tidaldb.testing.ModelDb;

/// A lane and the naive fold of its calls so far.
final class LaneModel {

  private final long seed;
  private final int number;
  private final Lane lane;
  private final ModelDb model;

  LaneModel(long seed, int number) {
    this.seed = seed;
    this.number = number;
    this.lane = new Lane(seed, number);
    this.model = new ModelDb(Lane.SCHEMA);
  }

  /// Folds calls until so many are folded.
  void advanceTo(long calls) {
    while (lane.calls() < calls) {
      for (var write : lane.next().writes()) {
        if (!model.apply(write, Long.MAX_VALUE)) {
          throw new IllegalStateException("a lane repeats nothing: " + write);
        }
      }
    }
  }

  /// A call that was folded, made anew.
  Call call(long index) {
    var again = new Lane(seed, number);
    while (true) {
      var call = again.next();
      if (call.index() == index) {
        return call;
      }
    }
  }

  Lane lane() {
    return lane;
  }

  ModelDb model() {
    return model;
  }
}
