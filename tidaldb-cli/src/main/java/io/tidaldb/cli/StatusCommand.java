package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tidal status`: what a store is.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show what a database is; changes nothing and works while it runs.",
    footer = {"", "Example:", "  tidal status db/"})
final class StatusCommand implements Runnable {

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private Output output;

  @Override
  public void run() {
    var status = TidalDb.inspect(directory).status();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("path", status.path());
    facts.put("live", status.live());
    facts.put("store", status.storeId().orElse(null));
    facts.put("created", status.created().map(Object::toString).orElse(null));
    facts.put("format_version", status.formatVersion());
    facts.put("clean", status.clean());
    facts.put(
        "last_position",
        status.lastPosition().isPresent() ? status.lastPosition().getAsLong() : null);
    facts.put(
        "generations",
        status.generations().stream()
            .map(
                generation -> {
                  var shape = new LinkedHashMap<String, Object>();
                  shape.put("generation", generation.number());
                  shape.put("time", generation.time().toString());
                  shape.put("position", generation.position());
                  shape.put("pages", generation.pages());
                  shape.put("bytes", generation.bytes());
                  return shape;
                })
            .toList());
    facts.put("segments", status.segments());
    facts.put("log_bytes", status.logBytes());
    facts.put("schema_fingerprint", status.schemaFingerprint().orElse(null));
    facts.put("unavailable", status.unavailable());
    Facts.print(output, facts);
  }
}
