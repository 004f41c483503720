package io.tidaldb.coengagement;

import io.tidaldb.ledger.ForwardDecay;

/// What a forward-decayed sum is worth at a time.
final class Strengths {

  /// Half-lives before the landmark behind which a strength is no longer told from that moment's.
  private static final int BEFORE_MAX = 300;

  private Strengths() {}

  /// The factor for every sum under a landmark. The same formula holds before the newest evidence,
  /// where it counts for more than it did; far before it the factor grows no further.
  static double factor(ForwardDecay decay, long landmark, long at) {
    if (landmark == ForwardDecay.NONE) {
      return 0.0;
    }
    long earliest = (landmark - BEFORE_MAX) * decay.halfLifeNanos();
    return decay.factor(decay.index(at) < landmark - BEFORE_MAX ? earliest : at, landmark);
  }

  /// The strength that a sum is, always a number.
  static double at(double sum, ForwardDecay decay, long landmark, long at) {
    return Math.min(sum * factor(decay, landmark, at), Double.MAX_VALUE);
  }
}
