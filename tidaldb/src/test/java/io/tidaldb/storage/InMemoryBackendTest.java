package io.tidaldb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InMemoryBackendTest extends StorageBackendContract {

  private static final byte[] KEY = {1};

  @Override
  StorageBackend create() {
    return new InMemoryBackend();
  }

  @Override
  StorageBackend crashed(StorageBackend backend) {
    var memory = (InMemoryBackend) backend;
    return CrashedBackend.of(memory, CrashedBackend.unflushedBatches(memory));
  }

  @Test
  void aCrashTakesBackAsManyBatchesAsAskedFor() {
    var backend = new InMemoryBackend();
    for (int i = 1; i <= 5; i++) {
      backend.put(Keyspace.ITEMS, KEY, new byte[] {(byte) i});
      if (i == 2) {
        backend.flush();
      }
    }
    backend.close();

    for (int lost = 0; lost <= 3; lost++) {
      assertThat(CrashedBackend.of(backend, lost).get(Keyspace.ITEMS, KEY))
          .hasValueSatisfying(value -> assertThat(value).hasSize(1));
      assertThat(CrashedBackend.of(backend, lost).get(Keyspace.ITEMS, KEY).orElseThrow()[0])
          .isEqualTo((byte) (5 - lost));
    }
    assertThatThrownBy(() -> CrashedBackend.of(backend, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsRememberedForACrashIsBounded() {
    var backend = new InMemoryBackend();
    for (int i = 0; i < 3 * InMemoryBackend.REMEMBERED; i++) {
      backend.put(Keyspace.ITEMS, KEY, KEY);
    }

    assertThat(backend.unflushedBatches()).isEqualTo(InMemoryBackend.REMEMBERED);
  }
}
