package io.tidaldb.cli;

import io.tidaldb.schema.Timestamp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tidal retrieve`: asks a database for a ranked page.
@Command(
    name = "retrieve",
    mixinStandardHelpOptions = true,
    description = "Ask a database for a ranked page of items.",
    footer = {
      "",
      "Examples:",
      "  tidal retrieve db/",
      "  tidal retrieve db/ --sort hot --at end --explain",
      "  tidal retrieve db/ --sort most_liked --window 7d --at end --where category=drama",
      "  tidal retrieve db/ --profile trending --tag nft --created-within 30d --limit 20 --json"
    })
final class RetrieveCommand implements Callable<Integer> {

  /// Older than this, the newest event makes a feed of now look empty.
  private static final Duration STALE = Duration.ofDays(30);

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private RetrieveOptions options;

  @Mixin private Output output;

  @Override
  public Integer call() {
    try (var db = Stores.open(directory)) {
      var request = options.request(db.schema(), db::newestEventTime);
      new Feed(db, output).print(db.retrieve(request), options.explain());
      var stale = db.newestEventTime().filter(this::isStale);
      stale.ifPresent(
          newest ->
              output.note(
                  "note: the newest event is of " + newest + "; '--at end' asks as of then"));
    }
    return 0;
  }

  private boolean isStale(Timestamp newest) {
    return !options.isDated()
        && !output.isJson()
        && newest.toInstant().isBefore(Instant.now().minus(STALE));
  }
}
