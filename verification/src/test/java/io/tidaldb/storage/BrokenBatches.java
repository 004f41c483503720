package io.tidaldb.storage;

/// What broken steps call in the place of a backend.
public final class BrokenBatches {

  private BrokenBatches() {}

  /// The last of a batch, which is its position, goes before the rest: not one unit any more.
  public static void positionFirst(StorageBackend backend, WriteBatch batch) {
    var operations = batch.operations();
    var position = new WriteBatch();
    var rest = new WriteBatch();
    for (int i = 0; i < operations.size(); i++) {
      var operation = operations.get(i);
      var into = i == operations.size() - 1 ? position : rest;
      if (operation.value == null) {
        into.delete(operation.keyspace, operation.key);
      } else {
        into.put(operation.keyspace, operation.key, operation.value);
      }
    }
    backend.writeBatch(position);
    backend.writeBatch(rest);
  }
}
