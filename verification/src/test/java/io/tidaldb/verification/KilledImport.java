package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An import in a process of its own that is killed on its way. A read from it ends when it ends.
final class KilledImport {

  private KilledImport() {}

  private static long sent(String line) {
    return Long.parseLong(line.substring("SENT ".length()));
  }

  /// Starts an import in small batches and kills it.
  ///
  /// @param writes how many it has sent when it is killed
  static void run(Path directory, RealData data, long writes) {
    try {
      var process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "--enable-native-access=ALL-UNNAMED",
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-Dtidal.root=" + System.getProperty("tidal.root"),
                      "-Dtidal.shared=" + System.getProperty("tidal.shared"),
                      "-Djava.library.path=" + Child.nativeLibrary(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      ImportRun.class.getName(),
                      directory.toString(),
                      data.name(),
                      "50"))
              .redirectErrorStream(true)
              .start();
      try (var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("BUILD " + BuildId.ofEngine());
        var line = lines.readLine();
        while (line != null && line.startsWith("SENT ") && sent(line) < writes) {
          line = lines.readLine();
        }
        assertThat(line).as("what the import said").startsWith("SENT ");
        process.toHandle().destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
