package io.tidaldb.coengagement;

/// What broken steps call in the place of [Edges].
public final class BrokenEdges {

  private BrokenEdges() {}

  /// There is always room for one more.
  public static boolean room(Edges edges) {
    return edges.count() >= 0;
  }
}
