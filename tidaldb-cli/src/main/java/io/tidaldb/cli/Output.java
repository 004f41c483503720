package io.tidaldb.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Where a command prints: results to standard output, as text or as JSON; everything else to
/// standard error. Colours only where a person looks.
public final class Output {

  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--json", description = "Print one JSON object a line instead of text.")
  private boolean json;

  /// Whether JSON is wanted.
  public boolean isJson() {
    return json;
  }

  /// Prints a line of text.
  public void line(String text) {
    out().println(text);
    out().flush();
  }

  /// Prints an object as one line of JSON.
  public void json(Map<String, ?> object) {
    line(JSON.writeValueAsString(object));
  }

  /// Tells the person something that is no result.
  public void note(String text) {
    err().println(text);
    err().flush();
  }

  /// A text that stands out, on a terminal.
  public String bold(String text) {
    return styled("1", text);
  }

  /// A text that stands back, on a terminal.
  public String dim(String text) {
    return styled("2", text);
  }

  /// Whether standard error is a terminal and a moving picture is welcome.
  public boolean isLive() {
    return !json
        && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && isColoured();
  }

  /// Where notes go.
  public PrintWriter err() {
    return command.commandLine().getErr();
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private boolean isColoured() {
    return command.commandLine().getColorScheme().ansi().enabled();
  }

  private String styled(String code, String text) {
    return !json && isColoured() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
