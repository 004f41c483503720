package io.tidaldb.storage;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.TidalException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// What RocksDB's refusals are called here: damaged bytes are corruption, all else is the disk.
final class RocksErrors {

  private RocksErrors() {}

  static TidalException of(String operation, String path, RocksDBException e) {
    Status status = e.getStatus();
    boolean damaged = status != null && status.getCode() == Status.Code.Corruption;
    if (damaged || namesWhatIsMissing(e)) {
      return new CorruptionException(
          "storage is damaged: operation=" + operation,
          path,
          -1,
          0,
          "intact blocks",
          String.valueOf(e.getMessage()));
    }
    return new StorageException(operation, path, StorageException.Outcome.UNKNOWN, e);
  }

  /// RocksDB's own files name each other: one that names a file that is not there is damaged.
  private static boolean namesWhatIsMissing(RocksDBException e) {
    var message = String.valueOf(e.getMessage());
    return message.contains("No such file or directory")
        && (message.contains("MANIFEST-") || message.contains(".sst"));
  }
}
