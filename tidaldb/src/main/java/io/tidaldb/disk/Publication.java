package io.tidaldb.disk;

import io.tidaldb.disk.Volume.OpenMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The way a small file appears: written under a temporary name, synced, renamed, its directory
/// synced. Whenever the power goes, the old file or the new one is there, whole.
public final class Publication {

  private Publication() {}

  /// Publishes a file, replacing what is there; durable when it returns.
  public static void write(Volume volume, String name, ByteBuffer content) {
    String temporary = StorePaths.temporary(name);
    volume.delete(temporary);
    try (VolumeFile file = volume.open(temporary, OpenMode.CREATE)) {
      file.write(content, 0);
      file.sync(true);
    }
    rename(volume, temporary, name);
  }

  /// Gives a file that is already synced its name; durable when it returns.
  public static void rename(Volume volume, String from, String to) {
    volume.rename(from, to);
    volume.syncDirectory(VolumeName.parent(to));
    if (!VolumeName.parent(from).equals(VolumeName.parent(to))) {
      volume.syncDirectory(VolumeName.parent(from));
    }
  }

  /// Deletes a file; durable when it returns. Absent is no error.
  public static void remove(Volume volume, String name) {
    if (volume.exists(name)) {
      volume.delete(name);
      volume.syncDirectory(VolumeName.parent(name));
    }
  }

  /// Deletes what an interrupted publication left in a directory.
  ///
  /// @return the names of the deleted files, without path
  public static List<String> removeLeftovers(Volume volume, String directory) {
    List<String> removed = new ArrayList<>();
    for (String name : volume.list(directory)) {
      if (name.endsWith(StorePaths.TEMPORARY_SUFFIX)) {
        volume.delete(VolumeName.in(directory, name));
        removed.add(name);
      }
    }
    if (!removed.isEmpty()) {
      volume.syncDirectory(directory);
    }
    return removed;
  }

  /// The bytes of a small file, for formats of a known size: at most `sizeMax + 1` are read, so a
  /// longer file shows.
  static ByteBuffer read(Volume volume, String name, int sizeMax) {
    try (VolumeFile file = volume.open(name, OpenMode.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(sizeMax + 1);
      var _ = file.read(bytes, 0);
      return bytes.flip();
    }
  }
}
