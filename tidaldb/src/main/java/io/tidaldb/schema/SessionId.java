package io.tidaldb.schema;

/// The id of a session: given by the database, from 1, growing by 1, never used again.
///
/// @param value the number
public record SessionId(long value) implements Comparable<SessionId> {

  /// The id with this number.
  public static SessionId of(long value) {
    return new SessionId(value);
  }

  @Override
  public int compareTo(SessionId other) {
    return Long.compareUnsigned(value, other.value);
  }

  /// The number, unsigned decimal.
  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
