package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.load.Loaded;
import io.tidaldb.cli.load.Loader;
import io.tidaldb.cli.load.Mapping;
import io.tidaldb.cli.load.Progress;
import io.tidaldb.cli.load.Rejects;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidal import`: loads files by a mapping; a second run changes nothing.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Load CSV, TSV and JSON Lines files (plain or gzip) into a database.",
      "",
      "A mapping file says what the rows are. The database is made if there is none. Every row is",
      "written under a key, so an import may be stopped at any moment and run again, and running",
      "it twice changes nothing. Rows that cannot be loaded are counted and written to a file."
    },
    footer = {
      "",
      "Examples:",
      "  tidal import db/ --mapping examples/mappings/ml-latest-small.json --data"
          + " ../ml-latest-small",
      "  tidal import db/ --mapping films.json --until 2015-12-31",
      "  tidal import db/ --mapping films.json --from-file ratings.csv=/mnt/ratings.csv.gz"
    })
final class ImportCommand implements Callable<Integer> {

  private static final int BATCH_MAX = 8_192;

  @Parameters(paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Option(
      names = "--mapping",
      required = true,
      paramLabel = "FILE",
      description = "What the rows are; see docs/guide/import.md.")
  private Path mappingFile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the files are; else beside the mapping.")
  private @Nullable Path data;

  @Option(
      names = "--from-file",
      paramLabel = "NAME=FILE",
      description = "Take another file for the one that the mapping names.")
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = "--until",
      paramLabel = "DATE",
      converter = MomentConverter.EndOfDay.class,
      description = {
        "Load only what happened until then: a day with all its hours (UTC), or a moment like",
        "2015-06-30T12:00:00Z. The rest can be loaded later."
      })
  private @Nullable Timestamp until;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "Where rows go that cannot be loaded; else MAPPING.rejects.jsonl, here.")
  private @Nullable Path rejectsFile;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Writes per batch, 1 to 8192; else ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--sort-rows", hidden = true, defaultValue = "200000")
  private int sortRows;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (batch < 1 || batch > BATCH_MAX) {
      throw new InvalidRequestException(
          "BATCH_OUT_OF_RANGE", "--batch out of range: given=" + batch + " allowed=1…" + BATCH_MAX);
    }
    var mapping = Mapping.read(mappingFile);
    checkFiles(mapping);
    var began = System.nanoTime();
    try (var rejects = new Rejects(rejectsFile());
        var db =
            mapping.schema().isPresent()
                ? TidalDb.open(directory, mapping.schema().get())
                : Stores.open(directory)) {
      var loaded = load(mapping, db, rejects);
      report(loaded, rejects, db.newestEventTime(), System.nanoTime() - began);
    }
    return 0;
  }

  private List<Loaded> load(Mapping mapping, TidalDb db, Rejects rejects) {
    Progress progress = ProgressDisplay.on(output);
    var context =
        new Loader.Context(
            db.schema(),
            db::writeAsync,
            rejects,
            progress,
            new Loader.Options(until, batch, sortRows));
    var loaded = new ArrayList<Loaded>();
    for (var source : mapping.sources()) {
      loaded.add(Loader.load(source, mapping.file(source, folder(), files), context));
    }
    db.sync();
    return loaded;
  }

  private void report(
      List<Loaded> loaded, Rejects rejects, Optional<Timestamp> newest, long nanos) {
    if (output.isJson()) {
      var shape = new LinkedHashMap<String, Object>();
      shape.put("sources", loaded.stream().map(Shapes::loaded).toList());
      shape.put("rejects_file", rejects.count() == 0 ? null : rejects.file().toString());
      shape.put("newest_event", newest.map(Timestamp::toString).orElse(null));
      shape.put("seconds", nanos / 1e9);
      output.json(shape);
      return;
    }
    var table =
        new Table(
            "source",
            "as",
            ">read",
            ">written",
            ">duplicates",
            ">later",
            ">skipped",
            ">rejected",
            ">seconds",
            ">rows/s");
    for (var source : loaded) {
      table.row(
          source.source(),
          source.target(),
          number(source.read()),
          number(source.written()),
          number(source.duplicates()),
          number(source.later()),
          number(source.skipped()),
          number(source.rejected()),
          "%.2f".formatted(source.nanos() / 1e9),
          number((long) (source.read() / Math.max(1e-9, source.nanos() / 1e9))));
    }
    table.print(output);
    output.line("");
    output.line(
        newest.map(time -> "newest event " + time + ", ").orElse("")
            + Spans.show(Duration.ofNanos(nanos))
            + " in all");
    for (var reject : rejects.first()) {
      output.line(
          "rejected: " + reject.source() + " line " + reject.line() + ": " + reject.reason());
    }
    if (rejects.count() > 0) {
      output.line("all " + rejects.count() + " rejected rows are in " + rejects.file());
    }
  }

  private void checkFiles(Mapping mapping) {
    var names = mapping.fileNames();
    for (var name : files.keySet()) {
      if (!names.contains(name)) {
        throw new InvalidRequestException(
            "FILE_UNKNOWN",
            "--from-file names no file of the mapping: given=" + name + " known=" + names);
      }
    }
  }

  private Path folder() {
    return data != null
        ? data
        : Objects.requireNonNullElse(mappingFile.toAbsolutePath().getParent(), Path.of(""));
  }

  private Path rejectsFile() {
    if (rejectsFile != null) {
      return rejectsFile;
    }
    var name = String.valueOf(mappingFile.getFileName());
    var dot = name.lastIndexOf('.');
    return Path.of((dot > 0 ? name.substring(0, dot) : name) + ".rejects.jsonl");
  }

  private static String number(long number) {
    return "%,d".formatted(number);
  }
}
