package io.tidaldb.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a writing process of its own and kills it in the middle of its work.
final class KilledWriter {

  /// @param acknowledged the numbers of the writes that it said were done, as long as it lived
  /// @param exitCode how the process ended
  record Report(List<Long> acknowledged, int exitCode) {}

  private KilledWriter() {}

  /// Starts the process, lets it acknowledge so many writes, and kills it.
  ///
  /// @param directory the database
  /// @throws IOException if it does not start or stops by itself
  static Report run(Path directory, int acknowledgements) throws IOException, InterruptedException {
    var errors = Files.createTempFile("tidal-demo-writer-", ".log");
    try {
      var process = start(directory, errors);
      try (var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        return read(process, lines, acknowledgements, errors);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  private static Report read(
      Process process, BufferedReader lines, int acknowledgements, Path errors)
      throws IOException, InterruptedException {
    var acknowledged = new ArrayList<Long>();
    if (!"ready".equals(lines.readLine())) {
      throw new IOException("the writing process did not start: " + Files.readString(errors));
    }
    while (acknowledged.size() < acknowledgements) {
      var line = lines.readLine();
      if (line == null) {
        throw new IOException("the writing process stopped: " + Files.readString(errors));
      }
      acknowledged.add(Long.parseLong(line));
    }
    // Through the handle: Process would also close the pipe, with acknowledgements in it.
    if (!process.toHandle().destroyForcibly()) {
      throw new IOException("the writing process cannot be killed: pid=" + process.pid());
    }
    // What it said before it died counts too; a line without its end was never said.
    var last = remaining(lines);
    for (var line : last) {
      acknowledged.add(Long.parseLong(line));
    }
    return new Report(acknowledged, process.waitFor());
  }

  private static List<String> remaining(BufferedReader lines) throws IOException {
    var rest = new StringBuilder();
    while (true) {
      var letter = lines.read();
      if (letter < 0) {
        break;
      }
      rest.append((char) letter);
    }
    var whole = rest.substring(0, rest.lastIndexOf("\n") + 1);
    return whole.lines().toList();
  }

  private static Process start(Path directory, Path errors) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx512m",
            "-cp",
            classPath(),
            "io.tidaldb.cli.Tidal",
            "demo-writer",
            directory.toString())
        .redirectError(errors.toFile())
        .start();
  }

  private static String classPath() {
    @Nullable String tests = System.getProperty("surefire.test.class.path");
    return tests == null ? System.getProperty("java.class.path") : tests;
  }
}
