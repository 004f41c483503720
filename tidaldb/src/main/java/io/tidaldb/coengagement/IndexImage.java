package io.tidaldb.coengagement;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The saved form of an index without a log. Its bytes ([EvidenceCodec]) stand in pages of 16 KiB
/// under keys that end in a generation no other page has:
///
/// ```
///  SYSTEM  page 0 … n−1, COENG, type 0, column 0, generation g     16,384 bytes, the last fewer
///  SYSTEM  page 0,       COENG, type 1, column 0, generation 0     CheckpointMeta of g
/// ```
///
/// The meta's hash is that of the hashes of all pages. One batch brings it and takes all other
/// pages away, those of a checkpoint that failed among them.
///
/// @param meta what was saved when
/// @param content the bytes of all pages
@SuppressWarnings("ArrayRecordComponent")
record IndexImage(CheckpointMeta meta, byte[] content) {

  private static final int PAGE_BYTES = 16_384;
  private static final long BATCH_BYTES = 4L << 20;
  private static final int PAGE_TYPE = 0;
  private static final int META_TYPE = 1;

  /// Saves, leaving the image before or this one.
  static void save(Evidence evidence, StorageBackend storage, CrashInjector injector) {
    byte[] content = EvidenceCodec.encode(evidence);
    int pages = pages(content.length);
    var older = pageKeys(storage);
    long generation = 1 + older.stream().mapToLong(Keys::pageGeneration).max().orElse(0);
    var batch = new WriteBatch();
    var hashes = new ByteArrayOutputStream();
    for (int page = 0; page < pages; page++) {
      byte[] bytes = page(content, page);
      hashes.writeBytes(Digest.of(bytes).bytes());
      if (batch.sizeBytes() + bytes.length > BATCH_BYTES) {
        storage.writeBatch(batch);
        batch = new WriteBatch();
      }
      batch.put(Keyspace.SYSTEM, pageKey(page, generation), bytes);
    }
    storage.writeBatch(batch);
    injector.reached(CrashPoint.CHECKPOINT_PRE_FLUSH);
    var meta =
        new CheckpointMeta(
            Timestamp.ofNanos(evidence.newest()),
            0,
            generation,
            pages,
            content.length,
            Digest.of(hashes.toByteArray()),
            Digest.ofStored(new byte[Digest.SIZE]));
    var switching = new WriteBatch().put(Keyspace.SYSTEM, metaKey(), meta.encode());
    older.forEach(key -> switching.delete(Keyspace.SYSTEM, key));
    storage.writeBatch(switching);
    storage.flush();
    injector.reached(CrashPoint.CHECKPOINT_POST_FLUSH);
  }

  /// The saved image, if there is one.
  ///
  /// @throws CorruptionException if it is not what was saved
  static Optional<IndexImage> find(StorageBackend storage) {
    var stored = storage.get(Keyspace.SYSTEM, metaKey());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    var meta = CheckpointMeta.decode(stored.get());
    var content = new ByteArrayOutputStream();
    var hashes = new ByteArrayOutputStream();
    for (int page = 0; page < meta.pages(); page++) {
      byte[] bytes =
          storage
              .get(Keyspace.SYSTEM, pageKey(page, meta.generation()))
              .orElseThrow(() -> corrupt("a page is missing", "present", "absent"));
      hashes.writeBytes(Digest.of(bytes).bytes());
      content.writeBytes(bytes);
    }
    var hash = Digest.of(hashes.toByteArray());
    if (!hash.equals(meta.payloadHash())) {
      throw corrupt(
          "the hash of the pages differs", meta.payloadHash().toString(), hash.toString());
    }
    return Optional.of(new IndexImage(meta, content.toByteArray()));
  }

  /// Adds what was saved to something empty.
  void fill(Evidence evidence) {
    try {
      EvidenceCodec.decode(content, evidence);
    } catch (IllegalArgumentException e) {
      throw corrupt("the pages do not fit", "edges and windows", String.valueOf(e.getMessage()));
    }
  }

  private static int pages(int bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
  }

  private static byte[] page(byte[] content, int page) {
    int from = page * PAGE_BYTES;
    return Arrays.copyOfRange(content, from, Math.min(content.length, from + PAGE_BYTES));
  }

  /// All pages of an index in a storage, of whatever generation. Their numbers have no gap.
  private static List<byte[]> pageKeys(StorageBackend storage) {
    List<byte[]> keys = new ArrayList<>();
    int before = -1;
    for (int page = 0; before < keys.size(); page++) {
      before = keys.size();
      byte[] prefix = Keys.row(page, Tag.COENG, new byte[] {0, PAGE_TYPE, 0});
      try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, prefix)) {
        while (cursor.next()) {
          keys.add(cursor.key());
        }
      }
    }
    return keys;
  }

  private static byte[] pageKey(int page, long generation) {
    return Keys.page(Tag.COENG, page, PAGE_TYPE, 0, generation);
  }

  private static byte[] metaKey() {
    return Keys.page(Tag.COENG, 0, META_TYPE, 0, 0);
  }

  private static CorruptionException corrupt(String what, String expected, String actual) {
    return new CorruptionException(
        "co-engagement checkpoint: " + what, "store/SYSTEM/COENG", -1, 0, expected, actual);
  }
}
