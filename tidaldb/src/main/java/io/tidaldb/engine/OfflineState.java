package io.tidaldb.engine;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.DiskVolume;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.LogReader;
import io.tidaldb.log.RecoveryHints;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.RocksDbBackend;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A store as opening would find it, in memory: its table is copied there, so that the log can be
/// folded on top without a byte of the directory changing.
final class OfflineState {

  private static final long COPY_BATCH_BYTES = 1L << 20;

  private final Volume volume;
  private final StoreIdentity identity;
  private final Optional<CleanMark> clean;
  private final Checkpoints checkpoints;
  private final Views views;
  private final Optional<CheckpointMeta> generation;
  private final List<String> refused;

  private OfflineState(
      Volume volume, StoreIdentity identity, Optional<CleanMark> clean, StorageBackend table) {
    this.volume = volume;
    this.identity = identity;
    this.clean = clean;
    this.checkpoints = new Checkpoints(table, CrashInjector.NONE);
    this.views = new Views(table, CrashInjector.NONE, EngineOptions.defaults());
    var loaded = checkpoints.loadNewest(views.pages());
    this.generation = loaded.meta();
    this.refused = loaded.refused();
    views.startFromLoaded();
  }

  /// Loads the newest good generation of a store.
  static OfflineState load(Path directory) {
    var volume = DiskVolume.readOnly(directory);
    var identity = identity(volume);
    var clean = CleanMark.read(volume, identity.store());
    try (var table = RocksDbBackend.openReadOnly(directory.resolve(StorePaths.STORE))) {
      return new OfflineState(volume, identity, clean, copy(table));
    }
  }

  static StoreIdentity identity(Volume volume) {
    return StoreIdentity.read(volume)
        .orElseThrow(
            () ->
                new CorruptionException(
                    "store has no identity",
                    volume.describe(StorePaths.IDENTITY),
                    -1,
                    0,
                    "an identity",
                    "none"));
  }

  Views views() {
    return views;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  Optional<CheckpointMeta> generation() {
    return generation;
  }

  boolean isClean() {
    return clean.isPresent();
  }

  /// Why a newer generation, or any, is not used.
  List<String> refused() {
    return refused;
  }

  /// The highest position that a generation or view knows.
  long knownPosition() {
    return checkpoints.generations().stream()
        .mapToLong(CheckpointMeta::position)
        .reduce(views.highestLoaded(), Math::max);
  }

  /// Walks the log as opening would, from the lowest position that a view lacks.
  LogReader.Scan scan(FrameConsumer consumer) {
    var hints = new RecoveryHints(views.lowestLoaded() + 1, knownPosition(), clean);
    return LogReader.scan(volume, identity, hints, consumer);
  }

  /// Folds the log on top of what was loaded.
  LogReader.Scan replay() {
    return scan(applyTo(views));
  }

  /// Folds a log that starts at its first position into fresh views.
  Views foldFromTheFirst() {
    var fresh = new Views(new InMemoryBackend(), CrashInjector.NONE, EngineOptions.defaults());
    fresh.startFromLoaded();
    var _ = LogReader.scan(volume, identity, RecoveryHints.none(), applyTo(fresh));
    return fresh;
  }

  private static FrameConsumer applyTo(Views views) {
    return (firstPosition, receiveNanos, events) -> apply(views, firstPosition, events);
  }

  private static void apply(Views views, long firstPosition, List<Event> events) {
    for (var i = 0; i < events.size(); i++) {
      views.apply(firstPosition + i, events.get(i));
    }
    views.publish(firstPosition + events.size() - 1);
  }

  private static StorageBackend copy(StorageBackend table) {
    var copy = new InMemoryBackend();
    for (var keyspace : Keyspace.values()) {
      var batches = new ArrayList<>(List.of(new WriteBatch()));
      try (var cursor = table.scanPrefix(keyspace, new byte[0])) {
        while (cursor.next()) {
          batches.getLast().put(keyspace, cursor.key(), cursor.value());
          if (batches.getLast().sizeBytes() >= COPY_BATCH_BYTES) {
            copy.writeBatch(batches.removeLast());
            batches.add(new WriteBatch());
          }
        }
      }
      copy.writeBatch(batches.getLast());
    }
    return copy;
  }
}
