package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.RecoveryForecast;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidal recover`: what opening would do, and the way out when the log is damaged in the middle.
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = {
      "Show what opening a database would do, or give up the end of a damaged log.",
      "",
      "Opening recovers by itself; this command only looks, unless it is told to truncate."
    },
    footer = {
      "",
      "Examples:",
      "  tidal recover db/ --verify-only",
      "  tidal recover db/ --truncate-after 48211 --accept-loss"
    })
final class RecoverCommand implements Callable<Integer> {

  private static final int EXIT_DAMAGED = 5;

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Option(names = "--verify-only", description = "Only look: the dry run of an open.")
  private boolean verifyOnly;

  @Option(
      names = "--truncate-after",
      paramLabel = "POSITION",
      description = "Move everything after this position to quarantine/.")
  private @Nullable Long truncateAfter;

  @Option(names = "--accept-loss", description = "Yes, the events after the position are lost.")
  private boolean acceptLoss;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (verifyOnly == (truncateAfter != null)) {
      throw new InvalidRequestException(
          "OPTION_INVALID",
          "opening a database recovers it by itself; say --verify-only for a dry run, or"
              + " --truncate-after POSITION --accept-loss to give up the end of a damaged log");
    }
    return truncateAfter == null ? look() : truncate(truncateAfter);
  }

  private int look() {
    var forecast = TidalDb.inspect(directory).recovery();
    Facts.print(output, shape(forecast));
    return forecast.findings().isEmpty() ? 0 : EXIT_DAMAGED;
  }

  private int truncate(long position) {
    if (!acceptLoss) {
      throw new InvalidRequestException(
          "OPTION_INVALID",
          "--truncate-after loses every event after position="
              + position
              + "; copy the directory, then say --accept-loss");
    }
    var bytes = TidalDb.inspect(directory).truncateAfter(position);
    Facts.print(output, Map.of("truncated_after", position, "bytes_set_aside", bytes));
    return 0;
  }

  private static Map<String, Object> shape(RecoveryForecast forecast) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("path", forecast.path());
    facts.put("clean", forecast.clean());
    facts.put("tail", forecast.tail());
    facts.put("bytes_to_cut", forecast.bytesToCut());
    facts.put("generation", forecast.generation());
    facts.put("generation_position", forecast.generationPosition());
    facts.put("first_position", forecast.firstPosition());
    facts.put("last_position", forecast.lastPosition());
    facts.put("events_to_replay", forecast.eventsToReplay());
    facts.put("estimated_millis", forecast.estimate().toMillis());
    facts.put("findings", forecast.findings());
    return facts;
  }
}
