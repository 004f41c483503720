package io.tidaldb.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `tidal` command; each thing it can do is a subcommand of its own class.
@Command(
    name = "tidal",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Which content should this user see, and in what order?")
public final class Tidal implements Runnable {

  @Spec private CommandSpec spec;

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Tidal()).execute(arguments));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
