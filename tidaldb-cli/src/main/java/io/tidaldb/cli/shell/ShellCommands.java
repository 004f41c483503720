package io.tidaldb.cli.shell;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.Feed;
import io.tidaldb.cli.Moments;
import io.tidaldb.cli.Output;
import io.tidaldb.cli.RetrieveOptions;
import io.tidaldb.cli.Shapes;
import io.tidaldb.cli.Statement;
import io.tidaldb.cli.Table;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands of the shell, each over the open database.
@Command(
    name = "",
    subcommands = HelpCommand.class,
    description = "Commands of the shell; 'help COMMAND' says more, 'quit' leaves.")
final class ShellCommands {

  /// The command that takes a statement.
  static final String QUERY = "query";

  private static final Pattern STATEMENT =
      Pattern.compile("(?is)\\s*(RETRIEVE\\s+[a-z].*|(EXPLAIN|SEARCH|SUGGEST)\\b.*)");

  private ShellCommands() {}

  /// Whether a line is a statement in TidalQL.
  static boolean isStatement(String line) {
    return STATEMENT.matcher(line).matches();
  }

  /// A place to hang the commands on.
  static Object root() {
    return new ShellCommands();
  }

  /// Every command.
  static List<Object> all(TidalDb db) {
    return List.of(
        new Ask(db),
        new Say(db),
        new Show(db),
        new Happen(db),
        new Hottest(db),
        new Count(db),
        new Score(db),
        new Status(db));
  }

  @Command(
      name = "retrieve",
      mixinStandardHelpOptions = true,
      description = "A ranked page: retrieve --sort hot --where category=music --explain")
  private static final class Ask implements Runnable {
    private final TidalDb db;
    @Mixin private RetrieveOptions options;
    @Mixin private Output output;

    Ask(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var request = options.request(db.schema(), db::newestEventTime);
      new Feed(db, output).print(db.retrieve(request), options.explain());
    }
  }

  @Command(
      name = QUERY,
      mixinStandardHelpOptions = true,
      description = "A statement in TidalQL, also without this word: RETRIEVE items SORT BY hot")
  private static final class Say implements Runnable {
    private final TidalDb db;
    @Mixin private Statement statement;
    @Mixin private Output output;

    Say(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      statement.run(db, output);
    }
  }

  @Command(
      name = "item",
      mixinStandardHelpOptions = true,
      description = "What is known of an item: item 17")
  private static final class Show implements Runnable {
    private final TidalDb db;

    @Parameters(index = "0", paramLabel = "ID", converter = Moments.IdConverter.class)
    private EntityId id;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    Show(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var item =
          db.readItem(id)
              .orElseThrow(
                  () -> new NotFoundException("item", id.toString(), "it was not written"));
      var moment = at.moment(db);
      var signals = new LinkedHashMap<String, Object>();
      for (var type : db.schema().signals()) {
        if (type.target() == EntityKind.ITEM) {
          signals.put(type.name(), Shapes.reading(db.readSignal(id, type.name(), moment)));
        }
      }
      if (output.isJson()) {
        var shape = new LinkedHashMap<>(Shapes.entity(item));
        shape.put("signals", signals);
        output.json(shape);
        return;
      }
      output.line(output.bold(item.kind().name().toLowerCase(Locale.ROOT) + " " + id));
      item.metadata().asStrings().forEach((key, value) -> output.line("  " + key + ": " + value));
      var table = new Table("signal", ">score", ">all", ">30d", ">7d", ">24h", ">1h");
      for (var type : db.schema().signals()) {
        if (type.target() == EntityKind.ITEM) {
          var reading = db.readSignal(id, type.name(), moment);
          table.row(
              type.name(),
              "%.4f".formatted(reading.decayedScore()),
              count(reading.counts(), Window.ALL_TIME),
              count(reading.counts(), Window.THIRTY_DAYS),
              count(reading.counts(), Window.SEVEN_DAYS),
              count(reading.counts(), Window.TWENTY_FOUR_HOURS),
              count(reading.counts(), Window.ONE_HOUR));
        }
      }
      table.print(output);
    }

    private static String count(Map<Window, Long> counts, Window window) {
      var count = counts.get(window);
      return count == null ? "" : count.toString();
    }
  }

  @Command(
      name = "signal",
      mixinStandardHelpOptions = true,
      description = "Happen that something happened: signal like 17 --user 4")
  private static final class Happen implements Runnable {
    private final TidalDb db;

