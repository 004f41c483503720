package io.tidaldb.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations that happen together or not at all, in order. Not thread safe.
public final class WriteBatch {

  /// One operation; a null value deletes.
  static final class Operation {
    final Keyspace keyspace;
    final byte[] key;
    final byte @Nullable [] value;

    Operation(Keyspace keyspace, byte[] key, byte @Nullable [] value) {
      this.keyspace = keyspace;
      this.key = key;
      this.value = value;
    }
  }

  private final List<Operation> operations = new ArrayList<>();
  private long sizeBytes;

  /// Sets a value. The arrays belong to the batch from now on.
  @CanIgnoreReturnValue
  public WriteBatch put(Keyspace keyspace, byte[] key, byte[] value) {
    operations.add(new Operation(keyspace, key, value));
    sizeBytes += key.length + value.length;
    return this;
  }

  /// Removes a key. The array belongs to the batch from now on.
  @CanIgnoreReturnValue
  public WriteBatch delete(Keyspace keyspace, byte[] key) {
    operations.add(new Operation(keyspace, key, null));
    sizeBytes += key.length;
    return this;
  }

  /// How many operations.
  public int count() {
    return operations.size();
  }

  /// Bytes of keys and values.
  public long sizeBytes() {
    return sizeBytes;
  }

  List<Operation> operations() {
    return operations;
  }
}
