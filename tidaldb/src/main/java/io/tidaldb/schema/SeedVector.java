package io.tidaldb.schema;

import java.util.Arrays;

/// A vector that hits shall be near to, in the space of an embedding slot. Immutable; equal by its
/// numbers.
public final class SeedVector {

  private final String slot;
  private final float[] vector;

  /// @param slot the slot of items that it is compared in
  /// @param vector copied
  public SeedVector(String slot, float[] vector) {
    this.slot = slot;
    this.vector = vector.clone();
  }

  /// The slot of items that it is compared in.
  public String slot() {
    return slot;
  }

  /// The numbers, the caller's own.
  public float[] vector() {
    return vector.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SeedVector that
        && slot.equals(that.slot)
        && Arrays.equals(vector, that.vector);
  }

  @Override
  public int hashCode() {
    return 31 * slot.hashCode() + Arrays.hashCode(vector);
  }

  /// All numbers: requests are told apart by their text.
  @Override
  public String toString() {
    return Arrays.toString(vector) + " IN " + slot;
  }
}
