package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tidal diagnostics`: what is in a store.
@Command(
    name = "diagnostics",
    mixinStandardHelpOptions = true,
    description = "Show what a database holds; changes nothing and works while it runs.",
    footer = {"", "Example:", "  tidal diagnostics db/ --json"})
final class DiagnosticsCommand implements Runnable {

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private Output output;

  @Override
  public void run() {
    var found = TidalDb.inspect(directory).diagnostics();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("path", found.path());
    facts.put("live", found.live());
    facts.put("configuration", found.configuration().orElse(null));
    facts.put("events_behind_checkpoint", number(found.eventsBehindCheckpoint()));
    facts.put(
        "checkpoint_age_seconds", found.checkpointAge().map(Duration::toSeconds).orElse(null));
    facts.put(
        "segments",
        found.segments().stream()
            .map(
                segment ->
                    shape(
                        "file", segment.file(),
                        "first_position", segment.firstPosition(),
                        "bytes", segment.bytes()))
            .toList());
    facts.put(
        "views",
        found.views().stream()
            .map(
                view -> {
                  var shape =
                      shape(
                          "view",
                          view.name(),
                          "entries",
                          view.entries(),
                          "bytes",
                          number(view.bytes()));
                  shape.put("position", view.position());
                  return shape;
                })
            .toList());
    facts.put("unavailable", found.unavailable());
    Facts.print(output, facts);
  }

  private static Map<String, @Nullable Object> shape(@Nullable Object... pairs) {
    var shape = new LinkedHashMap<String, @Nullable Object>();
    for (var at = 0; at < pairs.length; at += 2) {
      shape.put(String.valueOf(pairs[at]), pairs[at + 1]);
    }
    return shape;
  }

  private static @Nullable Long number(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
