package io.tidaldb.storage;

/// One of the four tables of a [StorageBackend].
public enum Keyspace {
  /// Rows of items.
  ITEMS,
  /// Rows of users.
  USERS,
  /// Rows of creators.
  CREATORS,
  /// Pages, manifests, positions.
  SYSTEM
}
