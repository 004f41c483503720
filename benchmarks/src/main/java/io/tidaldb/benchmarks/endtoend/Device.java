package io.tidaldb.benchmarks.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/// What the device itself needs: writing 4 KiB into a file that exists already, and syncing it.
final class Device {

  private static final int BLOCK_BYTES = 4_096;
  private static final int FILE_BLOCKS = 4_096;
  private static final int ROUNDS = 1_000;

  private Device() {}

  /// Nanoseconds of write and data sync.
  static Histogram syncNanos(Path directory) throws IOException {
    var file = Files.createDirectories(directory).resolve("device.bin");
    var histogram = Tables.histogram();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      for (int i = 0; i < FILE_BLOCKS; i++) {
        channel.write(block.clear(), (long) i * BLOCK_BYTES);
      }
      channel.force(true);
      for (int i = 0; i < ROUNDS; i++) {
        long began = System.nanoTime();
        channel.write(block.clear(), (long) (i % FILE_BLOCKS) * BLOCK_BYTES);
        channel.force(false);
        histogram.recordValue(System.nanoTime() - began);
      }
    }
    Files.delete(file);
    return histogram;
  }
}
