package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.StorePath;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tidal paths`: the files of a store.
@Command(
    name = "paths",
    mixinStandardHelpOptions = true,
    description = "List the paths of a database; changes nothing and works while it runs.",
    footer = {"", "Example:", "  tidal paths db/"})
final class PathsCommand implements Runnable {

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Mixin private Output output;

  @Override
  public void run() {
    var paths = TidalDb.inspect(directory).paths();
    if (output.isJson()) {
      paths.forEach(path -> output.json(shape(path)));
      return;
    }
    var table = new Table("path", ">bytes", "what");
    for (var path : paths) {
      table.row(
          path.name(), path.exists() ? "%,d".formatted(path.bytes()) : "absent", path.meaning());
    }
    table.print(output);
  }

  private static Map<String, Object> shape(StorePath path) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("path", path.name());
    shape.put("meaning", path.meaning());
    shape.put("exists", path.exists());
    shape.put("bytes", path.bytes());
    return shape;
  }
}
