package io.tidaldb.search;

import org.jspecify.annotations.Nullable;

/// Arithmetic on vectors with the same bits on every machine: products and sums are doubles, never
/// fused, in a fixed order.
final class VectorMath {

  private VectorMath() {}

  /// The inner product of a target and the numbers at an offset: four sums side by side, so that
  /// the processor need not wait for one, joined at the end.
  static double dot(double[] target, float[] values, int offset) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int whole = target.length & -4;
    for (int i = 0; i < whole; i += 4) {
      s0 += target[i] * values[offset + i];
      s1 += target[i + 1] * values[offset + i + 1];
      s2 += target[i + 2] * values[offset + i + 2];
      s3 += target[i + 3] * values[offset + i + 3];
    }
    for (int i = whole; i < target.length; i++) {
      s0 += target[i] * values[offset + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /// The square of the distance between a target and the numbers at an offset, summed as [#dot].
  static double squareDistance(double[] target, float[] values, int offset) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int whole = target.length & -4;
    for (int i = 0; i < whole; i += 4) {
      s0 += square(target[i] - values[offset + i]);
      s1 += square(target[i + 1] - values[offset + i + 1]);
      s2 += square(target[i + 2] - values[offset + i + 2]);
      s3 += square(target[i + 3] - values[offset + i + 3]);
    }
    for (int i = whole; i < target.length; i++) {
      s0 += square(target[i] - values[offset + i]);
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static double square(double x) {
    return x * x;
  }

  /// The length, in index order.
  static double length(float[] values, int offset, int dimensions) {
    double sum = 0;
    for (int i = offset; i < offset + dimensions; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  /// The vector of length 1 in the direction of this one, or null if it has none.
  static double @Nullable [] unit(float[] vector) {
    double length = length(vector, 0, vector.length);
    if (length == 0) {
      return null;
    }
    double[] unit = new double[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] / length;
    }
    return unit;
  }

  /// The numbers as doubles.
  static double[] widened(float[] vector) {
    double[] wide = new double[vector.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = vector[i];
    }
    return wide;
  }

  /// Fills in the vector of length 1 in the direction of this one, rounded; nothing if its length
  /// is below a bound.
  ///
  /// @return whether it was filled in
  static boolean round(double[] vector, double lengthMin, float[] out) {
    double sum = 0;
    for (double number : vector) {
      sum += number * number;
    }
    double length = Math.sqrt(sum);
    if (!(length >= lengthMin)) {
      return false;
    }
    for (int i = 0; i < vector.length; i++) {
      out[i] = (float) (vector[i] / length);
    }
    return true;
  }
}
