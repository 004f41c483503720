package io.tidaldb.schema;

/// The id of a collection: given by the database, from 1, growing by 1, never used again.
///
/// @param value the number
public record CollectionId(long value) implements Comparable<CollectionId> {

  /// The id with this number.
  public static CollectionId of(long value) {
    return new CollectionId(value);
  }

  @Override
  public int compareTo(CollectionId other) {
    return Long.compareUnsigned(value, other.value);
  }

  /// The number, unsigned decimal.
  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
