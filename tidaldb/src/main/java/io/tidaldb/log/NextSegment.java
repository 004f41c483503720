package io.tidaldb.log;

import io.tidaldb.disk.FileHeader;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.StorageException;
import org.jspecify.annotations.Nullable;

/// The segment after the newest: zero-filled and synced ahead of time, so that appending to it
/// needs a data sync only. The one place where the log can run out of space.
///
/// **Threads.** Prepared in the background, published by the writer; one lock.
final class NextSegment implements AutoCloseable {

  private final Volume volume;
  private @Nullable VolumeFile file;
  private long bytes;
  private volatile boolean ready;

  NextSegment(Volume volume) {
    this.volume = volume;
  }

  boolean ready() {
    return ready;
  }

  /// Makes the next segment at least this long; false if it was.
  ///
  /// @throws StorageException with `NOT_WRITTEN` if there is no room; a later call may succeed
  synchronized boolean prepare(long wantedBytes) {
    if (file != null && bytes >= wantedBytes) {
      return false;
    }
    try {
      fill(wantedBytes);
    } catch (StorageException e) {
      discard(e);
      throw notWritten(e);
    }
    ready = true;
    return true;
  }

  private void fill(long wantedBytes) {
    long missing = wantedBytes - (file == null ? 0 : bytes);
    if (volume.usableBytes() < missing) {
      throw new StorageException(
          "reserve " + missing + " bytes",
          volume.describe(StorePaths.NEXT_SEGMENT),
          StorageException.Outcome.NOT_WRITTEN,
          null);
    }
    var open = file;
    if (open == null) {
      volume.delete(StorePaths.NEXT_SEGMENT);
      open = volume.open(StorePaths.NEXT_SEGMENT, Volume.OpenMode.CREATE);
      file = open;
      bytes = 0;
    }
    Zeros.write(open, bytes, wantedBytes);
    open.sync(true);
    bytes = wantedBytes;
  }

  /// Gives the prepared segment its header and its name. Durable when it returns.
  synchronized void publish(FileHeader header, String name) {
    var open = file;
    if (open == null) {
      throw new IllegalStateException("no segment is prepared");
    }
    open.write(header.encode(), 0);
    open.sync(true);
    open.close();
    file = null;
    ready = false;
    volume.rename(StorePaths.NEXT_SEGMENT, name);
    volume.syncDirectory(StorePaths.LOG);
  }

  private void discard(StorageException cause) {
    try {
      close();
      volume.delete(StorePaths.NEXT_SEGMENT);
    } catch (StorageException e) {
      cause.addSuppressed(e);
    }
  }

  private StorageException notWritten(StorageException cause) {
    return new StorageException(
        "prepare segment",
        volume.describe(StorePaths.NEXT_SEGMENT),
        StorageException.Outcome.NOT_WRITTEN,
        cause);
  }

  @Override
  public synchronized void close() {
    ready = false;
    bytes = 0;
    var open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
