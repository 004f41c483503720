package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidal verify`: the thorough check.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check every frame of the log, every saved page and every view.",
      "",
      "Changes nothing; nobody may have the database open. Exit code 5 with every finding."
    },
    footer = {"", "Examples:", "  tidal verify db/", "  tidal verify db/ --deep"})
final class VerifyCommand implements Callable<Integer> {

  private static final int EXIT_DAMAGED = 5;

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Option(
      names = "--deep",
      description = "Also fold the whole log anew and compare, if it still starts at 1.")
  private boolean deep;

  @Mixin private Output output;

  @Override
  public Integer call() {
    var found = TidalDb.inspect(directory).verify(deep);
    var facts = new LinkedHashMap<String, Object>();
    facts.put("ok", found.ok());
    facts.put("segments", found.segments());
    facts.put("frames", found.frames());
    facts.put("events", found.events());
    facts.put("pages", found.pages());
    facts.put("findings", found.findings());
    Facts.print(output, facts);
    return found.ok() ? 0 : EXIT_DAMAGED;
  }
}
