package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Timestamp;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tidal cohorts`: named predicates over users, and what their members do.
@Command(
    name = "cohorts",
    mixinStandardHelpOptions = true,
    subcommands = {
      CohortCommands.List.class,
      CohortCommands.Define.class,
      CohortCommands.Drop.class,
      CohortCommands.Size.class,
      CohortCommands.Overlap.class,
      CohortCommands.Top.class
    },
    description = "Named predicates over users, and what their members do.",
    footer = {
      "",
      "Examples:",
      "  tidal cohorts define db/ power 'segment(name:power)' --backfill",
      "  tidal cohorts list db/",
      "  tidal cohorts overlap db/ power jazz_fans",
      "  tidal cohorts top db/ power like --at end"
    })
final class CohortCommands implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /// A cohort of a database.
  private static final class Named {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(index = "1", paramLabel = "COHORT", description = "The cohort's name.")
    private String name;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show every cohort: who is in it, how many, since when it counts.")
  static final class List implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(directory)) {
        if (output.isJson()) {
          db.cohorts().forEach(cohort -> output.json(shape(cohort)));
          return;
        }
        var table = new Table("cohort", ">users", ">pairs", "backfill", "since", "predicate");
        for (var cohort : db.cohorts()) {
          table.row(
              cohort.definition().name(),
              cohort.size(),
              cohort.pairs(),
              label(cohort),
              cohort.since(),
              cohort.definition().predicate());
        }
        table.print(output);
      }
    }
  }

  @Command(
      name = "define",
      mixinStandardHelpOptions = true,
      description = "Define a cohort; the same definition again changes nothing.",
      footer = {
        "",
        "Examples:",
        "  tidal cohorts define db/ young 'age BETWEEN 18 AND 29 AND language = \"en\"'",
        "  tidal cohorts define db/ raters 'did(signal:like, window:30d) >= 10' --backfill"
      })
  static final class Define implements Runnable {
    @Mixin private Named named;

    @Parameters(index = "2", paramLabel = "PREDICATE", description = "Who is in it.")
    private String predicate;

    @Option(
        names = "--backfill",
        description = "Count what today's members did before, too, as far as the log goes back.")
    private boolean backfill;

    @Mixin private Output output;

    @Override
    public void run() {
      var definition = new CohortDefinition(named.name, Predicate.parse(predicate), backfill);
      try (var db = Stores.open(named.directory)) {
        var receipt = db.defineCohort(definition);
        awaitBackfill(db);
        var facts = shape(db.cohort(named.name));
        facts.put("duplicate", receipt.duplicate());
        Facts.print(output, facts);
      }
    }

    /// The process may end when this returns, and earlier signals are counted in the background.
    private void awaitBackfill(TidalDb db) {
      while (db.cohort(named.name).backfill() == CohortInfo.Backfill.RUNNING) {
        db.sync();
      }
    }
  }

  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = "Drop a cohort with its counts.")
  static final class Drop implements Runnable {
    @Mixin private Named named;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(named.directory)) {
        var receipt = db.dropCohort(named.name);
        Facts.print(output, Map.of("dropped", named.name, "position", receipt.position()));
      }
    }
  }

  @Command(
      name = "size",
      mixinStandardHelpOptions = true,
      description = "Count a cohort's users as of a moment.")
  static final class Size implements Runnable {
    @Mixin private Named named;
    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(named.directory)) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("cohort", named.name);
        facts.put("users", db.cohortSize(named.name, at.moment(db)));
        Facts.print(output, facts);
      }
    }
  }

  @Command(
      name = "overlap",
      mixinStandardHelpOptions = true,
      description = "Compare two cohorts' users as of a moment.")
  static final class Overlap implements Runnable {
    @Mixin private Named named;

    @Parameters(index = "2", paramLabel = "OTHER", description = "Another cohort's name.")
    private String other;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(named.directory)) {
        var overlap = db.cohortOverlap(named.name, other, at.moment(db));
        var facts = new LinkedHashMap<String, Object>();
        facts.put(named.name, overlap.first());
        facts.put(other, overlap.second());
        facts.put("common", overlap.common());
        facts.put("jaccard", overlap.jaccard());
        Facts.print(output, facts);
      }
    }
  }

  @Command(
      name = "top",
      mixinStandardHelpOptions = true,
      description = "Show what a cohort's members give most of a signal, by decayed score.")
  static final class Top implements Runnable {
    @Mixin private Named named;

    @Parameters(index = "2", paramLabel = "SIGNAL", description = "The signal's name.")
    private String signal;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "10",
        description = "Entities, 1 to 1000; else ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(named.directory)) {
        Timestamp moment = at.moment(db);
        var table = new Table(">score", "id", "title");
        for (var best : db.readCohortHottest(named.name, signal, limit, moment)) {
          var title =
              db.getItemMetadata(best.id())
                  .flatMap(found -> found.value("title"))
                  .map(value -> value.text());
          if (output.isJson()) {
            output.json(Map.of("id", best.id().toString(), "score", best.score()));
          } else {
            table.row("%.4f".formatted(best.score()), best.id(), title.orElse(""));
          }
        }
        if (!output.isJson()) {
          table.print(output);
        }
      }
    }
  }

  private static Map<String, Object> shape(CohortInfo cohort) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("cohort", cohort.definition().name());
    shape.put("predicate", cohort.definition().predicate().toString());
    shape.put("users", cohort.size());
    shape.put("pairs", cohort.pairs());
    shape.put("bytes", cohort.bytes());
    shape.put("position", cohort.position());
    shape.put("since", cohort.since().toString());
    shape.put("backfill", label(cohort));
    return shape;
  }

  private static String label(CohortInfo cohort) {
    return cohort.backfill().name().toLowerCase(Locale.ROOT);
  }
}
