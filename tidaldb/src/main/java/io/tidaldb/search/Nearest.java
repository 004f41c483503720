package io.tidaldb.search;

/// Entities by how near they are, nearest first.
///
/// @param slots of the entities
/// @param similarities how near each is, by the metric
@SuppressWarnings("ArrayRecordComponent") // A result, never compared.
public record Nearest(int[] slots, double[] similarities) {

  /// How many.
  public int count() {
    return slots.length;
  }
}
