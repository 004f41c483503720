package io.tidaldb.checkpoint;

import com.google.errorprone.annotations.Var;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/// The whole state of one view in a storage, saved and restored by itself: for what lives without
/// engine and log. Several views may share a storage, each under its tag.
///
/// Pages are written under new keys, where nothing refers to them; then one atomic batch brings
/// manifest and meta and takes the image before away. So the storage holds the old image or the new
/// one, never a mixture. Rows of the manifest name no generation, so equal states have equal
/// hashes.
///
/// **Threads.** One at a time.
public final class ViewImage {

  private static final int META = 0;
  private static final int MANIFEST = 1;
  private static final long BATCH_BYTES = 4L << 20;
  private static final int CHUNK_BYTES = (8 << 20) / Manifest.ROW_BYTES * Manifest.ROW_BYTES;

  private final StorageBackend backend;
  private final Tag tag;
  private final CrashInjector injector;

  /// @param tag the tag of the view's pages
  /// @param injector called at the two checkpoint points
  public ViewImage(StorageBackend backend, Tag tag, CrashInjector injector) {
    this.backend = backend;
    this.tag = tag;
    this.injector = injector;
  }

  /// Saves every page of a view.
  ///
  /// @param asked time, position, and the hash that the image must have; zero asks for it to be
  ///   computed
  /// @return what was saved
  /// @throws InvalidRequestException if the image has another hash (`HASH_DIFFERS`); nothing
  ///   changed
  public CheckpointMeta write(CheckpointMeta asked, FrozenPages pages) {
    Optional<CheckpointMeta> before = meta();
    removeOrphans(before);
    long number = before.map(CheckpointMeta::generation).orElse(0L) + 1;
    var rows = new ByteArrayOutputStream();
    var shadow = new Shadowing(number);
    pages.forEach(
        (key, content) -> {
          if (content.length > 0) {
            rows.writeBytes(Manifest.row(tag, key, 0, content));
            shadow.put(Keys.page(tag, key.page(), key.type(), key.column(), number), content);
          }
        });
    Manifest manifest = Manifest.of(rows.toByteArray());
    Digest hash = manifest.hash();
    if (!asked.payloadHash().isZero() && !asked.payloadHash().equals(hash)) {
      throw new InvalidRequestException(
          "HASH_DIFFERS",
          "checkpoint hash differs: given="
              + asked.payloadHash()
              + " computed="
              + hash
              + "; pass a zero hash to have it computed");
    }
    shadow.write();
    injector.reached(CrashPoint.CHECKPOINT_PRE_FLUSH);
    backend.flush();
    var meta =
        new CheckpointMeta(
            asked.checkpointTime(),
            asked.position(),
            number,
            manifest.count(),
            manifest.pageBytes(),
            hash,
            asked.schemaFingerprint());
    switchTo(meta, manifest, before);
    injector.reached(CrashPoint.CHECKPOINT_POST_FLUSH);
    return meta;
  }

  /// Reads the saved image, checks it and hands every page over; empty if there is none.
  ///
  /// @param sink an `IllegalArgumentException` of it says that a page does not fit
  /// @throws CorruptionException if anything is not what was written
  public Optional<CheckpointMeta> read(PageSink sink) {
    Optional<CheckpointMeta> found = meta();
    if (found.isEmpty()) {
      return found;
    }
    CheckpointMeta meta = found.get();
    Manifest manifest = manifest(meta);
    for (@Var int i = 0; i < manifest.count(); i++) {
      byte[] content =
          backend.get(Keyspace.SYSTEM, pageKey(manifest, i, meta.generation())).orElse(new byte[0]);
      if (content.length != manifest.size(i) || !Digest.of(content).equals(manifest.pageHash(i))) {
        throw Generation.corrupt(
            "page hash differs: page=" + manifest.key(i) + " tag=" + tag,
            meta.generation(),
            manifest.size(i) + " bytes " + manifest.pageHash(i),
            content.length + " bytes " + Digest.of(content));
      }
      try {
        sink.page(manifest.key(i), content);
      } catch (IllegalArgumentException e) {
        throw Generation.corrupt(
            "page does not fit: page=" + manifest.key(i) + " tag=" + tag,
            meta.generation(),
            "a page of the view",
            String.valueOf(e.getMessage()));
      }
    }
    return found;
  }

  /// Collects pages into batches.
  private final class Shadowing {
    private final long number;
    private WriteBatch batch = new WriteBatch();

    Shadowing(long number) {
      this.number = number;
    }

