package io.tidaldb.engine;

import io.tidaldb.disk.DirectoryLock;
import io.tidaldb.disk.DiskVolume;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.LogReader;
import io.tidaldb.log.LogTruncation;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.StorageException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/// Gives up what comes after a position, on purpose. Saved state that already contains it is set
/// aside too, if the log can bring back the rest.
final class StoreTruncation {

  private final Path directory;
  private final InstantSource clock;

  StoreTruncation(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Moves what comes after a position to the quarantine; returns how many bytes of the log.
  long truncateAfter(long position) {
    checkIsStore();
    try (var _ = DirectoryLock.exclusive(directory, clock)) {
      var volume = DiskVolume.open(directory);
      var identity = OfflineState.identity(volume);
      var first =
          LogReader.scan(volume, Optional.of(identity), Long.MAX_VALUE, FrameConsumer.NONE)
              .firstPosition();
      var mustReplay = isStateAhead(position);
      if (mustReplay && first != 1) {
        throw new InvalidRequestException(
            "POSITION_INVALID",
            "saved state contains later events and the log no longer starts at 1: given="
                + position
                + " firstPosition="
                + first
                + "; restore a backup");
      }
      var bytes = LogTruncation.after(volume, identity.store(), position);
      if (mustReplay) {
        setTableAside(volume, position);
      }
      return bytes;
    }
  }

  /// A shared lock makes nothing, so a wrong path is refused before the exclusive one makes a
  /// directory.
  private void checkIsStore() {
    DirectoryLock.shared(directory).close();
  }

  private boolean isStateAhead(long position) {
    var loaded = load();
    if (loaded.isEmpty()) {
      return true;
    }
    var state = loaded.get();
    var generations = state.checkpoints().generations();
    if (generations.size() > 1 && generations.getLast().position() > position) {
      throw new InvalidRequestException(
          "POSITION_INVALID",
          "position lies before the older checkpoint: given="
              + position
              + " allowed="
              + generations.getLast().position()
              + " or later");
    }
    return state.knownPosition() > position;
  }

  private Optional<OfflineState> load() {
    try {
      return Optional.of(OfflineState.load(directory));
    } catch (CorruptionException | StorageException e) {
      return Optional.empty();
    }
  }

  /// Moves the table's files. `CURRENT` goes first: without it there is no table, so what an
  /// interruption leaves is never taken for one.
  private static void setTableAside(Volume volume, long position) {
    var aside = StorePaths.quarantined(StorePaths.STORE + "-after-" + position);
    volume.createDirectory(aside);
    var files = new ArrayList<>(volume.list(StorePaths.STORE));
    files.sort(Comparator.comparing(name -> !name.equals("CURRENT")));
    for (var file : files) {
      volume.rename(VolumeName.in(StorePaths.STORE, file), VolumeName.in(aside, file));
      volume.syncDirectory(StorePaths.STORE);
    }
    volume.syncDirectory(aside);
    volume.syncDirectory(StorePaths.QUARANTINE);
    volume.syncDirectory(VolumeName.ROOT);
  }
}
