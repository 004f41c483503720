package io.tidaldb.query;

import java.util.Arrays;

/// What a candidate adds to what stands before it, *maximal marginal relevance*:
///
/// ```
///   λ · (1 − (rank − 1) / n) − (1 − λ) · max cos to the last 20 placed
/// ```
///
/// `rank` of n is the candidate's by score alone. Without anything placed, or without a vector, the
/// cosine is 0.
///
/// Each pair is compared once, when it is first asked for: a candidate remembers its cosines to the
/// last 20. Source: Carbonell and Goldstein, SIGIR 1998.
///
/// **Threads.** One query.
final class Marginal {

  /// What is placed longer ago is no neighbour any more.
  static final int LAST = 20;

  /// How alike two candidates are.
  @FunctionalInterface
  interface Likeness {

    /// The cosine of two candidates' vectors; 0 if one has none.
    double of(int candidate, int placed);
  }

  private final double lambda;
  private final int[] rank;
  private final int size;
  private final Likeness likeness;

  /// Candidates placed, the p-th at p mod 20.
  private final int[] last = new int[LAST];

  private int placed;

  /// By candidate and place in `last`.
  private final double[] cosines;

  /// By candidate, how many of those placed it was compared with.
  private final int[] compared;

  /// @param lambda what relevance counts, 0 … 1
  /// @param rank by candidate, from 0
  /// @param size how many are ranked
  Marginal(double lambda, int[] rank, int size, Likeness likeness) {
    this.lambda = lambda;
    this.rank = rank;
    this.size = size;
    this.likeness = likeness;
    this.cosines = new double[rank.length * LAST];
    this.compared = new int[rank.length];
  }

  /// A candidate stands at the next position.
  void placed(int candidate) {
    last[placed % LAST] = candidate;
    placed++;
  }

  /// What a candidate would add at the next position.
  double of(int candidate) {
    int first = Math.max(0, placed - LAST);
    int row = candidate * LAST;
    for (int p = Math.max(first, compared[candidate]); p < placed; p++) {
      cosines[row + p % LAST] = likeness.of(candidate, last[p % LAST]);
    }
    compared[candidate] = placed;
    double nearest =
        placed == 0 ? 0 : Arrays.stream(cosines, row, row + Math.min(placed, LAST)).max().orElse(0);
    return lambda * (1 - (double) rank[candidate] / size) - (1 - lambda) * nearest;
  }
}
