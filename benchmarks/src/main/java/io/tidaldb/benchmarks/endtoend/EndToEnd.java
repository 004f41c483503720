package io.tidaldb.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// Runs the end-to-end measurements: `EndToEnd DIRECTORY
/// [ingest|queries|opening|surfaces|vectors|personal]… [--quick]`; for `personal` also `--items=N
/// --dims=N --signals=N --seconds=N --sorts`.
public final class EndToEnd {

  private EndToEnd() {}

  /// Entry point.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      System.err.println(
          "usage: EndToEnd DIRECTORY [ingest|queries|opening|surfaces|vectors|personal]… [--quick]"
              + " [--items=N] [--dims=N] [--signals=N] [--seconds=N] [--sorts]");
      System.exit(2);
    }
    var chosen = List.of(arguments).subList(1, arguments.length);
    boolean quick = chosen.contains("--quick");
    boolean all = chosen.stream().allMatch(option -> option.startsWith("--"));
    var directory = Files.createTempDirectory(Path.of(arguments[0]), "tidaldb-bench");
    try {
      System.out.println(
          "device: write 4 KiB and sync, µs p50 / p99 / p99.9 / max: "
              + Tables.percentiles(Device.syncNanos(directory))
              + "\n");
      if (all || chosen.contains("ingest")) {
        new Ingest(directory, Duration.ofSeconds(quick ? 2 : 10)).run();
      }
      if (all || chosen.contains("opening")) {
        System.out.println();
        new Opening(directory, quick ? 50_000 : 1_000_000, quick ? 15_000 : 300_000).run();
      }
      if (all || chosen.contains("queries")) {
        int items = quick ? 50_000 : 1_000_000;
        new Queries(directory, items, 5 * items, Duration.ofSeconds(quick ? 1 : 4)).run();
      }
      if (all || chosen.contains("surfaces")) {
        System.out.println();
        new Surfaces(directory, quick ? 50_000 : 1_000_000).run();
      }
      if (all || chosen.contains("vectors")) {
        System.out.println();
        new Vectors(directory, quick ? 20_000 : 100_000).run();
      }
      if (all || chosen.contains("personal")) {
        System.out.println();
        new Personal(directory, personal(chosen, quick ? 10_000 : 1_000_000)).run();
      }
    } finally {
      delete(directory);
    }
  }

  private static Personal.Size personal(List<String> options, int itemsDefault) {
    int items = number(options, "--items=", itemsDefault);
    return new Personal.Size(
        items,
        number(options, "--dims=", 128),
        number(options, "--signals=", 10 * items),
        Duration.ofSeconds(number(options, "--seconds=", 4)),
        options.contains("--sorts"));
  }

  private static int number(List<String> options, String name, int otherwise) {
    return options.stream()
        .filter(option -> option.startsWith(name))
        .map(option -> Integer.parseInt(option.substring(name.length())))
        .findFirst()
        .orElse(otherwise);
  }

  private static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
