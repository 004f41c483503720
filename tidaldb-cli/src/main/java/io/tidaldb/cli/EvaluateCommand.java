package io.tidaldb.cli;

import io.tidaldb.cli.evaluate.Prequential;
import io.tidaldb.cli.evaluate.Replay;
import io.tidaldb.cli.evaluate.Score;
import io.tidaldb.cli.load.Mapping;
import io.tidaldb.cli.load.Rejects;
import io.tidaldb.schema.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tidal evaluate`: how well profiles foresee what users of a real log like.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measure how well profiles foresee what users like, by a log that really happened.",
      "",
      "The log is replayed in the order of time into a database in memory that learns as it goes.",
      "Before each like of an item that is new to a user with 5 likes or more, every profile ranks",
      "what the user has not touched. Popularity and item-kNN are computed beside them."
    },
    footer = {
      "",
      "Examples:",
      "  tidal evaluate --mapping examples/mappings/ml-latest-small.json --data ../ml-latest-small",
      "  tidal evaluate --mapping films.json --profile for_you --profile trending",
      "  tidal evaluate --mapping films.json --from 0.6 --to 0.8"
    })
final class EvaluateCommand implements Runnable {

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
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile, name or name@version; may be repeated; else for_you.")
  private List<String> profiles = List.of();

  @Option(
      names = "--from",
      paramLabel = "SHARE",
      defaultValue = "0.8",
      description = "Evaluate from this share of the events on; else ${DEFAULT-VALUE}.")
  private double from;

  @Option(
      names = "--to",
      paramLabel = "SHARE",
      defaultValue = "1",
      description = "Stop at this share of the events; else ${DEFAULT-VALUE}.")
  private double to;

  @Mixin private Output output;

  @Override
  public void run() {
    var span = new Prequential.Span(from, to);
    var replay = read(Mapping.read(mappingFile));
    var names = profiles.isEmpty() ? List.of("for_you") : profiles;
    report(replay, Prequential.compare(replay, span, names, ProgressDisplay.on(output)));
  }

  private Replay read(Mapping mapping) {
    var folder =
        data != null
            ? data
            : Objects.requireNonNullElse(mappingFile.toAbsolutePath().getParent(), Path.of(""));
    try {
      var file = Files.createTempFile("tidal-evaluate-", ".rejects.jsonl");
      try (var rejects = new Rejects(file)) {
        return Replay.read(mapping, folder, rejects);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new StorageException("create", "rejects", StorageException.Outcome.NOT_WRITTEN, e);
    }
  }

  private void report(Replay replay, List<Score> scores) {
    if (output.isJson()) {
      scores.forEach(score -> output.json(shape(score)));
      return;
    }
    var table =
        new Table(
            "ranked by",
            ">NDCG@10",
            ">hit rate@10",
            ">coverage",
            ">novelty",
            ">µs per event",
            ">p50",
            ">p99");
    for (var score : scores) {
      table.row(
          score.name(),
          "%.4f".formatted(score.ndcg()),
          "%.4f".formatted(score.hitRate()),
          "%.1f %%".formatted(100 * score.coverage()),
          "%.2f bits".formatted(score.novelty()),
          "%.0f".formatted(score.micros()),
          "%.0f".formatted(score.p50Micros()),
          "%.0f".formatted(score.p99Micros()));
    }
    table.print(output);
    output.line("");
    output.line(
        "%,d evaluated events of %,d, %,d rows rejected"
            .formatted(scores.getFirst().events(), replay.events().size(), replay.rejected()));
  }

  private static Map<String, Object> shape(Score score) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("ranked_by", score.name());
    shape.put("events", score.events());
    shape.put("ndcg_at_10", score.ndcg());
    shape.put("hit_rate_at_10", score.hitRate());
    shape.put("coverage", score.coverage());
    shape.put("novelty_bits", score.novelty());
    shape.put("mean_micros", score.micros());
    shape.put("p50_micros", score.p50Micros());
    shape.put("p99_micros", score.p99Micros());
    return shape;
  }
}
