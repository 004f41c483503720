package io.tidaldb.engine;

import io.tidaldb.disk.Volume;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.storage.StorageBackend;
import java.util.Optional;

/// What a test puts in the place of the real world. Reached only through the test jar.
///
/// @param volume in the place of the data directory; then nothing is locked
/// @param backend in the place of RocksDB; belongs to the test, the engine does not close it
/// @param injector called at every crash point
public record Faults(
    Optional<Volume> volume, Optional<StorageBackend> backend, CrashInjector injector) {

  /// The real world.
  public static Faults none() {
    return new Faults(Optional.empty(), Optional.empty(), CrashInjector.NONE);
  }
}
