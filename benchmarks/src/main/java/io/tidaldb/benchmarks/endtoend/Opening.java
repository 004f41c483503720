package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Timestamp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// How long opening takes: a million items with metadata and four signals in a checkpoint, and
/// 300,000 events behind it.
final class Opening {

  private final Path directory;
  private final int items;
  private final int backlog;

  Opening(Path directory, int items, int backlog) {
    this.directory = directory;
    this.items = items;
    this.backlog = backlog;
  }

  void run() {
    var scenario = new Scenario(items, 3);
    var now = Timestamp.now(InstantSource.system());
    var path = directory.resolve("opening");
    var db =
        TidalDb.builder()
            .dataDirectory(path)
            .schema(Scenario.schema())
            .checkpointInterval(Duration.ofHours(1))
            .checkpointLogBytes(8L << 30)
            .open();
    scenario.writeItems(db, now);
    scenario.writeSignals(db, 3 * items, now);
    var full = db.checkpoint();
    scenario.writeSignals(db, items / 100, now);
    var second = db.checkpoint();
    scenario.writeSignals(db, backlog, now);
    var metrics = db.metricsText();
    TestDoor.abandon(db);
    Tables.header("what", "figure");
    Tables.row(
        "first checkpoint", full.pagesWritten() + " pages, " + full.bytesWritten() + " bytes");
    Tables.row(
        "checkpoint after " + items / 100 + " more signals",
        second.pagesWritten() + " pages, " + second.bytesWritten() + " bytes");
    metrics
        .lines()
        .filter(line -> line.matches("tidaldb_(signal_|checkpoint_pause_seconds_(sum|count)).*"))
        .forEach(
            line ->
                Tables.row(
                    line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
    for (int i = 0; i < 3; i++) {
      long began = System.nanoTime();
      var again = TidalDb.open(path);
      double seconds = (System.nanoTime() - began) / 1e9;
      var report = again.recovery();
      Tables.row(
          "open, run " + (i + 1),
          String.format(
              Locale.ROOT,
              "%.2f s, %d events replayed, steps %s µs",
              seconds,
              report.eventsReplayed(),
              report.stepMicros()));
      TestDoor.abandon(again);
    }
  }
}
