package io.tidaldb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbBackendTest extends StorageBackendContract {

  private static final byte[] KEY = {1};

  @TempDir Path directory;
  private int stores;

  @Override
  StorageBackend create() {
    return RocksDbBackend.open(directory.resolve("store" + stores++));
  }

  @Override
  StorageBackend crashed(StorageBackend backend) {
    Path copy = directory.resolve("copy" + stores);
    copy(directory.resolve("store" + (stores - 1)), copy);
    backend.close();
    return RocksDbBackend.open(copy);
  }

  @Test
  void closingIsNoFlush() {
    Path store = directory.resolve("s");
    try (var backend = RocksDbBackend.open(store)) {
      backend.put(Keyspace.ITEMS, KEY, new byte[] {1});
      backend.flush();
      backend.put(Keyspace.ITEMS, KEY, new byte[] {2});
    }

    try (var backend = RocksDbBackend.open(store)) {
      assertThat(backend.get(Keyspace.ITEMS, KEY).orElseThrow()).containsExactly(1);
    }
  }

  @Test
  void readingOnlyLeavesTheDirectoryAsItWas() {
    Path store = directory.resolve("s");
    try (var backend = RocksDbBackend.open(store)) {
      backend.put(Keyspace.SYSTEM, KEY, KEY);
      backend.flush();
    }
    SortedMap<String, String> before = listing(store);

    try (var backend = RocksDbBackend.openReadOnly(store)) {
      assertThat(backend.get(Keyspace.SYSTEM, KEY)).isPresent();
      assertThatThrownBy(() -> backend.put(Keyspace.SYSTEM, KEY, KEY))
          .isInstanceOf(StorageException.class);
    }

    assertThat(listing(store)).isEqualTo(before);
  }

  @Test
  void readingOnlyDoesNotCreateAStore() {
    Path absent = directory.resolve("absent");

    assertThatThrownBy(() -> RocksDbBackend.openReadOnly(absent))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("operation=open");
    assertThat(absent).doesNotExist();
  }

  @Test
  void aDirectoryIsOpenOnce() {
    Path store = directory.resolve("s");
    try (var backend = RocksDbBackend.open(store)) {
      assertThatThrownBy(() -> RocksDbBackend.open(store)).isInstanceOf(StorageException.class);
      backend.put(Keyspace.ITEMS, KEY, KEY);
    }
  }

  @Test
  void aFlippedBitInATableIsCorruption() throws IOException {
    Path store = directory.resolve("s");
    byte[] value = new byte[4096];
    new SplittableRandom(1).nextBytes(value);
    try (var backend = RocksDbBackend.open(store)) {
      backend.put(Keyspace.ITEMS, KEY, value);
      backend.flush();
    }
    Path table;
    try (Stream<Path> files = Files.list(store)) {
      table = files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[1000] ^= 4;
    Files.write(table, bytes);

    try (var backend = RocksDbBackend.open(store)) {
      assertThatThrownBy(() -> backend.get(Keyspace.ITEMS, KEY))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("operation=read");
      try (var cursor = backend.scanPrefix(Keyspace.ITEMS, KEY)) {
        assertThatThrownBy(cursor::next).isInstanceOf(CorruptionException.class);
      }
    }
  }

  private static SortedMap<String, String> listing(Path root) {
    var listing = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        listing.put(
            file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file).toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return listing;
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectory(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
