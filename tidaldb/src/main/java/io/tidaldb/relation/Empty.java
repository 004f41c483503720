package io.tidaldb.relation;

/// Arrays of nothing, shared: most users have most lists empty.
final class Empty {

  static final int[] INTS = new int[0];
  static final long[] LONGS = new long[0];
  static final double[] DOUBLES = new double[0];
  static final boolean[] FLAGS = new boolean[0];

  private Empty() {}
}
