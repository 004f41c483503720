package io.tidaldb.functional;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A volume whose file syncs wait while a gate is shut: a disk that has stalled.
///
/// **Threads.** Any.
final class GateVolume implements Volume {

  private final Volume volume;
  private volatile @Nullable CountDownLatch gate;
  private volatile CountDownLatch arrived = new CountDownLatch(1);

  GateVolume(Volume volume) {
    this.volume = volume;
  }

  /// From now on syncs of files wait.
  void shut() {
    arrived = new CountDownLatch(1);
    gate = new CountDownLatch(1);
  }

  /// Waits until a sync waits.
  void awaitArrival() {
    try {
      if (!arrived.await(Doors.WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody syncs");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Lets every sync through.
  void openGate() {
    var shut = gate;
    gate = null;
    if (shut != null) {
      shut.countDown();
    }
  }

  private void pass() {
    var shut = gate;
    if (shut == null) {
      return;
    }
    arrived.countDown();
    try {
      if (!shut.await(Doors.WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the gate stays shut");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public VolumeFile open(String name, OpenMode mode) {
    return new GateFile(volume.open(name, mode));
  }

  @Override
  public boolean exists(String name) {
    return volume.exists(name);
  }

  @Override
  public void rename(String from, String to) {
    volume.rename(from, to);
  }

  @Override
  public void delete(String name) {
    volume.delete(name);
  }

  @Override
  public List<String> list(String directory) {
    return volume.list(directory);
  }

  @Override
  public void createDirectory(String directory) {
    volume.createDirectory(directory);
  }

  @Override
  public void syncDirectory(String directory) {
    volume.syncDirectory(directory);
  }

  @Override
  public long usableBytes() {
    return volume.usableBytes();
  }

  @Override
  public String describe(String name) {
    return volume.describe(name);
  }

  private final class GateFile implements VolumeFile {

    private final VolumeFile file;

    GateFile(VolumeFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      file.write(bytes, offset);
    }

    @Override
    public int read(ByteBuffer bytes, long offset) {
      return file.read(bytes, offset);
    }

    @Override
    public void sync(boolean metadata) {
      pass();
      file.sync(metadata);
    }

    @Override
    public void truncate(long size) {
      file.truncate(size);
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
