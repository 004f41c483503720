package io.tidaldb.checkpoint;

import com.google.errorprone.annotations.Var;
import io.tidaldb.disk.Digest;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One saved generation: its meta and its manifest, both checked against their hashes.
record Generation(CheckpointMeta meta, Manifest manifest) {

  private static final int META = 0;
  private static final int MANIFEST = 1;

  /// Whole rows, at most 8 MiB.
  private static final int CHUNK_BYTES = (8 << 20) / Manifest.ROW_BYTES * Manifest.ROW_BYTES;

  /// Takes a page of a known tag.
  interface TaggedSink {
    /// The sink for the pages of this tag.
    ///
    /// @throws IllegalArgumentException if nobody takes them
    PageSink sink(Tag tag);
  }

  /// The numbers of the generations in the store, newest first, whether good or not.
  static List<Long> numbers(StorageBackend backend) {
    List<Long> numbers = new ArrayList<>();
    byte[] prefix = Keys.row(0, Tag.CKPT, new byte[] {0, META, 0});
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, prefix)) {
      while (cursor.next()) {
        numbers.add(Keys.pageGeneration(cursor.key()));
      }
    }
    return numbers.reversed();
  }

  /// Reads and checks a generation's meta.
  ///
  /// @throws CorruptionException if the bytes are not what was written
  static CheckpointMeta readMeta(StorageBackend backend, long number) {
    byte[] bytes =
        backend
            .get(Keyspace.SYSTEM, metaKey(number))
            .orElseThrow(() -> corrupt("checkpoint meta is missing", number, "present", "absent"));
    var meta = CheckpointMeta.decode(bytes);
    if (meta.generation() != number) {
      throw corrupt(
          "checkpoint meta is of another generation",
          number,
          Long.toString(number),
          Long.toString(meta.generation()));
    }
    return meta;
  }

  /// Reads and checks a generation's meta and manifest, but no page.
  ///
  /// @throws CorruptionException if the bytes are not what was written
  static Generation read(StorageBackend backend, long number) {
    CheckpointMeta meta = readMeta(backend, number);
    byte[] rows = new byte[Math.toIntExact(meta.pages() * Manifest.ROW_BYTES)];
    @Var int filled = 0;
    for (@Var int chunk = 0; filled < rows.length; chunk++) {
      byte[] bytes = backend.get(Keyspace.SYSTEM, manifestKey(number, chunk)).orElse(new byte[0]);
      if (bytes.length != Math.min(CHUNK_BYTES, rows.length - filled)) {
        throw corrupt(
            "manifest is cut: chunk=" + chunk,
            number,
            Integer.toString(rows.length),
            Integer.toString(filled + bytes.length));
      }
      System.arraycopy(bytes, 0, rows, filled, bytes.length);
      filled += bytes.length;
    }
    Digest hash = Digest.of(rows);
    if (!hash.equals(meta.payloadHash())) {
      throw corrupt(
          "manifest hash differs", number, meta.payloadHash().toString(), hash.toString());
    }
    try {
      return new Generation(meta, Manifest.of(rows));
    } catch (IllegalArgumentException e) {
      throw corrupt("manifest is malformed", number, "sorted rows", String.valueOf(e.getMessage()));
    }
  }

  /// Reads every page, checks it and hands it over, in manifest order.
  ///
  /// @throws CorruptionException if a page is not what was written, or is refused
  void readPages(StorageBackend backend, TaggedSink sinks) {
    for (@Var int i = 0; i < manifest.count(); i++) {
      byte[] content = backend.get(Keyspace.SYSTEM, manifest.storageKey(i)).orElse(new byte[0]);
      Digest hash = Digest.of(content);
      if (content.length != manifest.size(i) || !hash.equals(manifest.pageHash(i))) {
        throw corrupt(
            "page hash differs: page=" + manifest.key(i) + " tag=" + manifest.tag(i),
            meta.generation(),
            manifest.size(i) + " bytes " + manifest.pageHash(i),
            content.length + " bytes " + hash);
      }
      try {
        sinks.sink(manifest.tag(i)).page(manifest.key(i), content);
      } catch (IllegalArgumentException e) {
        throw corrupt(
            "page does not fit: page=" + manifest.key(i) + " tag=" + manifest.tag(i),
            meta.generation(),
            "a page of the view",
            String.valueOf(e.getMessage()));
      }
    }
  }

  /// Adds manifest and meta to a batch.
  void put(WriteBatch batch) {
    byte[] rows = manifest.bytes();
    for (@Var int at = 0; at < rows.length; at += CHUNK_BYTES) {
      byte[] chunk = Arrays.copyOfRange(rows, at, Math.min(rows.length, at + CHUNK_BYTES));
      batch.put(Keyspace.SYSTEM, manifestKey(meta.generation(), at / CHUNK_BYTES), chunk);
    }
    batch.put(Keyspace.SYSTEM, metaKey(meta.generation()), meta.encode());
  }

  /// Adds to a batch the removal of manifest and meta, and of the pages that only this generation
  /// uses.
  void delete(WriteBatch batch, Manifest newer) {
    batch.delete(Keyspace.SYSTEM, metaKey(meta.generation()));
    for (@Var int at = 0; at < manifest.bytes().length; at += CHUNK_BYTES) {
      batch.delete(Keyspace.SYSTEM, manifestKey(meta.generation(), at / CHUNK_BYTES));
    }
    manifest.forEachUnusedBy(newer, key -> batch.delete(Keyspace.SYSTEM, key));
  }

  /// Whether a key under the tag `CKPT` is this generation's.
  boolean owns(byte[] checkpointKey) {
    return Keys.pageGeneration(checkpointKey) == meta.generation();
  }

  static boolean isMeta(byte[] checkpointKey) {
    return Keys.pageType(checkpointKey) == META;
  }

  static CorruptionException corrupt(String what, long generation, String expected, String actual) {
    return new CorruptionException(
        what + " generation=" + generation, "store/SYSTEM", -1, 0, expected, actual);
  }

  private static byte[] metaKey(long generation) {
    return Keys.page(Tag.CKPT, 0, META, 0, generation);
  }

  private static byte[] manifestKey(long generation, int chunk) {
    return Keys.page(Tag.CKPT, chunk, MANIFEST, 0, generation);
  }
}
