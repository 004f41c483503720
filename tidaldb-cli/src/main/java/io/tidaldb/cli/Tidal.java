package io.tidaldb.cli;

import io.tidaldb.cli.demo.DemoCommand;
import io.tidaldb.cli.demo.WriterCommand;
import io.tidaldb.cli.shell.ShellCommand;
import io.tidaldb.schema.TidalException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The `tidal` command; each thing it can do is a subcommand of its own class.
@Command(
    name = "tidal",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      ImportCommand.class,
      RetrieveCommand.class,
      QueryCommand.class,
      CollectionsCommand.class,
      SessionsCommand.class,
      RelatedCommand.class,
      EvaluateCommand.class,
      EntityCommands.Items.class,
      EntityCommands.Users.class,
      EntityCommands.Creators.class,
      RelationCommands.class,
      CohortCommands.class,
      ShellCommand.class,
      StatusCommand.class,
      PathsCommand.class,
      DiagnosticsCommand.class,
      RecoverCommand.class,
      VerifyCommand.class,
      DumpCommand.class,
      WriterCommand.class
    },
    description = "Which content should this user see, and in what order?",
    footer = {
      "",
      "Examples:",
      "  tidal demo                                     see what it does, in half a minute",
      "  tidal import data/ --mapping films.json        load files into a database",
      "  tidal retrieve data/ --sort hot --explain      ask it",
      "  tidal COMMAND --help                           more about a command",
      "",
      "Exit codes: 0 done, 1 a bug, 2 wrong request, 3 a limit or a full queue, 4 the disk or",
      "a lock, 5 damaged bytes, 6 another schema or format."
    })
public final class Tidal implements Runnable {

  /// A bug of ours.
  static final int EXIT_BUG = 1;

  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show where an error comes from.")
  private boolean verbose;

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    var line = commandLine();
    line.setOut(utf8(FileDescriptor.out));
    line.setErr(utf8(FileDescriptor.err));
    System.exit(line.execute(arguments));
  }

  /// The command with its subcommands, ready to be run.
  static CommandLine commandLine() {
    return withErrors(new CommandLine(new Tidal()).setCaseInsensitiveEnumValuesAllowed(true));
  }

  /// The same command line with errors shown our way.
  public static CommandLine withErrors(CommandLine line) {
    return line.setUsageHelpWidth(WIDTH)
        .setExecutionExceptionHandler(failed())
        .setParameterExceptionHandler(misused());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private static IExecutionExceptionHandler failed() {
    return (thrown, line, parsed) -> {
      var verbose = parsed.hasMatchedOption('v') || isVerbose(line);
      line.getErr().println(line.getColorScheme().errorText("tidal: " + message(thrown)));
      if (verbose) {
        thrown.printStackTrace(line.getErr());
      }
      return thrown instanceof TidalException known ? known.exitCode() : EXIT_BUG;
    };
  }

  private static IParameterExceptionHandler misused() {
    return (thrown, arguments) -> {
      var line = thrown.getCommandLine();
      line.getErr().println(line.getColorScheme().errorText("tidal: " + thrown.getMessage()));
      CommandLine.UnmatchedArgumentException.printSuggestions(thrown, line.getErr());
      line.getErr().println("Try '" + line.getCommandSpec().qualifiedName().strip() + " --help'.");
      return line.getCommandSpec().exitCodeOnInvalidInput();
    };
  }

  private static String message(Throwable thrown) {
    var message = String.valueOf(thrown.getMessage());
    return thrown instanceof TidalException
        ? message
        : "this is a bug, please report it with the output of -v: " + thrown;
  }

  private static boolean isVerbose(CommandLine line) {
    return line.getCommandSpec().root().userObject() instanceof Tidal tidal && tidal.verbose;
  }

  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }
}
