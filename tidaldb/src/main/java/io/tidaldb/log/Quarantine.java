package io.tidaldb.log;

import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeName;
import java.nio.ByteBuffer;

/// Keeps a copy of what recovery cuts, published like any file, before it is cut.
final class Quarantine {

  private static final int CHUNK_BYTES = 1 << 20;

  private Quarantine() {}

  /// Copies `bytes` bytes of a segment; repeating it after a crash writes the same file again.
  static void keep(Volume volume, Tail.Torn torn) {
    volume.createDirectory(StorePaths.QUARANTINE);
    volume.syncDirectory(VolumeName.ROOT);
    var name =
        VolumeName.in(
            StorePaths.QUARANTINE, VolumeName.last(torn.file()) + "." + torn.offset() + ".tail");
    var temporary = name + ".tmp";
    volume.delete(temporary);
    try (var from = volume.open(torn.file(), Volume.OpenMode.READ);
        var to = volume.open(temporary, Volume.OpenMode.CREATE)) {
      var chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, torn.bytes()));
      for (long done = 0; done < torn.bytes(); done += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), torn.bytes() - done));
        int count = from.read(chunk, torn.offset() + done);
        if (count < chunk.limit()) {
          throw new IllegalStateException(
              "segment shrank while it was copied: file=" + torn.file());
        }
        to.write(chunk.flip(), done);
      }
      to.sync(true);
    }
    volume.rename(temporary, name);
    volume.syncDirectory(StorePaths.QUARANTINE);
  }
}
