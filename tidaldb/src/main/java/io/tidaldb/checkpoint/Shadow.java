package io.tidaldb.checkpoint;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.io.ByteArrayOutputStream;

/// Writes the changed pages of one generation beside the old ones, in batches of at most 4 MiB, and
/// collects their rows. Nothing refers to them until the generation's meta is written.
final class Shadow {

  private static final long BATCH_BYTES = 4L << 20;
  private static final int PAGE_BYTES_MAX = 1 << 20;

  private final StorageBackend backend;
  private final long generation;
  private final ByteArrayOutputStream rows = new ByteArrayOutputStream();
  private WriteBatch batch = new WriteBatch();
  private long bytes;

  Shadow(StorageBackend backend, long generation) {
    this.backend = backend;
    this.generation = generation;
  }

  /// Adds the pages of a view; views come in the order of their tags.
  void add(Tag tag, FrozenPages pages) {
    pages.forEach((key, content) -> add(tag, key, content));
  }

  private void add(Tag tag, PageKey key, byte[] content) {
    if (content.length > PAGE_BYTES_MAX) {
      throw new IllegalStateException(
          "page is too large: tag=" + tag + " page=" + key + " bytes=" + content.length);
    }
    rows.writeBytes(Manifest.row(tag, key, generation, content));
    if (content.length == 0) {
      return;
    }
    byte[] storageKey = Keys.page(tag, key.page(), key.type(), key.column(), generation);
    if (batch.sizeBytes() + storageKey.length + content.length > BATCH_BYTES) {
      write();
    }
    batch.put(Keyspace.SYSTEM, storageKey, content);
    bytes += storageKey.length + content.length;
  }

  /// Writes what is left; the rows of the changed pages.
  Manifest finish() {
    write();
    try {
      return Manifest.of(rows.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("a view gives its pages out of order", e);
    }
  }

  /// Bytes of keys and pages.
  long bytes() {
    return bytes;
  }

  private void write() {
    if (batch.count() > 0) {
      backend.writeBatch(batch);
      batch = new WriteBatch();
    }
  }
}
