package io.tidaldb.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A directory that is gone afterwards.
///
/// @param path the directory
/// @param keep whether it stays after all
record TemporaryPlace(Path path, boolean keep) implements AutoCloseable {

  static TemporaryPlace make(boolean keep) throws IOException {
    return new TemporaryPlace(Files.createTempDirectory("tidal-demo-"), keep);
  }

  @Override
  public void close() throws IOException {
    if (keep) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
