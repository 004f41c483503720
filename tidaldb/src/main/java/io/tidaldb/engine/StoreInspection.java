package io.tidaldb.engine;

import com.google.errorprone.annotations.Var;
import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.checkpoint.Checkpoints;
import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.DirectoryLock;
import io.tidaldb.disk.DiskVolume;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.LogReader;
import io.tidaldb.log.PageView;
import io.tidaldb.log.Tail;
import io.tidaldb.log.View;
import io.tidaldb.schema.LockedException;
import io.tidaldb.schema.RecoveryForecast;
import io.tidaldb.schema.StoreDiagnostics;
import io.tidaldb.schema.StorePath;
import io.tidaldb.schema.StoreStatus;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Verification;
import io.tidaldb.storage.RocksDbBackend;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads a store from outside: takes a shared lock, opens nothing for writing, and goes on where a
/// part is damaged.
///
/// **Threads.** Any; every call stands alone.
public final class StoreInspection {

  private static final int FORMAT_VERSION = 1;

  /// What a fold was measured to do on two cores, rounded down.
  private static final long EVENTS_REPLAYED_PER_SECOND = 1_000_000;

  /// Every path of a store, in the order of the specification.
  private static final Map<String, String> PATHS = paths0();

  private final Path directory;
  private final InstantSource clock;

