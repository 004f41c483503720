package io.tidaldb.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs commands in this process.
public final class Cli {

  /// How a command ended and what it printed.
  public record Ran(int exitCode, String out, String err) {

    /// The first line of its output as JSON.
    public JsonNode json() {
      return JsonMapper.shared().readTree(out.lines().findFirst().orElse("null"));
    }
  }

  private static final String MAPPING =
      """
      {"schema": {
         "fields": {"item": {"price": "number"}},
         "signals": {
           "view": {"decay": {"half_life": "7d"}, "windows": ["1h", "24h", "all"], "velocity": true},
           "like": {"decay": {"half_life": "7d"}, "windows": ["24h", "all"], "velocity": true}}},
       "sources": [
         {"file": "items.csv", "items": {"id": "id", "fields": {
            "title": "title", "category": "category", "tags": {"from": "tags", "split": ";"},
            "price": "price", "created_at": "created"}}},
         {"file": "signals.jsonl", "signals": {
            "signal": {"from": "kind"}, "entity": "item", "user": "user", "at": "at"}}]}
      """;

  private static final String ITEMS =
      """
      id,title,category,tags,price,created
      1,Blue Train,jazz,live;sax,9.5,2021-06-01
      2,Kind of Blue,jazz,sax,12,2021-06-02
      3,Graceland,pop,,7,2021-06-03
      4,Broken,pop,,cheap,2021-06-03
      """;

  private static final String SIGNALS =
      """
      {"kind": "view", "item": 1, "user": 7, "at": "2021-06-10T10:00:00Z"}
      {"kind": "like", "item": 1, "user": 7, "at": "2021-06-10T10:01:00Z"}
      {"kind": "like", "item": 1, "user": 8, "at": "2021-06-10T11:00:00Z"}
      {"kind": "like", "item": 2, "user": -1, "at": "2021-06-10T11:00:00Z"}
      {"kind": "like", "item": 2, "at": "2021-06-11T09:00:00Z"}
      {"kind": "view", "item": 3, "user": 9, "at": "2021-06-11T09:30:00Z"}
      """;

  private Cli() {}

  /// Runs a command.
  public static Ran run(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[arguments.length];
    for (var at = 0; at < words.length; at++) {
      words[at] = arguments[at].toString();
    }
    var exitCode =
        Tidal.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /// Writes a small mapping with its files: three good items and a bad one, five good signals and a
  /// bad one.
  public static Path mapping(Path folder) throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    Files.writeString(folder.resolve("signals.jsonl"), SIGNALS);
    return Files.writeString(folder.resolve("mapping.json"), MAPPING);
  }

  /// Runs an import of that mapping.
  public static Ran load(Path folder, Object... more) throws IOException {
    var arguments = new java.util.ArrayList<Object>();
    arguments.addAll(
        java.util.List.of(
            "import",
            folder.resolve("db"),
            "--mapping",
            mapping(folder),
            "--rejects",
            folder.resolve("rejects.jsonl")));
    arguments.addAll(java.util.List.of(more));
    return run(arguments.toArray());
  }
}
