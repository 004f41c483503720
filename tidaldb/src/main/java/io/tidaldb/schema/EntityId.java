package io.tidaldb.schema;

/// The identity of an entity within its kind: any 64-bit value, read as unsigned.
///
/// Order, text and parsing are unsigned; 0 and 2^64-1 are ordinary ids.
///
/// @param value the 64 bits
public record EntityId(long value) implements Comparable<EntityId> {

  /// The id with these 64 bits.
  public static EntityId of(long value) {
    return new EntityId(value);
  }

  /// Reads an unsigned decimal number, 0 … 2^64-1.
  ///
  /// @throws InvalidRequestException if the text is anything else
  public static EntityId parse(String text) {
    try {
      return new EntityId(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "ID_INVALID", "entity id is not an unsigned 64-bit decimal number: given=" + text, e);
    }
  }

  @Override
  public int compareTo(EntityId other) {
    return Long.compareUnsigned(value, other.value);
  }

  /// The id as an unsigned decimal number.
  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
