package io.tidaldb.schema;

/// How much a query may spend, set once at its entry from the queries in flight. Each level keeps
/// what the one before has given up. What is never shown, filters, caps, the limit and ties are the
/// same at every level.
public enum LoadLevel {
  /// Everything.
  FULL,
  /// Sources give half of what they are asked for.
  REDUCED_CANDIDATES,
  /// Also, counts are read all-time and velocities in 24 hours, where these are declared.
  COARSE_AGGREGATES,
  /// Also, diversity and exploration are skipped.
  NO_DIVERSITY;

  /// Whether this level gives up what another does.
  public boolean isAtLeast(LoadLevel other) {
    return compareTo(other) >= 0;
  }
}
