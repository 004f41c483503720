package io.tidaldb.search;

import java.util.SplittableRandom;

/// Vectors in clusters, as embeddings are: each is near to the middle of one.
final class Clusters {

  private final SplittableRandom random;
  private final float[][] middles;
  private final double spread;

  Clusters(long seed, int clusters, int dimensions, double spread) {
    random = new SplittableRandom(seed);
    this.spread = spread;
    middles = new float[clusters][dimensions];
    for (float[] middle : middles) {
      for (int i = 0; i < dimensions; i++) {
        middle[i] = (float) random.nextGaussian();
      }
    }
  }

  /// The cluster of the n-th vector.
  int cluster(int n) {
    return Math.floorMod(n * 31, middles.length);
  }

  /// A vector of a cluster.
  float[] vector(int cluster) {
    float[] vector = middles[cluster].clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (spread * random.nextGaussian());
    }
    return vector;
  }
}
