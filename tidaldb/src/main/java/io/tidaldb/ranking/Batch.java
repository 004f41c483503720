package io.tidaldb.ranking;

import java.util.Arrays;

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

  /// How many candidates are in it. Scoring may lower it.
  public int count;

  final long[] longs = new long[CAPACITY];
  final boolean[] present = new boolean[CAPACITY];

  /// What no score exceeds, while candidates are pruned.
  final double[] upper = new double[CAPACITY];

  private final boolean[] filled;
  private boolean createdFilled;

  Batch(int columns) {
    in = new double[columns][CAPACITY];
    filled = new boolean[columns];
  }

  /// The slots are new, or fewer: no column speaks of them yet.
  void begin() {
    Arrays.fill(filled, false);
    createdFilled = false;
  }

  /// The first `kept` slots are those that stay.
  void shrink(int kept) {
    if (kept < count) {
      count = kept;
      begin();
    }
  }

  /// Whether a column must still be read; it counts as read from now on.
  boolean claim(int column) {
    boolean open = !filled[column];
    filled[column] = true;
    return open;
  }

  /// As [#claim] for creation times.
  boolean claimCreated() {
    boolean open = !createdFilled;
    createdFilled = true;
    return open;
  }

  /// Takes out what is marked as dropped.
  void removeDropped() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!dropped[i]) {
        slots[kept++] = slots[i];
      }
    }
    shrink(kept);
  }
}
