package io.tidaldb.schema;

import java.util.Arrays;

/// What a user prefers, in the space of the items' vectors: learnt from the user's signals, or
/// written with the user. Immutable.
public final class Preference {

  private final float[] vector;
  private final double evidence;

  /// @param vector of length 1, copied
  /// @param evidence the sum of positive evidence behind it
  public Preference(float[] vector, double evidence) {
    this.vector = vector.clone();
    this.evidence = evidence;
  }

  /// A vector of length 1, the caller's own.
  public float[] vector() {
    return vector.clone();
  }

  /// How much positive evidence is behind it: 1 for a like, 0.2 for a view, and so on.
  public double evidence() {
    return evidence;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Preference that
        && Arrays.equals(vector, that.vector)
        && Double.doubleToLongBits(evidence) == Double.doubleToLongBits(that.evidence);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(vector) + 31 * Double.hashCode(evidence);
  }

  @Override
  public String toString() {
    return "Preference[dimensions=%d, evidence=%s]".formatted(vector.length, evidence);
  }
}
