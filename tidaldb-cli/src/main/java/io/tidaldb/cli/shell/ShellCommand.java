package io.tidaldb.cli.shell;

import com.google.errorprone.annotations.Var;
import io.tidaldb.TidalDb;
import io.tidaldb.cli.Output;
import io.tidaldb.cli.Stores;
import io.tidaldb.cli.Tidal;
import io.tidaldb.schema.StorageException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tidal shell`: many questions to one open database.
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    description = {
      "Talk to a database: ask for feeds, look at items, record signals.",
      "",
      "With a terminal there are history and completion (Tab); lines may also come from a pipe."
    },
    footer = {
      "",
      "Examples:",
      "  tidal shell db/",
      "  echo 'retrieve --sort hot --at end' | tidal shell db/",
      "  echo 'EXPLAIN RETRIEVE items SORT BY hot' | tidal shell db/"
    })
public final class ShellCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private Output output;

  private final Parser parser = new DefaultParser();

  @Override
  public Integer call() {
    try (var db = Stores.open(directory)) {
      var commands = commands(db);
      return isInteractive() ? talk(db, commands) : read(commands);
    }
  }

  private CommandLine commands(TidalDb db) {
    var commands = Tidal.withErrors(new CommandLine(ShellCommands.root()));
    ShellCommands.all(db).forEach(commands::addSubcommand);
    var outer = spec.commandLine();
    return commands
        .setOut(outer.getOut())
        .setErr(outer.getErr())
        .setColorScheme(outer.getColorScheme());
  }

  private static boolean isInteractive() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private int talk(TidalDb db, CommandLine commands) {
    try (var terminal = TerminalBuilder.builder().system(true).build()) {
      var reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .parser(parser)
              .completer(new ShellCompleter(commands, db))
              .variable(
                  LineReader.HISTORY_FILE,
                  Path.of(System.getProperty("user.home"), ".tidal_history"))
              .build();
      output.line("'help' lists the commands, 'quit' leaves.");
      while (true) {
        try {
          if (isQuit(reader.readLine("tidal> "))) {
            return 0;
          }
          var _ = run(commands, reader.getParsedLine().line());
        } catch (UserInterruptException e) {
          // Control-C drops the line.
        } catch (EndOfFileException e) {
          return 0;
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private int read(CommandLine commands) {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    @Var var first = 0;
    try {
      while (true) {
        var line = lines.readLine();
        if (line == null || isQuit(line)) {
          return first;
        }
        var exitCode = run(commands, line);
        first = first == 0 ? exitCode : first;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Runs a line; an empty one and one that begins with `#` do nothing.
  private int run(CommandLine commands, String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return 0;
    }
    if (ShellCommands.isStatement(line)) {
      return commands.execute(ShellCommands.QUERY, line);
    }
    try {
      var words = parser.parse(line, line.length(), Parser.ParseContext.ACCEPT_LINE).words();
      return commands.execute(
          words.stream().filter(word -> !word.isEmpty()).toArray(String[]::new));
    } catch (EOFError e) {
      output.note("tidal: quote is not closed: " + line);
      return commands.getCommandSpec().exitCodeOnInvalidInput();
    }
  }

  private static boolean isQuit(String line) {
    return line.strip().equals("quit") || line.strip().equals("exit");
  }

  private static StorageException failed(IOException cause) {
    return new StorageException(
        "read", "the terminal", StorageException.Outcome.NOT_WRITTEN, cause);
  }
}
