package io.tidaldb.cli.demo;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.signal;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.Feed;
import io.tidaldb.cli.Output;
import io.tidaldb.cli.ProgressDisplay;
import io.tidaldb.cli.Spans;
import io.tidaldb.cli.load.Batches;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tidal demo`: a made-up platform, its feeds, a killed process, and figures.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Show what the database does, in half a minute and without any files.",
      "",
      "Generates a platform of 20,000 items and 500,000 signals of the last 30 days in a temporary",
      "directory, asks it for feeds, kills a process in the middle of its writing and counts what",
      "is left, and measures. Fails if anything acknowledged is missing."
    },
    footer = {
      "",
      "Examples:",
      "  tidal demo",
      "  tidal demo --seed 8 --keep",
      "  tidal demo --json"
    })
public final class DemoCommand implements Callable<Integer> {

  private static final int BATCH = 2_000;
  private static final int SHOWN = 5;
  private static final int EXIT_LOST = 1;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "7", description = "Another platform.")
  private long seed;

  @Option(names = "--keep", description = "Leave the database, for 'tidal shell'.")
  private boolean keep;

  @Option(names = "--items", hidden = true, defaultValue = "20000")
  private int items;

  @Option(names = "--signals", hidden = true, defaultValue = "500000")
  private int signals;

  @Option(names = "--kill-after", hidden = true, defaultValue = "4000")
  private int killAfter;

  @Option(names = "--measure-millis", hidden = true, defaultValue = "1000")
  private int measureMillis;

  @Mixin private Output output;

  private final Map<String, Object> figures = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var began = System.nanoTime();
    try (var place = TemporaryPlace.make(keep)) {
      var database = place.path().resolve("db");
      var tour = show(database);
      var kept = new KillCheck(database, output, figures, tour).run(killAfter);
      figures.put("seconds", (System.nanoTime() - began) / 1e9);
      if (output.isJson()) {
        output.json(figures);
      }
      say("");
      say("took " + Spans.show(Duration.ofNanos(System.nanoTime() - began)));
      if (keep) {
        say("the database stays: ./tidal shell " + database);
      }
      return kept ? 0 : EXIT_LOST;
    }
  }

  private static Schema schema() {
    var builder = new SchemaBuilder();
    for (var name : List.of("view", "like", "share", "comment", "completion", "dislike")) {
      builder
          .signal(name, EntityKind.ITEM, Decay.exponential(Duration.ofDays(3)))
          .windows(Window.values())
          .velocity(true)
          .add();
    }
    return builder.build();
  }

  private Tour show(Path database) {
    try (var db = TidalDb.open(database, schema())) {
      var tour =
          new Tour((title, request) -> feed(db, title, request), this::heading, this::say, figures);
      tour.begin(db);
      fill(db, Timestamp.of(Instant.now()).nanos());
      feed(db, "Trending now: a rate of shares and views", Retrieve.items());
      feed(db, "Hot: likes against age", Retrieve.items().sortBy(Sort.HOT));
      feed(
          db,
          "The week's best of music and cooking under 10 minutes, with 20 views a day or more",
          filtered());
      tour.show(db);
      new Measurements(db, seed, items, Duration.ofMillis(measureMillis), figures, this::say)
          .run(
              Map.of(
                  "trending", Retrieve.items(),
                  "hot", Retrieve.items().sortBy(Sort.HOT),
                  "filtered", filtered()));
      return tour;
    }
  }

  private static Retrieve filtered() {
    return Retrieve.items()
        .sortBy(Sort.TOP_WEEK)
        .filter(
            field("category")
                .in("music", "cooking")
                .and(field("duration").lessThan(600))
                .and(signal("view").count(Window.TWENTY_FOUR_HOURS).atLeast(20)));
  }

  private void fill(TidalDb db, long endNanos) {
    heading("A platform of %,d items and %,d signals (seed %d)".formatted(items, signals, seed));
    var catalogue = new Catalogue(seed, endNanos, items);
    var made = new ArrayList<Catalogue.Item>(items);
    for (var id = 1; id <= items; id++) {
      made.add(catalogue.item(id));
    }
    send(
        db,
        "items",
        items,
        to -> made.forEach(item -> to.accept(Write.item(item.id(), item.metadata()))));
    send(db, "signals", signals, to -> new Crowd(seed, made, endNanos).act(signals, to));
  }

  private void send(TidalDb db, String what, int count, Consumer<Consumer<Write>> source) {
    var progress = ProgressDisplay.on(output);
    progress.begin(what, count);
    var began = System.nanoTime();
    var batches =
        new Batches(
            db::writeAsync,
            BATCH,
            (item, reason) -> {
              throw new IllegalStateException(reason);
            });
    var sent = new long[1];
    source.accept(
        write -> {
          batches.add(new Batches.Item(write, 0, ""));
          if (++sent[0] % BATCH == 0) {
            progress.at(sent[0]);
          }
        });
    batches.finish();
    progress.end();
    var perSecond = count / ((System.nanoTime() - began) / 1e9);
    figures.put(what + "_per_second", perSecond);
    say(
        "wrote %,d %s durably, in batches of %,d: %,.0f/s"
            .formatted(count, what, BATCH, perSecond));
  }

  private void feed(TidalDb db, String title, Retrieve request) {
    var results = db.retrieve(request.limit(SHOWN));
    if (output.isJson()) {
      return;
    }
    heading(title);
    var feed = new Feed(db, output);
    feed.printTable(results);
    if (!results.hits().isEmpty()) {
      say(output.dim("why the first:"));
      results.hits().getFirst().explanation().toString().lines().forEach(line -> say("  " + line));
    }
    feed.printStats(results);
  }

  private void heading(String text) {
    if (output.isJson()) {
      return;
    }
    say("");
    say(output.bold(text));
  }

  private void say(String text) {
    if (!output.isJson()) {
      output.line(text);
    }
  }
}
