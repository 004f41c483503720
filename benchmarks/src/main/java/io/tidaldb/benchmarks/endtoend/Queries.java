package io.tidaldb.benchmarks.endtoend;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.signal;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// How long a query takes at a million items while 1,000 durable signals a second arrive. Sketch: a
/// scan reads 8 bytes per item and signal, 8 MB a column, about a millisecond; the head needs no
/// scan.
final class Queries {

  private final Path directory;
  private final int items;
  private final int signals;
  private final Duration perQuery;

  Queries(Path directory, int items, int signals, Duration perQuery) {
    this.directory = directory;
    this.items = items;
    this.signals = signals;
    this.perQuery = perQuery;
  }

  void run() throws InterruptedException {
    var scenario = new Scenario(items, 1);
    var now = Timestamp.now(InstantSource.system());
    try (var db = TidalDb.open(directory.resolve("queries"), Scenario.schema())) {
      scenario.writeItems(db, now);
      scenario.writeSignals(db, signals, now);
      db.checkpoint();
      db.saveProfile(Profile.named("hot_views").term(new Feature.Decayed("view"), 1.0).build());
      db.saveProfile(
          Profile.named("blend")
              .term(new Feature.Decayed("view"), 0.4)
              .term(new Feature.Decayed("like"), 0.3)
              .term(new Feature.Recency(Duration.ofDays(2)), 0.3)
              .build());
      measure(db, "quiet");
      var stop = new AtomicBoolean();
      var writer = Thread.ofPlatform().start(() -> writeSteadily(db, scenario, stop));
      measure(db, "1,000 signals/s");
      stop.set(true);
      writer.join();
    }
  }

  private static void writeSteadily(TidalDb db, Scenario scenario, AtomicBoolean stop) {
    while (!stop.get()) {
      db.write(List.of(scenario.signal(Timestamp.now(InstantSource.system()))));
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Map<String, Retrieve> queries() {
    var queries = new LinkedHashMap<String, Retrieve>();
    var category = field("category").is("category3");
    queries.put("one decayed score, limit 50", Retrieve.items().profile("hot_views"));
    queries.put("blend of 2 scores and recency", Retrieve.items().profile("blend"));
    queries.put("blend, category (5 %)", Retrieve.items().profile("blend").filter(category));
    queries.put("trending", Retrieve.items().profile("trending"));
    queries.put("trending, category (5 %)", Retrieve.items().profile("trending").filter(category));
    queries.put("new", Retrieve.items().sortBy(Sort.NEW));
    queries.put("new, category (5 %)", Retrieve.items().sortBy(Sort.NEW).filter(category));
    queries.put("hot", Retrieve.items().sortBy(Sort.HOT));
    queries.put("rising", Retrieve.items().sortBy(Sort.RISING));
    queries.put("top_week", Retrieve.items().sortBy(Sort.TOP_WEEK));
    queries.put("most_viewed", Retrieve.items().sortBy(Sort.MOST_VIEWED));
    queries.put("alphabetical", Retrieve.items().sortBy(Sort.ALPHABETICAL_ASC));
    queries.put(
        "views of the week ≥ 20, duration < 10 min",
        Retrieve.items()
            .profile("blend")
            .filter(
                field("duration")
                    .lessThan(600)
                    .and(signal("view").count(Window.SEVEN_DAYS).atLeast(20))));
    return queries;
  }

  private void measure(TidalDb db, String load) {
    System.out.println("\n" + load + ":\n");
    Tables.header(
        "query", "strategy", "allowed", "scored", "queries/s", "µs p50 / p99 / p99.9 / max");
    queries().forEach((name, query) -> measureOne(db, name, query));
  }

  private void measureOne(TidalDb db, String name, Retrieve query) {
    long warm = System.nanoTime() + perQuery.toNanos() / 2;
    while (System.nanoTime() < warm) {
      consume(db.retrieve(query));
    }
    var latencies = Tables.histogram();
    long end = System.nanoTime() + perQuery.toNanos();
    QueryStats stats = db.retrieve(query).stats();
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      var results = db.retrieve(query);
      latencies.recordValue(System.nanoTime() - began);
      stats = results.stats();
    }
    Tables.row(
        name,
        stats.strategy(),
        String.valueOf(stats.allowed()),
        String.valueOf(stats.scored()),
        Tables.number(latencies.getTotalCount() / (perQuery.toNanos() / 1e9)),
        Tables.percentiles(latencies));
  }

  private static void consume(Results results) {
    if (results.hits().size() > 1_000) {
      throw new IllegalStateException("more hits than any limit");
    }
  }
}
