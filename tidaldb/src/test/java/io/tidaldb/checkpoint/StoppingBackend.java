package io.tidaldb.checkpoint;

import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.WriteBatch;
import java.util.Optional;
import java.util.function.Supplier;

/// A backend that fails before its n-th write or flush and at every one after it.
public final class StoppingBackend implements StorageBackend {

  private final StorageBackend backend;
  private final Supplier<Throwable> failure;
  private int callsLeft;
  public int calls;
  public long largestBatchBytes;

  /// @param callsLeft writes and flushes that succeed
  public StoppingBackend(StorageBackend backend, int callsLeft, Supplier<Throwable> failure) {
    this.backend = backend;
    this.callsLeft = callsLeft;
    this.failure = failure;
  }

  /// From now on this many more writes and flushes succeed.
  public void allow(int more) {
    callsLeft = more;
  }

  private void step() {
    calls++;
    if (callsLeft-- <= 0) {
      switch (failure.get()) {
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }

  @Override
  public Optional<byte[]> get(Keyspace keyspace, byte[] key) {
    return backend.get(keyspace, key);
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    step();
    backend.put(keyspace, key, value);
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    step();
    backend.delete(keyspace, key);
  }

  @Override
  public Cursor scanPrefix(Keyspace keyspace, byte[] prefix) {
    return backend.scanPrefix(keyspace, prefix);
  }

  @Override
  public void writeBatch(WriteBatch batch) {
    step();
    largestBatchBytes = Math.max(largestBatchBytes, batch.sizeBytes());
    backend.writeBatch(batch);
  }

  @Override
  public void flush() {
    step();
    backend.flush();
  }

  @Override
  public void compact() {
    backend.compact();
  }

  @Override
  public Snapshot snapshot() {
    return backend.snapshot();
  }

  @Override
  public void close() {
    backend.close();
  }
}
