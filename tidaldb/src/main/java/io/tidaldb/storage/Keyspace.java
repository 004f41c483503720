package io.tidaldb.storage;

/// One of the four tables of a [StorageBackend].
public enum Keyspace {
  /// Rows of items.
  ITEMS(0),
  /// Rows of users.
  USERS(1),
  /// Rows of creators.
  CREATORS(2),
  /// Pages, manifests, positions.
  SYSTEM(3);

  /// Its place among the tables of a backend.
  final int index;

  Keyspace(int index) {
    this.index = index;
  }
}
