package io.tidaldb.ranking;

/// A number per candidate, computed from input columns.
@FunctionalInterface
interface Formula {

  /// The number of candidate `i`.
  double at(double[][] in, int i);

  /// The inputs of a formula in words.
  @FunctionalInterface
  interface Words {

    /// The inputs of candidate `i`.
    String at(double[][] in, int i);
  }
}