    void put(byte[] key, byte[] content) {
      if (batch.sizeBytes() + key.length + content.length > BATCH_BYTES) {
        write();
      }
      batch.put(Keyspace.SYSTEM, key, content);
    }

    void write() {
      if (batch.count() > 0) {
        backend.writeBatch(batch);
        batch = new WriteBatch();
      }
    }

    @Override
    public String toString() {
      return "pages of image " + number;
    }
  }

  private void switchTo(CheckpointMeta meta, Manifest manifest, Optional<CheckpointMeta> before) {
    var batch = new WriteBatch();
    byte[] rows = manifest.bytes();
    for (@Var int at = 0; at < rows.length; at += CHUNK_BYTES) {
      byte[] chunk = Arrays.copyOfRange(rows, at, Math.min(rows.length, at + CHUNK_BYTES));
      batch.put(Keyspace.SYSTEM, manifestKey(at / CHUNK_BYTES, meta.generation()), chunk);
    }
    batch.put(Keyspace.SYSTEM, metaKey(), meta.encode());
    if (before.isPresent()) {
      removeImage(before.get(), batch);
    }
    backend.writeBatch(batch);
    backend.flush();
  }

  private void removeImage(CheckpointMeta old, WriteBatch batch) {
    Manifest manifest;
    try {
      manifest = manifest(old);
    } catch (CorruptionException e) {
      // Its pages cannot be named; they are found as orphans by the next checkpoint.
      return;
    }
    for (@Var int i = 0; i < manifest.count(); i++) {
      batch.delete(Keyspace.SYSTEM, pageKey(manifest, i, old.generation()));
    }
    for (@Var int at = 0; at < manifest.bytes().length; at += CHUNK_BYTES) {
      batch.delete(Keyspace.SYSTEM, manifestKey(at / CHUNK_BYTES, old.generation()));
    }
  }

  private Optional<CheckpointMeta> meta() {
    return backend.get(Keyspace.SYSTEM, metaKey()).map(CheckpointMeta::decode);
  }

  private Manifest manifest(CheckpointMeta meta) {
    byte[] rows = new byte[Math.toIntExact(meta.pages() * Manifest.ROW_BYTES)];
    @Var int filled = 0;
    for (@Var int chunk = 0; filled < rows.length; chunk++) {
      byte[] key = manifestKey(chunk, meta.generation());
      byte[] bytes = backend.get(Keyspace.SYSTEM, key).orElse(new byte[0]);
      if (bytes.length != Math.min(CHUNK_BYTES, rows.length - filled)) {
        throw Generation.corrupt(
            "manifest is cut: chunk=" + chunk + " tag=" + tag,
            meta.generation(),
            Integer.toString(rows.length),
            Integer.toString(filled + bytes.length));
      }
      System.arraycopy(bytes, 0, rows, filled, bytes.length);
      filled += bytes.length;
    }
    Digest hash = Digest.of(rows);
    if (!hash.equals(meta.payloadHash())) {
      throw Generation.corrupt(
          "manifest hash differs: tag=" + tag,
          meta.generation(),
          meta.payloadHash().toString(),
          hash.toString());
    }
    return Manifest.of(rows);
  }

  /// What an interrupted checkpoint left behind: pages and manifests of another image.
  private void removeOrphans(Optional<CheckpointMeta> current) {
    long number = current.map(CheckpointMeta::generation).orElse(0L);
    var batch = new WriteBatch();
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (key.length == Keys.PAGE_BYTES && isOurs(key) && Keys.pageGeneration(key) != number) {
          batch.delete(Keyspace.SYSTEM, key);
        }
      }
    }
    if (batch.count() > 0) {
      backend.writeBatch(batch);
    }
  }

  private boolean isOurs(byte[] key) {
    return Keys.tag(key) == tag
        || (Keys.tag(key) == Tag.CKPT
            && Keys.pageColumn(key) == tag.code()
            && Keys.pageType(key) == MANIFEST);
  }

  private byte[] pageKey(Manifest manifest, int index, long number) {
    var key = manifest.key(index);
    return Keys.page(tag, key.page(), key.type(), key.column(), number);
  }

  /// The column tells the views apart; the engine's own generations have 0.
  private byte[] metaKey() {
    return Keys.page(Tag.CKPT, 0, META, tag.code(), 0);
  }

  private byte[] manifestKey(int chunk, long number) {
    return Keys.page(Tag.CKPT, chunk, MANIFEST, tag.code(), number);
  }
}
