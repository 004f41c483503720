package io.tidaldb.search;

/// How nearest vectors were looked for, and why so.
///
/// @param way the way
/// @param among how many vectors could have been found
/// @param visited how many vectors were compared
/// @param reason in words
public record VectorPlan(Way way, long among, long visited, String reason) {

  /// The ways.
  public enum Way {
    /// Every vector was compared.
    EXACT,
    /// The graph was followed.
    GRAPH,
    /// The graph was followed along what is allowed.
    FILTERED_GRAPH
  }

  @Override
  public String toString() {
    return "%s among=%d visited=%d (%s)".formatted(way, among, visited, reason);
  }
}
