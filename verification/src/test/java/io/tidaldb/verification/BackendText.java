package io.tidaldb.verification;

import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// What stands in a backend, entry by entry.
final class BackendText {

  /// An entry.
  static final class Entry {
    private final Keyspace keyspace;
    private final byte[] key;
    private final byte[] value;

    private Entry(Keyspace keyspace, byte[] key, byte[] value) {
      this.keyspace = keyspace;
      this.key = key;
      this.value = value;
    }

    Keyspace keyspace() {
      return keyspace;
    }

    byte[] key() {
      return key.clone();
    }

    byte[] value() {
      return value.clone();
    }
  }

  private BackendText() {}

  /// Every entry, in order.
  static List<Entry> entries(StorageBackend backend) {
    List<Entry> entries = new ArrayList<>();
    for (var keyspace : Keyspace.values()) {
      try (var cursor = backend.scanPrefix(keyspace, new byte[0])) {
        while (cursor.next()) {
          entries.add(new Entry(keyspace, cursor.key(), cursor.value()));
        }
      }
    }
    return entries;
  }

  /// Equal for equal content.
  static String hash(StorageBackend backend) {
    var crc = new CRC32C();
    long bytes = 0;
    for (var entry : entries(backend)) {
      crc.update(entry.keyspace().name().getBytes(StandardCharsets.UTF_8));
      crc.update(entry.key());
      crc.update(entry.value());
      bytes += entry.key().length + entry.value().length;
    }
    return bytes + ":" + crc.getValue();
  }
}