    @Parameters(index = "0", paramLabel = "NAME")
    private String name;

    @Parameters(index = "1", paramLabel = "ID", converter = Moments.IdConverter.class)
    private EntityId id;

    @Option(names = "--user", paramLabel = "ID", converter = Moments.IdConverter.class)
    private @Nullable EntityId user;

    @Option(names = "--weight", paramLabel = "N", defaultValue = "1")
    private double weight;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    Happen(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var anybody = user == null ? Signal.anonymous() : Signal.by(user);
      var signal = anybody.weight(weight);
      var receipt = db.signal(name, id, at.isGiven() ? signal.at(at.moment(db)) : signal);
      if (output.isJson()) {
        output.json(Map.of("position", receipt.position(), "duplicate", receipt.duplicate()));
      } else {
        output.line("recorded at position " + receipt.position());
      }
    }
  }

  @Command(
      name = "hottest",
      mixinStandardHelpOptions = true,
      description = "The best by decayed score: hottest like 10")
  private static final class Hottest implements Runnable {
    private final TidalDb db;

    @Parameters(index = "0", paramLabel = "SIGNAL")
    private String name;

    @Parameters(index = "1", paramLabel = "K", arity = "0..1", defaultValue = "10")
    private int k;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    Hottest(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var hottest = db.readHottest(name, k, at.moment(db));
      if (output.isJson()) {
        output.json(Map.of("hottest", hottest.stream().map(Hottest::shape).toList()));
        return;
      }
      var table = new Table(">score", "id", "title");
      for (var entity : hottest) {
        table.row(
            "%.4f".formatted(entity.score()),
            entity.id(),
            db.readItem(entity.id()).map(Feed::title).orElse("–"));
      }
      table.print(output);
    }

    private static Map<String, Object> shape(ScoredEntity entity) {
      return Map.of("id", entity.id().toString(), "score", entity.score());
    }
  }

  @Command(
      name = "count",
      mixinStandardHelpOptions = true,
      description = "Events in a declared window: count view 17 --window 24h")
  private static final class Count implements Runnable {
    private final TidalDb db;

    @Parameters(index = "0", paramLabel = "SIGNAL")
    private String name;

    @Parameters(index = "1", paramLabel = "ID", converter = Moments.IdConverter.class)
    private EntityId id;

    @Option(names = "--window", defaultValue = "all", converter = Moments.WindowConverter.class)
    private Window window;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    Count(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var count = db.readWindowedCount(id, name, window, at.moment(db));
      if (output.isJson()) {
        output.json(Map.of("count", count));
      } else {
        output.line(Long.toString(count));
      }
    }
  }

  @Command(
      name = "score",
      mixinStandardHelpOptions = true,
      description = "The decayed score: score like 17")
  private static final class Score implements Runnable {
    private final TidalDb db;

    @Parameters(index = "0", paramLabel = "SIGNAL")
    private String name;

    @Parameters(index = "1", paramLabel = "ID", converter = Moments.IdConverter.class)
    private EntityId id;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    Score(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var score = db.readDecayScore(id, name, at.moment(db));
      if (output.isJson()) {
        output.json(Map.of("score", score));
      } else {
        output.line(Double.toString(score));
      }
    }
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Positions, entities, signals, health.")
  private static final class Status implements Runnable {
    private final TidalDb db;
    @Mixin private Output output;

    Status(TidalDb db) {
      this.db = db;
    }

    @Override
    public void run() {
      var facts = facts();
      if (output.isJson()) {
        output.json(facts);
      } else {
        facts.forEach((name, value) -> output.line(name + ": " + value));
      }
    }

    private Map<String, Object> facts() {
      var health = db.healthCheck();
      var facts = new LinkedHashMap<String, Object>();
      facts.put("health", health.status().name());
      facts.put("issues", health.issues().stream().map(Enum::name).toList());
      facts.put("position", db.position());
      facts.put("newest_event", db.newestEventTime().map(Object::toString).orElse("none"));
      var entities = new TreeMap<String, Long>();
      for (var kind : EntityKind.values()) {
        entities.put(kind.name().toLowerCase(Locale.ROOT) + "s", db.entityCount(kind));
      }
      facts.putAll(entities);
      facts.put("signals", db.schema().signals().stream().map(type -> type.name()).toList());
      facts.put("profiles", db.profiles().stream().map(profile -> profile.name()).toList());
      return facts;
    }
  }
}
