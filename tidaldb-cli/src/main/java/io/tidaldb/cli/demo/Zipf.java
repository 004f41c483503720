package io.tidaldb.cli.demo;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws ranks so that rank r comes about 1/r as often as the first: how attention is spread.
final class Zipf {

  private final double[] cumulative;

  /// @param ranks how many there are
  Zipf(int ranks) {
    cumulative = new double[ranks];
    for (var rank = 0; rank < ranks; rank++) {
      cumulative[rank] = (rank == 0 ? 0 : cumulative[rank - 1]) + 1.0 / (rank + 1);
    }
  }

  /// A rank from 0.
  int draw(SplittableRandom random) {
    var at =
        Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
    return Math.min(at < 0 ? -at - 1 : at, cumulative.length - 1);
  }
}
