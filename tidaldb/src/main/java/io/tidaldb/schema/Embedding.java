package io.tidaldb.schema;

import java.util.Arrays;

/// A vector as it was written. Immutable.
public final class Embedding {

  private final float[] vector;
  private final long position;
  private final Timestamp received;

  /// @param vector copied
  /// @param position the log position of its write
  /// @param received when that was received
  public Embedding(float[] vector, long position, Timestamp received) {
    this.vector = vector.clone();
    this.position = position;
    this.received = received;
  }

  /// The numbers as given, the caller's own.
  public float[] vector() {
    return vector.clone();
  }

  /// The log position of the write.
  public long position() {
    return position;
  }

  /// When the write was received.
  public Timestamp received() {
    return received;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that
        && Arrays.equals(vector, that.vector)
        && position == that.position
        && received.equals(that.received);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(vector) + 31 * Long.hashCode(position);
  }

  @Override
  public String toString() {
    return "Embedding[dimensions=%d, position=%d, received=%s]"
        .formatted(vector.length, position, received);
  }
}
