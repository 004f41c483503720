package io.tidaldb.verification;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.load.Loaded;
import io.tidaldb.cli.load.Loader;
import io.tidaldb.cli.load.Mapping;
import io.tidaldb.cli.load.Progress;
import io.tidaldb.cli.load.Rejects;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An import at a moment that never changes, so that equal imports give equal digests. As a program
/// it is what gets killed.
final class ImportRun {

  /// When every import is made.
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private ImportRun() {}

  /// Arguments: directory, name of the data, writes per batch.
  public static void main(String[] arguments) {
    System.out.println("BUILD " + BuildId.ofEngine());
    System.out.flush();
    var data = RealData.valueOf(arguments[1]);
    try (var db = open(Path.of(arguments[0]), data)) {
      var sent = new AtomicLong();
      var _ =
          run(
              db.schema(),
              writes -> {
                System.out.println("SENT " + sent.addAndGet(writes.size()));
                return db.writeAsync(writes);
              },
              data,
              Integer.parseInt(arguments[2]),
              null);
      db.sync();
    }
    System.out.println("DONE");
  }

  static TidalDb open(Path directory, RealData data) {
    return TidalDb.builder()
        .dataDirectory(directory)
        .clock(new ManualClock(NOW))
        .schema(Mapping.read(data.mapping()).schema().orElseThrow())
        .open();
  }

  /// Loads every source of the mapping.
  ///
  /// @param until the last moment that is loaded; null for all
  static List<Loaded> run(TidalDb db, RealData data, int batch, @Nullable Timestamp until) {
    var loaded = run(db.schema(), db::writeAsync, data, batch, until);
    db.sync();
    return loaded;
  }

  private static List<Loaded> run(
      Schema schema,
      Function<List<Write>, CompletionStage<List<Receipt>>> door,
      RealData data,
      int batch,
      @Nullable Timestamp until) {
    var mapping = Mapping.read(data.mapping());
    var folder = data.directory().orElseThrow();
    List<Loaded> loaded = new ArrayList<>();
    try (var rejects = new Rejects(folder.resolve("no-rejects-expected"))) {
      var context =
          new Loader.Context(
              schema, door, rejects, Progress.NONE, new Loader.Options(until, batch, 200_000));
      for (var source : mapping.sources()) {
        loaded.add(Loader.load(source, mapping.file(source, folder, Map.of()), context));
      }
    }
    return loaded;
  }
}
