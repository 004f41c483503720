package io.tidaldb.engine;

import io.tidaldb.entity.Erasures;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Follows erasures into the files: once no retained checkpoint and no retained part of the log is
/// older than an erasure, the backend's files are rewritten, and nothing is left of the user.
///
/// How far that went stands beside the pages, under `SYSTEM [0][ERASED]purged`: it is a fact about
/// these files, so it is no part of the state.
///
/// **Threads.** [#after] runs in the turns of the checkpointer; any thread reads [#upTo].
final class Purge {

  private static final byte[] NAME = "purged".getBytes(StandardCharsets.UTF_8);

  private final Erasures erasures;
  private final StorageBackend backend;
  private volatile long upTo;

  /// @param isEphemeral whether there are no files at all: nothing outlives an erasure there
  Purge(Erasures erasures, StorageBackend backend, boolean isEphemeral) {
    this.erasures = erasures;
    this.backend = backend;
    this.upTo =
        isEphemeral
            ? Long.MAX_VALUE
            : backend
                .get(Keyspace.SYSTEM, key())
                .filter(bytes -> bytes.length == Long.BYTES)
                .map(bytes -> ByteBuffer.wrap(bytes).getLong())
                .orElse(0L);
  }

  private static byte[] key() {
    return Keys.row(0, Tag.ERASED, NAME);
  }

  /// Erasures up to this position are purged.
  long upTo() {
    return upTo;
  }

  /// A checkpoint was taken and the log cut.
  ///
  /// @param retained the last position before everything that checkpoints and log retain
  void after(long retained) {
    long last = lastUpTo(retained);
    if (last <= upTo) {
      return;
    }
    backend.compact();
    backend.put(Keyspace.SYSTEM, key(), ByteBuffer.allocate(Long.BYTES).putLong(last).array());
    backend.flush();
    upTo = last;
  }

  /// The position of the last erasure up to a position, 0 if there is none.
  private long lastUpTo(long position) {
    for (int n = erasures.count() - 1; n >= 0; n--) {
      if (erasures.position(n) <= position) {
        return erasures.position(n);
      }
    }
    return 0;
  }
}
