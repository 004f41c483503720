package io.tidaldb.engine;

import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.DirectoryLock;
import io.tidaldb.disk.DiskVolume;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.RecoveryReport;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.RocksDbBackend;
import io.tidaldb.storage.StorageBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parts of one open database, and the order in which they are opened and let go.
///
/// @param lock held for the life of a database in a directory
/// @param volume our own files; empty for an ephemeral database
/// @param backend rows and pages
/// @param closesBackend whether the backend is ours to close
/// @param identity the store's id; made up for an ephemeral database
/// @param views all state
/// @param journal where events get positions
/// @param checkpoints empty for an ephemeral database
/// @param recovery what opening had to do
/// @param injector called at every crash point
/// @param meters what the engine counts
record EngineParts(
    Optional<DirectoryLock> lock,
    Optional<Volume> volume,
    StorageBackend backend,
    boolean closesBackend,
    StoreIdentity identity,
    Views views,
    Journal journal,
    Optional<Checkpoints> checkpoints,
    RecoveryReport recovery,
    CrashInjector injector,
    EngineMeters meters) {

  static EngineParts open(Optional<Path> directory, EngineOptions options, Faults faults) {
    if (directory.isEmpty() && faults.volume().isEmpty()) {
      return ephemeral(options, faults);
    }
    Optional<DirectoryLock> lock =
        faults.volume().isPresent()
            ? Optional.empty()
            : Optional.of(DirectoryLock.exclusive(directory.orElseThrow(), options.clock()));
    StorageBackend backend = null;
    try {
      var volume = faults.volume().orElseGet(() -> DiskVolume.open(directory.orElseThrow()));
      var identity = StoreOpening.identity(volume, options);
      backend = faults.backend().orElseGet(() -> rocks(directory.orElseThrow()));
      var views = new Views(backend, faults.injector(), options);
      var opened =
          new StoreOpening(volume, backend, views, options, faults.injector()).open(identity);
      if (lock.isPresent()) {
        ConfigFile.write(volume, options);
      }
      return new EngineParts(
          lock,
          Optional.of(volume),
          backend,
          faults.backend().isEmpty(),
          identity,
          views,
          opened.journal(),
          Optional.of(opened.checkpoints()),
          opened.report(),
          faults.injector(),
          new EngineMeters());
    } catch (Throwable failure) {
      if (backend != null && faults.backend().isEmpty()) {
        backend.close();
      }
      lock.ifPresent(DirectoryLock::close);
      throw failure;
    }
  }

  private static StorageBackend rocks(Path directory) {
    return RocksDbBackend.open(directory.resolve(StorePaths.STORE));
  }

  private static EngineParts ephemeral(EngineOptions options, Faults faults) {
    var backend = new InMemoryBackend();
    var views = new Views(backend, faults.injector(), options);
    views.startFromLoaded();
    return new EngineParts(
        Optional.empty(),
        Optional.empty(),
        backend,
        true,
        StoreIdentity.create(Timestamp.now(options.clock())),
        views,
        new EphemeralJournal(),
        Optional.empty(),
        new RecoveryReport(0, 0, 0, 0, 0, true, Map.of(), List.of()),
        faults.injector(),
        new EngineMeters());
  }

  /// Lets go of everything without writing.
  void release() {
    try {
      journal.close();
    } catch (StorageException failed) {
      // A log that failed before cannot fail worse: the lock must be let go.
      Loggers.engine().debug("closing a failed log", failed);
    } finally {
      if (closesBackend) {
        backend.close();
      }
      lock.ifPresent(DirectoryLock::close);
    }
  }

  /// Closes everything; with a last position, marks the store as closed cleanly first.
  void close(Optional<Long> lastPosition) {
    try {
      if (volume.isPresent() && lastPosition.isPresent()) {
        long generation =
            checkpoints.orElseThrow().generations().stream()
                .mapToLong(meta -> meta.generation())
                .max()
                .orElse(0);
        new CleanMark(lastPosition.get(), generation)
            .write(volume.get(), identity.store(), journal.lastReceiveNanos());
      }
    } finally {
      release();
    }
  }
}