  /// @param clock tells how old a checkpoint is
  public StoreInspection(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// What the store is.
  public StoreStatus status() {
    return alsoLive(this::status);
  }

  /// Every path that a store may have.
  public List<StorePath> paths() {
    return alsoLive(
        live -> {
          var volume = DiskVolume.readOnly(directory);
          return PATHS.entrySet().stream()
              .map(
                  path ->
                      new StorePath(
                          path.getKey(),
                          path.getValue(),
                          volume.exists(path.getKey()),
                          bytes(volume, path.getKey())))
              .toList();
        });
  }

  /// What the store holds.
  public StoreDiagnostics diagnostics() {
    return alsoLive(this::diagnostics);
  }

  /// What opening would do.
  public RecoveryForecast recovery() {
    try (var _ = DirectoryLock.shared(directory)) {
      var state = OfflineState.load(directory);
      var findings = new ArrayList<>(state.refused());
      var replay = new long[1];
      var scan = state.scan((first, received, events) -> replay[0] += events.size());
      scan.findings().forEach(finding -> findings.add(String.valueOf(finding.getMessage())));
      if (scan.firstPosition() > state.views().lowestLoaded() + 1) {
        findings.add(
            "log begins too late: firstPosition="
                + scan.firstPosition()
                + " wanted="
                + (state.views().lowestLoaded() + 1));
      }
      return new RecoveryForecast(
          directory.toString(),
          state.isClean(),
          words(scan.tail()),
          state.generation().map(CheckpointMeta::generation).orElse(0L),
          state.generation().map(CheckpointMeta::position).orElse(0L),
          scan.firstPosition(),
          scan.lastPosition(),
          replay[0],
          scan.tail() instanceof Tail.Torn torn ? torn.bytes() : 0,
          Duration.ofMillis(1 + replay[0] * 1_000 / EVENTS_REPLAYED_PER_SECOND),
          findings);
    }
  }

  /// Checks every frame, page and view.
  public Verification verify(boolean deep) {
    try (var _ = DirectoryLock.shared(directory)) {
      return new OfflineVerifier(directory).verify(deep);
    }
  }

  /// Gives the events of a range of positions.
  public void events(long from, long to, Consumer<Map<String, Object>> line) {
    try (var _ = DirectoryLock.shared(directory)) {
      var volume = DiskVolume.readOnly(directory);
      var views = attempt("views", new TreeMap<>(), () -> OfflineState.load(directory).views());
      var names = views.map(loaded -> loaded.vocabulary().ids()).orElse(new TreeMap<>());
      var identity = OfflineState.identity(volume);
      var forgotten = new Forgotten();
      views.ifPresent(loaded -> forgotten.addAll(loaded.erasures()));
      var _ = LogReader.scan(volume, Optional.of(identity), 1, forgotten);
      var lines = new EventLines(from, to, names, forgotten, line);
      var scan = LogReader.scan(volume, Optional.of(identity), 1, lines);
      if (!scan.findings().isEmpty()) {
        throw scan.findings().getFirst();
      }
    }
  }

  /// Gives the canonical state at the log's end.
  public void state(Consumer<Map<String, Object>> line) {
    try (var _ = DirectoryLock.shared(directory)) {
      var state = OfflineState.load(directory);
      var scan = state.replay();
      if (!scan.findings().isEmpty()) {
        throw scan.findings().getFirst();
      }
      var lines = new StateLines(line);
      state.views().digest(lines);
      lines.finish();
    }
  }

  /// Moves what comes after a position to the quarantine.
  public long truncateAfter(long position) {
    return new StoreTruncation(directory, clock).truncateAfter(position);
  }

  private StoreStatus status(boolean live) {
    var unavailable = new TreeMap<String, String>();
    var volume = DiskVolume.readOnly(directory);
    Optional<StoreIdentity> identity =
        attempt("identity", unavailable, () -> OfflineState.identity(volume));
    var clean =
        identity.flatMap(
            id -> attempt("clean mark", unavailable, () -> CleanMark.read(volume, id.store())));
    var scan =
        attempt(
            "log",
            unavailable,
            () -> LogReader.scan(volume, identity, Long.MAX_VALUE, FrameConsumer.NONE));
    if (!live) {
      scan.flatMap(found -> found.findings().stream().findFirst())
          .ifPresent(finding -> unavailable.put("log", String.valueOf(finding.getMessage())));
    }
    var generations = attempt("store", unavailable, this::generations).orElse(List.of());
    var segments = attempt("segments", unavailable, () -> segments(volume)).orElse(List.of());
    return new StoreStatus(
        directory.toString(),
        live,
        identity.map(id -> id.store().toString()),
        identity.map(StoreIdentity::created),
        FORMAT_VERSION,
        !live && clean.flatMap(Function.identity()).isPresent(),
        scan.map(found -> OptionalLong.of(found.lastPosition())).orElse(OptionalLong.empty()),
        generations.stream()
            .map(
                meta ->
                    new StoreStatus.Generation(
                        meta.generation(),
                        meta.checkpointTime(),
                        meta.position(),
                        meta.pages(),
                        meta.bytes()))
            .toList(),
        segments.size(),
        segments.stream().mapToLong(StoreDiagnostics.Segment::bytes).sum(),
        generations.stream().findFirst().map(meta -> meta.schemaFingerprint().toString()),
        unavailable);
  }

  private StoreDiagnostics diagnostics(boolean live) {
    var unavailable = new TreeMap<String, String>();
    var volume = DiskVolume.readOnly(directory);
    var segments = attempt("segments", unavailable, () -> segments(volume)).orElse(List.of());
    var state = attempt("views", unavailable, () -> OfflineState.load(directory));
    var scan =
        state.flatMap(loaded -> attempt("log", unavailable, () -> loaded.scan(FrameConsumer.NONE)));
    var newest = state.flatMap(OfflineState::generation);
    var behind =
        scan.isPresent()
            ? OptionalLong.of(
                scan.get().lastPosition() - newest.map(CheckpointMeta::position).orElse(0L))
            : OptionalLong.empty();
    return new StoreDiagnostics(
        directory.toString(),
        live,
        attempt("configuration", unavailable, () -> text(volume, StorePaths.CONFIG)),
        segments,
        behind,
        newest.map(meta -> Duration.between(meta.checkpointTime().toInstant(), clock.instant())),
        state
            .map(loaded -> loaded.views().all().stream().map(StoreInspection::facts).toList())
            .orElse(List.of()),
        unavailable);
  }

  private static StoreDiagnostics.ViewFacts facts(View view) {
    var lines = new StateLines(entry -> {});
    view.digest(lines);
    return new StoreDiagnostics.ViewFacts(
        view.name(),
        lines.entries(),
        view instanceof PageView pages ? OptionalLong.of(pageBytes(pages)) : OptionalLong.empty(),
        view.loadedPosition());
  }

  private static long pageBytes(PageView view) {
    var bytes = new long[1];
    view.freeze(true).forEach((key, content) -> bytes[0] += content.length);
    return bytes[0];
  }

  private List<CheckpointMeta> generations() {
    try (var table = RocksDbBackend.openReadOnly(directory.resolve(StorePaths.STORE))) {
      return new Checkpoints(table, CrashInjector.NONE).generations();
    }
  }

  private static List<StoreDiagnostics.Segment> segments(Volume volume) {
    return volume.list(StorePaths.LOG).stream()
        .filter(name -> StorePaths.firstPosition(name).isPresent())
        .map(
            name ->
                new StoreDiagnostics.Segment(
                    name,
                    StorePaths.firstPosition(name).getAsLong(),
                    size(volume, VolumeName.in(StorePaths.LOG, name))))
        .toList();
  }

  private static long bytes(Volume volume, String name) {
    // The lock is never opened for anything but locking: closing it would let the lock go.
    if (!volume.exists(name) || name.equals(StorePaths.LOCK)) {
      return 0;
    }
    if (!isDirectory(name)) {
      return size(volume, name);
    }
    return volume.list(name).stream()
        .mapToLong(file -> size(volume, VolumeName.in(name, file)))
        .sum();
  }

  private static boolean isDirectory(String name) {
    return List.of(StorePaths.LOG, StorePaths.STORE, StorePaths.SEARCH, StorePaths.QUARANTINE)
        .contains(name);
  }

  private static long size(Volume volume, String name) {
    try (var file = volume.open(name, Volume.OpenMode.READ)) {
      return file.size();
    } catch (TidalException e) {
      // It went away while a database runs, or is no plain file.
      return 0;
    }
  }

  private static String text(Volume volume, String name) {
    try (var file = volume.open(name, Volume.OpenMode.READ)) {
      var bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      var _ = file.read(bytes, 0);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  private <T> T alsoLive(Function<Boolean, T> look) {
    @Var Optional<DirectoryLock> lock;
    try {
      lock = Optional.of(DirectoryLock.shared(directory));
    } catch (LockedException e) {
      lock = Optional.empty();
    }
    try {
      return look.apply(lock.isEmpty());
    } finally {
      lock.ifPresent(DirectoryLock::close);
    }
  }

  private static <T> Optional<T> attempt(
      String what, Map<String, String> unavailable, Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (TidalException e) {
      unavailable.put(what, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static String words(Tail tail) {
    return switch (tail) {
      case Tail.Clean _ -> "whole";
      case Tail.Torn torn ->
          "torn: file=" + torn.file() + " offset=" + torn.offset() + " bytes=" + torn.bytes();
      case Tail.Damaged _ -> "damaged";
    };
  }

  private static Map<String, String> paths0() {
    var paths = new LinkedHashMap<String, String>();
    paths.put(StorePaths.LOCK, "the lock");
    paths.put(StorePaths.OWNER, "who holds it");
    paths.put(StorePaths.IDENTITY, "which store this is");
    paths.put(StorePaths.CLEAN, "mark of a clean close");
    paths.put(StorePaths.LOG, "the log's segments");
    paths.put(StorePaths.STORE, "rows and checkpoint pages (RocksDB)");
    paths.put(StorePaths.SEARCH, "text and vector index");
    paths.put(StorePaths.QUARANTINE, "what recovery set aside");
    paths.put(StorePaths.CONFIG, "options of the last open, for people");
    return paths;
  }
}
