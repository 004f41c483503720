package io.tidaldb.log;

import io.tidaldb.disk.VolumeFile;
import java.nio.ByteBuffer;

/// Writes zeros, so that a file owns its blocks before it is appended to.
final class Zeros {

  private static final int BYTES = 256 << 10;

  private Zeros() {}

  /// Fills a range of the file.
  static void write(VolumeFile file, long from, long to) {
    var zeros = ByteBuffer.allocateDirect((int) Math.min(BYTES, Math.max(0, to - from)));
    for (long offset = from; offset < to; offset += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - offset));
      file.write(zeros, offset);
    }
  }
}
