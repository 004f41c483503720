package io.tidaldb.schema;

/// A declared place for one vector of each entity of a kind. The application computes vectors; the
/// database never does from text.
///
/// @param kind items or creators
/// @param name `[a-z][a-z0-9_]{0,63}`; what users prefer is told from the items' slot `content`
/// @param dimensions 1 … 4,096
/// @param metric how nearness is measured
public record EmbeddingSlot(EntityKind kind, String name, int dimensions, Metric metric)
    implements Comparable<EmbeddingSlot> {

  /// The slot of items from which the preferences of users are learnt.
  public static final String CONTENT = "content";

  /// Slots of one kind.
  public static final int SLOTS_MAX = 8;

  /// Numbers in a vector.
  public static final int DIMENSIONS_MAX = 4_096;

  /// Checks that a vector fits: so many numbers, finite, and under [Metric#COSINE] not all zero.
  ///
  /// @param operation what the vector is for, in facts
  /// @throws InvalidRequestException if it does not
  public void check(String operation, float[] vector) {
    if (vector.length != dimensions) {
      throw invalid(operation, vector.length + " numbers", dimensions + " numbers");
    }
    boolean isZero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw invalid(operation, vector[i] + " at " + i, "finite numbers");
      }
      isZero &= vector[i] == 0;
    }
    if (isZero && metric == Metric.COSINE) {
      throw invalid(operation, "zeros only", "a vector with a direction");
    }
  }

  private InvalidRequestException invalid(String operation, String given, String allowed) {
    return new InvalidRequestException(
        "VECTOR_INVALID",
        "vector does not fit its slot: operation=%s slot=%s metric=%s given=%s allowed=%s"
            .formatted(operation, name, metric.label(), given, allowed));
  }

  /// By kind, then by name.
  @Override
  public int compareTo(EmbeddingSlot other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
