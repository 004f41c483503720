package io.tidaldb.ranking;

import java.util.Arrays;

/// A run of candidates on their way through the score stage: parallel arrays, reused from run to
/// run.
public final class Batch {

  /// Candidates in a full batch.
  public static final int CAPACITY = 2_048;

  /// Candidates in a small batch.
  static final int SMALL = 256;

  /// Up to so many candidates a small batch does.
  static final int FEW = 4_096;

  /// Slots of the candidates.
  public final int[] slots;

  /// When each was created, nanoseconds.
  public final long[] created;

  /// Scores, in the units that the hit shows.
  public final double[] scores;

  /// Sort keys: greater is better, compared as signed numbers.
  public final long[] keys;

  /// Whether a gate dropped it.
  public final boolean[] dropped;

  /// Input columns of the ranking.
  public final double[][] in;

  /// How many candidates are in it. Scoring may lower it.
  public int count;

  final long[] longs;
  final int[] ints;
  final boolean[] present;

  /// What no score exceeds, while candidates are pruned.
  final double[] upper;

  private final boolean[] filled;
  private boolean createdFilled;

  Batch(int columns) {
    this(columns, CAPACITY);
  }

  Batch(int columns, int capacity) {
    slots = new int[capacity];
    created = new long[capacity];
    scores = new double[capacity];
    keys = new long[capacity];
    dropped = new boolean[capacity];
    longs = new long[capacity];
    ints = new int[capacity];
    present = new boolean[capacity];
    upper = new double[capacity];
    in = new double[columns][capacity];
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
