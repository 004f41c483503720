package io.tidaldb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.storage.StorageBackend.Cursor;
import io.tidaldb.storage.StorageBackend.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every backend must do. A backend's test extends it.
abstract class StorageBackendContract {

  private StorageBackend backend;

  /// A new, empty backend.
  abstract StorageBackend create();

  /// The backend after a crash that lost all that may be lost; the given one is not used again.
  abstract StorageBackend crashed(StorageBackend backend);

  @BeforeEach
  void open() {
    backend = create();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void whatIsPutIsRead() {
    backend.put(Keyspace.ITEMS, bytes("a"), bytes("1"));
    backend.put(Keyspace.ITEMS, bytes("a"), bytes("2"));
    backend.put(Keyspace.ITEMS, bytes("empty"), bytes(""));

    assertThat(read(Keyspace.ITEMS, "a")).isEqualTo("2");
    assertThat(read(Keyspace.ITEMS, "empty")).isEmpty();
    assertThat(read(Keyspace.ITEMS, "b")).isNull();
  }

  @Test
  void keyspacesAreApart() {
    for (Keyspace keyspace : Keyspace.values()) {
      backend.put(keyspace, bytes("k"), bytes(keyspace.name()));
    }
    backend.delete(Keyspace.USERS, bytes("k"));

    assertThat(read(Keyspace.ITEMS, "k")).isEqualTo("ITEMS");
    assertThat(read(Keyspace.USERS, "k")).isNull();
    assertThat(read(Keyspace.CREATORS, "k")).isEqualTo("CREATORS");
    assertThat(scan(Keyspace.SYSTEM, "")).containsExactly("k=SYSTEM");
  }

  @Test
  void deletingWhatIsAbsentIsNoError() {
    backend.delete(Keyspace.ITEMS, bytes("never"));

    assertThat(scan(Keyspace.ITEMS, "")).isEmpty();
  }

  @Test
  void theCallerOwnsWhatItGaveAndGot() {
    byte[] key = bytes("k");
    byte[] value = bytes("v");
    backend.put(Keyspace.ITEMS, key, value);
    key[0] = 'x';
    value[0] = 'x';
    backend.get(Keyspace.ITEMS, bytes("k")).orElseThrow()[0] = 'y';

    assertThat(read(Keyspace.ITEMS, "k")).isEqualTo("v");
  }

  @Test
  void inABatchTheLaterOperationOnAKeyWins() {
    backend.writeBatch(
        new WriteBatch()
            .put(Keyspace.ITEMS, bytes("a"), bytes("1"))
            .delete(Keyspace.ITEMS, bytes("a"))
            .delete(Keyspace.USERS, bytes("b"))
            .put(Keyspace.USERS, bytes("b"), bytes("2"))
            .put(Keyspace.USERS, bytes("b"), bytes("3")));
    backend.writeBatch(new WriteBatch());

    assertThat(read(Keyspace.ITEMS, "a")).isNull();
    assertThat(read(Keyspace.USERS, "b")).isEqualTo("3");
  }

  @Test
  void aScanGivesThePrefixInUnsignedOrder() {
    byte[][] keys = {{1, 0}, {1, 127}, {1, (byte) 128}, {1, (byte) 255}, {1, (byte) 255, 0}};
    for (int i : new int[] {3, 0, 4, 2, 1}) {
      backend.put(Keyspace.ITEMS, keys[i], new byte[] {(byte) i});
    }
    backend.put(Keyspace.ITEMS, new byte[] {0, (byte) 255}, bytes("before"));
    backend.put(Keyspace.ITEMS, new byte[] {2}, bytes("after"));

    try (Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, new byte[] {1})) {
      for (int i = 0; i < keys.length; i++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(keys[i]);
        assertThat(cursor.value()).containsExactly(i);
      }
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.next()).isFalse();
      assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aPrefixOfOnesHasNoUpperEnd() {
    byte[] ones = {(byte) 255, (byte) 255};
    backend.put(Keyspace.ITEMS, new byte[] {(byte) 255, (byte) 254}, bytes("no"));
    backend.put(Keyspace.ITEMS, ones, bytes("yes"));
    backend.put(Keyspace.ITEMS, new byte[] {(byte) 255, (byte) 255, 7}, bytes("yes"));

    try (Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, ones)) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value()).isEqualTo(bytes("yes"));
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void aScanIsOfTheMomentOfItsCall() {
    backend.put(Keyspace.ITEMS, bytes("a"), bytes("1"));
    try (Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, bytes(""))) {
      backend.put(Keyspace.ITEMS, bytes("a"), bytes("2"));
      backend.put(Keyspace.ITEMS, bytes("b"), bytes("2"));

      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value()).isEqualTo(bytes("1"));
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void aSnapshotRepeatsItsReads() {
    backend.put(Keyspace.ITEMS, bytes("a"), bytes("1"));
    try (Snapshot snapshot = backend.snapshot()) {
      backend.delete(Keyspace.ITEMS, bytes("a"));
      backend.put(Keyspace.ITEMS, bytes("b"), bytes("2"));
      backend.flush();

      assertThat(snapshot.get(Keyspace.ITEMS, bytes("a"))).isPresent();
      assertThat(snapshot.get(Keyspace.ITEMS, bytes("b"))).isEmpty();
      try (Cursor cursor = snapshot.scanPrefix(Keyspace.ITEMS, bytes(""))) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(bytes("a"));
        assertThat(cursor.next()).isFalse();
      }
    }
    assertThat(scan(Keyspace.ITEMS, "")).containsExactly("b=2");
  }

  @Test
  void aBatchIsSeenWholeOrNotAtAll() throws InterruptedException {
    var stop = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !stop.get(); i++) {
                    byte[] value = bytes(Integer.toString(i));
                    backend.writeBatch(
                        new WriteBatch()
                            .put(Keyspace.ITEMS, bytes("k"), value)
                            .put(Keyspace.SYSTEM, bytes("k"), value));
                  }
                });
    try {
      for (int i = 0; i < 500; i++) {
        try (Snapshot snapshot = backend.snapshot()) {
          assertThat(snapshot.get(Keyspace.ITEMS, bytes("k")).map(Arrays::hashCode))
              .isEqualTo(snapshot.get(Keyspace.SYSTEM, bytes("k")).map(Arrays::hashCode));
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  @Test
  void whatWasFlushedSurvivesACrashAndTheRestGoesByWholeBatches() {
    backend.writeBatch(
        new WriteBatch()
            .put(Keyspace.ITEMS, bytes("a"), bytes("1"))
            .put(Keyspace.SYSTEM, bytes("a"), bytes("1")));
    backend.flush();
    backend.writeBatch(
        new WriteBatch()
            .put(Keyspace.ITEMS, bytes("a"), bytes("2"))
            .put(Keyspace.SYSTEM, bytes("a"), bytes("2")));

    backend = crashed(backend);

    assertThat(read(Keyspace.ITEMS, "a")).isEqualTo("1");
    assertThat(read(Keyspace.SYSTEM, "a")).isEqualTo("1");
  }

  @Test
  void boundsAreHeld() {
    byte[] longestKey = new byte[Bounds.KEY_BYTES];
    backend.put(Keyspace.ITEMS, longestKey, new byte[Bounds.VALUE_BYTES]);
    assertThat(backend.get(Keyspace.ITEMS, longestKey).orElseThrow()).hasSize(Bounds.VALUE_BYTES);

    assertLimit("keyBytes", () -> backend.put(Keyspace.ITEMS, new byte[1025], bytes("")));
    assertLimit("keyBytes", () -> backend.delete(Keyspace.ITEMS, new byte[1025]));
    assertLimit(
        "valueBytes",
        () -> backend.put(Keyspace.ITEMS, bytes("v"), new byte[Bounds.VALUE_BYTES + 1]));
    var batch = new WriteBatch();
    byte[] value = new byte[Bounds.VALUE_BYTES];
    for (int i = 0; i < 4; i++) {
      batch.put(Keyspace.ITEMS, new byte[] {(byte) i}, value);
    }
    assertLimit("batchBytes", () -> backend.writeBatch(batch));
    assertThat(read(Keyspace.ITEMS, "v")).isNull();
    assertThat(backend.get(Keyspace.ITEMS, new byte[] {0})).isEmpty();
  }

  @Test
  void sixtyFourSnapshotsMayBeOpen() {
    List<Snapshot> open = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      open.add(backend.snapshot());
    }
    assertLimit("openSnapshots", () -> backend.snapshot());

    open.getFirst().close();
    open.getFirst().close();
    open.add(backend.snapshot());
    assertLimit("openSnapshots", () -> backend.snapshot());
    open.forEach(Snapshot::close);
  }

  @Test
  void everyUseAfterCloseIsRefused() {
    backend.put(Keyspace.ITEMS, bytes("a"), bytes("1"));
    Snapshot snapshot = backend.snapshot();
    Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, bytes(""));
    Cursor inSnapshot = snapshot.scanPrefix(Keyspace.ITEMS, bytes(""));
    assertThat(cursor.next()).isTrue();

    backend.close();
    backend.close();

    assertClosed(() -> backend.get(Keyspace.ITEMS, bytes("a")));
    assertClosed(() -> backend.put(Keyspace.ITEMS, bytes("a"), bytes("")));
    assertClosed(() -> backend.delete(Keyspace.ITEMS, bytes("a")));
    assertClosed(() -> backend.scanPrefix(Keyspace.ITEMS, bytes("")));
    assertClosed(() -> backend.writeBatch(new WriteBatch()));
    assertClosed(() -> backend.flush());
    assertClosed(() -> backend.snapshot());
    assertClosed(() -> snapshot.get(Keyspace.ITEMS, bytes("a")));
    assertClosed(cursor::next);
    assertClosed(cursor::key);
    assertClosed(inSnapshot::next);
    cursor.close();
    inSnapshot.close();
    snapshot.close();
  }

  @Test
  void aClosedSnapshotOrCursorIsRefused() {
    Snapshot snapshot = backend.snapshot();
    snapshot.close();
    assertClosed(() -> snapshot.get(Keyspace.ITEMS, bytes("a")));
    Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, bytes(""));
    cursor.close();
    cursor.close();
    assertClosed(cursor::next);
  }

  @Test
  void randomBatchesAgreeWithASortedMap() {
    long seed = Long.getLong("tidal.seed", 4711);
    var random = new SplittableRandom(seed);
    var model = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
    for (int round = 0; round < 300; round++) {
      var batch = new WriteBatch();
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] key = new byte[random.nextInt(1, 4)];
        random.nextBytes(key);
        key[0] &= 3;
        if (random.nextInt(3) == 0) {
          batch.delete(Keyspace.ITEMS, key);
          model.remove(key);
        } else {
          byte[] value = bytes(round + "." + i);
          batch.put(Keyspace.ITEMS, key, value);
          model.put(key, value);
        }
      }
      backend.writeBatch(batch);
      if (round % 50 == 0) {
        backend.flush();
        assertAgrees(model, seed);
      }
    }
    assertAgrees(model, seed);
  }

  private void assertAgrees(NavigableMap<byte[], byte[]> model, long seed) {
    for (int first = 0; first < 4; first++) {
      byte[] prefix = {(byte) first};
      var expected = model.tailMap(prefix).entrySet().iterator();
      try (Cursor cursor = backend.scanPrefix(Keyspace.ITEMS, prefix)) {
        while (cursor.next()) {
          var entry = expected.next();
          assertThat(cursor.key()).as("seed=%d", seed).isEqualTo(entry.getKey());
          assertThat(cursor.value()).as("seed=%d", seed).isEqualTo(entry.getValue());
        }
      }
      assertThat(!expected.hasNext() || expected.next().getKey()[0] > first)
          .as("seed=%d", seed)
          .isTrue();
    }
  }

  private @Nullable String read(Keyspace keyspace, String key) {
    Optional<byte[]> value = backend.get(keyspace, bytes(key));
    return value.map(v -> new String(v, StandardCharsets.UTF_8)).orElse(null);
  }

  private List<String> scan(Keyspace keyspace, String prefix) {
    List<String> entries = new ArrayList<>();
    try (Cursor cursor = backend.scanPrefix(keyspace, bytes(prefix))) {
      while (cursor.next()) {
        entries.add(
            new String(cursor.key(), StandardCharsets.UTF_8)
                + "="
                + new String(cursor.value(), StandardCharsets.UTF_8));
      }
    }
    return entries;
  }

  private static void assertLimit(
      String name, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LimitExceededException.class, e -> assertThat(e.limitName()).isEqualTo(name));
  }

  private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(ClosedException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
