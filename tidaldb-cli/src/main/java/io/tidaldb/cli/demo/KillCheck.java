package io.tidaldb.cli.demo;

import com.google.errorprone.annotations.Var;
import io.tidaldb.TidalDb;
import io.tidaldb.cli.Output;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Kills a process that writes to a database, opens the database, and counts.
final class KillCheck {

  private static final int RESEND_BATCH = 1_000;

  private final Path database;
  private final Output output;
  private final Map<String, Object> figures;
  private final Tour tour;

  /// @param figures where the findings go
  /// @param tour knows what else must still be there
  KillCheck(Path database, Output output, Map<String, Object> figures, Tour tour) {
    this.tour = tour;
    this.database = database;
    this.output = output;
    this.figures = figures;
  }

  /// Whether everything acknowledged is there, exactly once.
  ///
  /// @param acknowledgements how many writes the process may acknowledge before it is killed
  boolean run(int acknowledgements) throws IOException, InterruptedException {
    say("");
    say(output.bold("Another process writes to the database and is killed (SIGKILL)"));
    var report = KilledWriter.run(database, acknowledgements);
    var acknowledged = report.acknowledged();
    say(
        "it acknowledged %,d durable writes and ended with exit code %d"
            .formatted(acknowledged.size(), report.exitCode()));
    var began = System.nanoTime();
    try (var db = TidalDb.open(database)) {
      var recovery = db.recovery();
      say(
          "opened again in %,d ms: checkpoint at position %,d, %,d events replayed, %,d torn bytes cut"
              .formatted(
                  (System.nanoTime() - began) / 1_000_000,
                  recovery.generationPosition(),
                  recovery.eventsReplayed(),
                  recovery.bytesCut()));
      boolean unchanged = tour.isUnchanged(db);
      return check(db, acknowledged) && unchanged;
    }
  }

  private boolean check(TidalDb db, List<Long> acknowledged) {
    var missing = acknowledged.stream().filter(number -> count(db, number) == 0).count();
    var twice = acknowledged.stream().filter(number -> count(db, number) > 1).count();
    var repeated = resend(db, acknowledged);
    var stillOnce = acknowledged.stream().allMatch(number -> count(db, number) == 1);
    say("missing: %,d   counted twice: %,d".formatted(missing, twice));
    say(
        "all sent again under their keys: %,d of %,d recognised, nothing counted again: %s"
            .formatted(repeated, acknowledged.size(), stillOnce));
    var kept = missing == 0 && twice == 0 && repeated == acknowledged.size() && stillOnce;
    say(output.bold(kept ? "Nothing acknowledged was lost." : "SOMETHING WAS LOST."));
    figures.put("acknowledged", acknowledged.size());
    figures.put("missing", missing);
    figures.put("counted_twice", twice);
    figures.put("recognised", repeated);
    return kept;
  }

  private static long resend(TidalDb db, List<Long> acknowledged) {
    @Var var repeated = 0L;
    for (var from = 0; from < acknowledged.size(); from += RESEND_BATCH) {
      var part =
          acknowledged.subList(from, Math.min(acknowledged.size(), from + RESEND_BATCH)).stream()
              .map(WriterCommand::write)
              .toList();
      repeated += db.write(part).stream().filter(Receipt::duplicate).count();
    }
    return repeated;
  }

  private static long count(TidalDb db, long number) {
    return db.readWindowedCount(
        EntityId.of(WriterCommand.FIRST_ID + number), "view", Window.ALL_TIME);
  }

  private void say(String text) {
    if (!output.isJson()) {
      output.line(text);
    }
  }
}
