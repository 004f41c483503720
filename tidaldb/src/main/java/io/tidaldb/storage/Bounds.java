package io.tidaldb.storage;

import io.tidaldb.schema.LimitExceededException;

/// The bounds that every backend holds its callers to.
final class Bounds {

  static final int KEY_BYTES = 1024;
  static final int VALUE_BYTES = 16 << 20;
  static final long BATCH_BYTES = 64L << 20;
  static final int OPEN_SNAPSHOTS = 64;

  private Bounds() {}

  static void checkKey(Keyspace keyspace, byte[] key) {
    if (key.length > KEY_BYTES) {
      throw new LimitExceededException("keyBytes", KEY_BYTES, key.length, "keyspace=" + keyspace);
    }
  }

  static void checkValue(Keyspace keyspace, byte[] value) {
    if (value.length > VALUE_BYTES) {
      throw new LimitExceededException(
          "valueBytes", VALUE_BYTES, value.length, "keyspace=" + keyspace);
    }
  }

  static void check(WriteBatch batch) {
    if (batch.sizeBytes() > BATCH_BYTES) {
      throw new LimitExceededException(
          "batchBytes", BATCH_BYTES, batch.sizeBytes(), "operations=" + batch.count());
    }
    for (WriteBatch.Operation operation : batch.operations()) {
      checkKey(operation.keyspace, operation.key);
      if (operation.value != null) {
        checkValue(operation.keyspace, operation.value);
      }
    }
  }

  static void checkSnapshots(int open) {
    if (open >= OPEN_SNAPSHOTS) {
      throw new LimitExceededException("openSnapshots", OPEN_SNAPSHOTS, open + 1L, "");
    }
  }
}
