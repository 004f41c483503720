package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.InvalidRequestException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidal dump`: events, or the canonical state, one JSON object a line.
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description = {
      "Print the events of a database, or its state, one JSON object a line.",
      "",
      "Ids are strings. Changes nothing; nobody may have the database open."
    },
    footer = {"", "Examples:", "  tidal dump db/ --from 100 --to 120", "  tidal dump db/ --state"})
final class DumpCommand implements Runnable {

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Option(names = "--from", paramLabel = "POSITION", description = "The first event; else 1.")
  private @Nullable Long from;

  @Option(names = "--to", paramLabel = "POSITION", description = "The last event; else the end.")
  private @Nullable Long to;

  @Option(names = "--state", description = "The state at the log's end instead of events.")
  private boolean state;

  @Mixin private Output output;

  @Override
  public void run() {
    var store = TidalDb.inspect(directory);
    if (!state) {
      store.events(from == null ? 1 : from, to == null ? Long.MAX_VALUE : to, output::json);
      return;
    }
    if (from != null || to != null) {
      throw new InvalidRequestException(
          "OPTION_INVALID", "--state is the state at the log's end: leave out --from and --to");
    }
    store.state(output::json);
  }
}
