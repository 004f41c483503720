package io.tidaldb.disk;

import java.util.List;

/// A directory tree of our own files: the only way to reach storage. Every fault test hangs on this
/// seam.
///
/// Names are relative, with `/` between parts. A file's data are durable after [VolumeFile#sync];
/// its *name* (creation, rename, deletion) only after [#syncDirectory]. Every refusal of the disk
/// is a `StorageException`.
///
/// **Threads.** Called from engine-owned threads only, which are never interrupted: an interrupt
/// would close the channel for everyone.
public interface Volume {

  /// How a file is opened.
  enum OpenMode {
    /// Must exist; only read.
    READ,
    /// Must exist; read and write.
    WRITE,
    /// Must not exist; read and write.
    CREATE
  }

  /// Opens a file.
  VolumeFile open(String name, OpenMode mode);

  /// Whether a file or directory of this name exists.
  boolean exists(String name);

  /// Renames atomically, replacing what is there.
  void rename(String from, String to);

  /// Deletes a file; absent is no error.
  void delete(String name);

  /// The names (without path) in a directory, sorted; empty if it does not exist. `""` is the root.
  List<String> list(String directory);

  /// Creates a directory and its parents; present is no error.
  void createDirectory(String directory);

  /// Makes creations, renames and deletions in a directory durable. `""` is the root.
  void syncDirectory(String directory);

  /// Free bytes that this process may use.
  long usableBytes();

  /// The place in words, for messages: a path or a name.
  String describe(String name);
}
