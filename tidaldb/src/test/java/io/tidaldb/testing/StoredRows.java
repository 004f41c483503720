package io.tidaldb.testing;

import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Everything in a backend, to be compared, and to be written again with one bit that differs.
public final class StoredRows {

  // Rows are compared as text.
  @SuppressWarnings("ArrayRecordComponent")
  private record Row(Keyspace keyspace, byte[] key, byte[] value) {}

  private final List<Row> rows = new ArrayList<>();

  private StoredRows() {}

  /// What a backend holds.
  public static StoredRows of(StorageBackend backend) {
    var stored = new StoredRows();
    for (var keyspace : Keyspace.values()) {
      try (var cursor = backend.scanPrefix(keyspace, new byte[0])) {
        while (cursor.next()) {
          stored.rows.add(new Row(keyspace, cursor.key(), cursor.value()));
        }
      }
    }
    return stored;
  }

  /// Bits of all values.
  public long bits() {
    return rows.stream().mapToLong(row -> row.value.length * 8L).sum();
  }

  /// A new backend with these rows, but for one bit of one value.
  ///
  /// @param bit from 0, counted over all values in order
  public InMemoryBackend flipped(long bit) {
    var backend = new InMemoryBackend();
    long before = 0;
    for (var row : rows) {
      byte[] value = row.value.clone();
      long own = bit - before;
      if (own >= 0 && own < value.length * 8L) {
        value[(int) (own / 8)] ^= (byte) (1 << own % 8);
      }
      before += value.length * 8L;
      backend.put(row.keyspace, row.key, value);
    }
    return backend;
  }

  /// One row a line, in hexadecimal.
  @Override
  public String toString() {
    var hex = HexFormat.of();
    return rows.stream()
        .map(row -> row.keyspace + " " + hex.formatHex(row.key) + " " + hex.formatHex(row.value))
        .collect(Collectors.joining("\n"));
  }
}
