package io.tidaldb.benchmarks.endtoend;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws ranks with probability proportional to 1 / (rank + 1), and scatters them over ids.
final class Zipf {

  private final double[] cumulative;
  private final int[] ids;

  Zipf(int count) {
    cumulative = new double[count];
    ids = new int[count];
    var random = new SplittableRandom(count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
      int j = random.nextInt(i + 1);
      ids[i] = ids[j];
      ids[j] = i;
    }
  }

  int next(SplittableRandom random) {
    double drawn = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, drawn);
    return ids[Math.min(ids.length - 1, found < 0 ? -found - 1 : found)];
  }
}
