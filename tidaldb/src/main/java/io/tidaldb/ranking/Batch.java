package io.tidaldb.ranking;

/// A run of candidates on their way through the score stage: parallel arrays, reused from run to
/// run.
public final class Batch {

  /// Candidates in a full batch.
  public static final int CAPACITY = 2_048;

  /// Slots of the candidates.
  public final int[] slots = new int[CAPACITY];

  /// When each was created, nanoseconds.
  public final long[] created = new long[CAPACITY];

  /// Scores, in the units that the hit shows.
  public final double[] scores = new double[CAPACITY];

  /// Sort keys: greater is better, compared as signed numbers.
  public final long[] keys = new long[CAPACITY];

  /// Whether a gate dropped it.
  public final boolean[] dropped = new boolean[CAPACITY];

  /// Input columns of the ranking.
  public final double[][] in;

  /// How many candidates are in it.
  public int count;

  final long[] longs = new long[CAPACITY];

  Batch(int columns) {
    in = new double[columns][CAPACITY];
  }
}
