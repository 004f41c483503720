package io.tidaldb.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tidal query`: asks a database a question in TidalQL.
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Ask a database in TidalQL: RETRIEVE, or EXPLAIN, EXPLAIN ANALYZE and EXPLAIN ITEM of it.",
      "docs/guide/tidalql.md describes the language."
    },
    footer = {
      "",
      "Examples:",
      "  tidal query db/ 'RETRIEVE items SORT BY hot LIMIT 5'",
      "  tidal query db/ 'RETRIEVE items FOR USER $me FILTER unseen' --set me=42",
      "  tidal query db/ 'EXPLAIN ITEM 77 IN RETRIEVE items FOR USER 42'"
    })
final class QueryCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private Statement statement;

  @Mixin private Output output;

  @Override
  public Integer call() {
    try (var db = Stores.open(directory)) {
      statement.run(db, output);
    }
    return 0;
  }
}
