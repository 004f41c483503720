package io.tidaldb.testing;

/// The kinds of calls on a volume and its files that a test counts, fails or records.
public enum VolumeCall {
  /// Opening a file that exists.
  OPEN,
  /// Opening a new file.
  CREATE,
  /// Reading from a file.
  READ,
  /// Writing to a file.
  WRITE,
  /// Syncing a file.
  SYNC,
  /// Changing the size of a file.
  TRUNCATE,
  /// Renaming a file.
  RENAME,
  /// Deleting a file.
  DELETE,
  /// Making a directory.
  CREATE_DIRECTORY,
  /// Syncing a directory.
  SYNC_DIRECTORY
}
