package io.tidaldb.verification;

import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import java.nio.ByteBuffer;

/// Counts pages of generations that were never finished.
final class Orphans {

  private Orphans() {}

  /// How many pages are newer than the newest generation.
  static int count(StorageBackend backend) {
    long newest =
        new Checkpoints(backend, CrashInjector.NONE)
            .generations().stream().mapToLong(meta -> meta.generation()).max().orElse(0);
    int orphans = 0;
    try (var rows = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (rows.next()) {
        byte[] key = rows.key();
        if (key.length == Keys.PAGE_BYTES
            && ByteBuffer.wrap(key).getLong(key.length - Long.BYTES) > newest) {
          orphans++;
        }
      }
    }
    return orphans;
  }
}
