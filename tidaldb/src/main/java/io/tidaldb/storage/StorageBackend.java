package io.tidaldb.storage;

import java.util.Optional;

/// An ordered table of bytes in four keyspaces, with atomic batches over all of them.
///
/// After a crash the content is that after some whole batch at or after the last [#flush]. Keys are
/// ordered as unsigned bytes. Limits: key 1 KiB, value 16 MiB, batch 64 MiB, 64 open snapshots. Use
/// after close is a `ClosedException`.
public interface StorageBackend extends AutoCloseable {

  /// The value under a key, the caller's own copy.
  Optional<byte[]> get(Keyspace keyspace, byte[] key);

  /// A batch of one.
  void put(Keyspace keyspace, byte[] key, byte[] value);

  /// A batch of one; absent is no error.
  void delete(Keyspace keyspace, byte[] key);

  /// The entries whose key begins with `prefix`, in unsigned byte order, as of this call. Close it.
  Cursor scanPrefix(Keyspace keyspace, byte[] prefix);

  /// Atomic over all keyspaces; visible to every later read when it returns; the later of two
  /// operations on a key wins.
  void writeBatch(WriteBatch batch);

  /// Everything written before is durable when it returns.
  void flush();

  /// Rewrites the files, so that no deleted or replaced value is left in them. Takes time; reads
  /// and writes go on.
  void compact();

  /// Repeatable reads. Close it.
  Snapshot snapshot();

  @Override
  void close();

  /// A walk over entries: `while (cursor.next()) … cursor.key() … cursor.value()`.
  interface Cursor extends AutoCloseable {
    /// Moves to the next entry; false at the end.
    boolean next();

    /// The key here, the caller's own copy.
    byte[] key();

    /// The value here, the caller's own copy.
    byte[] value();

    @Override
    void close();
  }

  /// The content at one moment.
  interface Snapshot extends AutoCloseable {
    /// As [StorageBackend#get].
    Optional<byte[]> get(Keyspace keyspace, byte[] key);

    /// As [StorageBackend#scanPrefix].
    Cursor scanPrefix(Keyspace keyspace, byte[] prefix);

    @Override
    void close();
  }
}
