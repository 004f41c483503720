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

  /// By kind, then by name.
  @Override
  public int compareTo(EmbeddingSlot other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
