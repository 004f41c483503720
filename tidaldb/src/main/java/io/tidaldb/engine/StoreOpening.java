package io.tidaldb.engine;

import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.Publication;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.log.FrameEncoder;
import io.tidaldb.log.Log;
import io.tidaldb.log.LogOptions;
import io.tidaldb.log.RecoveryHints;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.RecoveryReport;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens a store: loads the newest good generation and folds the log behind it. Recovery is the
/// code path that runs all day; it may be killed at any instruction and repeated.
///
/// **Threads.** The opening thread only; nothing else runs yet.
final class StoreOpening {

  /// What an opened store consists of.
  record Opened(DurableJournal journal, Checkpoints checkpoints, RecoveryReport report) {}

  private final Volume volume;
  private final StorageBackend backend;
  private final Views views;
  private final EngineOptions options;
  private final CrashInjector injector;
  private final Map<String, Long> stepMicros = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private long replayed;

  StoreOpening(
      Volume volume,
      StorageBackend backend,
      Views views,
      EngineOptions options,
      CrashInjector injector) {
    this.volume = volume;
    this.backend = backend;
    this.views = views;
    this.options = options;
    this.injector = injector;
  }

  Opened open(StoreIdentity identity) {
    var clean = CleanMark.read(volume, identity.store());
    var checkpoints = new Checkpoints(backend, injector);
    var loaded = timed("load", () -> checkpoints.loadNewest(views.pages()));
    for (var refused : loaded.refused()) {
      warnings.add("generation refused: " + refused);
    }
    views.startFromLoaded();
    long known = Math.max(views.highestLoaded(), newest(checkpoints));
    var hints = new RecoveryHints(views.lowestLoaded() + 1, known, clean);
    var log = timed("replay", () -> openLog(identity, hints, checkpoints));
    if (views.highestLoaded() > log.lastPosition()) {
      throw new CorruptionException(
          "a view is ahead of the log",
          volume.describe(StorePaths.LOG),
          -1,
          views.highestLoaded(),
          "log up to " + views.highestLoaded(),
          "log up to " + log.lastPosition());
    }
    warnings.addAll(log.warnings());
    int orphans =
        timed(
            "finish",
            () -> {
              CleanMark.remove(volume);
              if (!loaded.refused().isEmpty()) {
                quarantine(loaded.refused(), log.lastPosition());
              }
              return checkpoints.removeOrphans();
            });
    Loggers.engine().debug("orphan pages removed: {}", orphans);
    var meta = loaded.meta();
    var report =
        new RecoveryReport(
            meta.map(m -> m.generation()).orElse(0L),
            meta.map(m -> m.position()).orElse(0L),
            log.lastPosition(),
            replayed,
            log.bytesCut(),
            clean.isPresent(),
            stepMicros,
            warnings);
    return new Opened(new DurableJournal(log, new FrameEncoder(identity)), checkpoints, report);
  }

  /// Keeps what was refused: the findings, then every manifest row as length and bytes of key and
  /// value.
  private void quarantine(List<String> refused, long position) {
    var content = new ByteArrayOutputStream();
    content.writeBytes((String.join("\n", refused) + "\n").getBytes(StandardCharsets.UTF_8));
    try (var rows = backend.scanPrefix(Keyspace.SYSTEM, Keys.row(0, Tag.CKPT))) {
      while (rows.next()) {
        for (byte[] bytes : List.of(rows.key(), rows.value())) {
          content.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
          content.writeBytes(bytes);
        }
      }
    }
    var name = StorePaths.quarantined("refused-generations-at-" + position);
    volume.createDirectory(StorePaths.QUARANTINE);
    Publication.write(volume, name, ByteBuffer.wrap(content.toByteArray()));
  }

  private static long newest(Checkpoints checkpoints) {
    return checkpoints.generations().stream().mapToLong(meta -> meta.position()).max().orElse(0);
  }

  private Log openLog(StoreIdentity identity, RecoveryHints hints, Checkpoints checkpoints) {
    var logOptions = new LogOptions(options.log().segmentBytes());
    boolean isNew =
        volume.list(StorePaths.LOG).stream()
                .allMatch(name -> StorePaths.firstPosition(name).isEmpty())
            && hints.knownPosition() == 0
            && hints.clean().isEmpty()
            && checkpoints.generations().isEmpty();
    if (isNew) {
      return Log.create(volume, logOptions, identity);
    }
    return Log.open(volume, logOptions, identity, hints, this::replay);
  }

  private void replay(long firstPosition, long receiveNanos, List<Event> events) {
    long position = firstPosition;
    for (int i = 0; i < events.size(); i++) {
      views.apply(position++, events.get(i));
    }
    views.publish(position - 1);
    replayed += events.size();
  }

  private <T> T timed(String step, java.util.function.Supplier<T> work) {
    long began = System.nanoTime();
    try {
      return work.get();
    } finally {
      stepMicros.put(step, (System.nanoTime() - began) / 1_000);
    }
  }

  /// The identity of the store in this volume, made if the volume is new.
  static StoreIdentity identity(Volume volume, EngineOptions options) {
    volume.createDirectory("");
    for (var name : volume.list("")) {
      if (name.endsWith(StorePaths.TEMPORARY_SUFFIX)) {
        volume.delete(name);
      }
    }
    Optional<StoreIdentity> existing = StoreIdentity.read(volume);
    if (existing.isPresent()) {
      return existing.get();
    }
    var created = StoreIdentity.create(Timestamp.now(options.clock()));
    created.write(volume);
    return created;
  }
}
