package io.tidaldb.testing;

/// How the life of a process with a database ends.
public enum Ending {
  /// It closes the database.
  CLOSE,
  /// It stops, and what was not synced is lost, whole or in part.
  CRASH,
  /// It is killed.
  KILL
}
