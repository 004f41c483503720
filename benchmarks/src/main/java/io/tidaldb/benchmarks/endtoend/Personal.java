package io.tidaldb.benchmarks.endtoend;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.followed;
import static io.tidaldb.schema.Filter.unblocked;
import static io.tidaldb.schema.Filter.unseen;

import com.sun.management.ThreadMXBean;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// What a personal feed costs, and every order beside it: a quiet run, then one with 1,000 durable
/// signals a second. Says for each query how long its stages took, what its sources gave and how
/// much it allocated.
final class Personal {

  private static final long GRAPH_FROM = 5_000_000;

  private final Path directory;
  private final Size size;
  private final PersonalData data;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// How much is measured.
  ///
  /// @param items with a vector each
  /// @param dimensions of the vectors
  /// @param signals of the crowd
  /// @param perQuery how long each query is asked again and again
  /// @param sorts whether every order is measured beside the feeds
  record Size(int items, int dimensions, int signals, Duration perQuery, boolean sorts) {}

  Personal(Path directory, Size size) {
    this.directory = directory;
    this.size = size;
    this.data = new PersonalData(size.items, size.dimensions);
  }

  void run() throws InterruptedException {
    var now = Timestamp.now(InstantSource.system());
    Tables.header("what", "figure");
    try (var db = TidalDb.open(directory.resolve("personal"), data.schema())) {
      timed(size.items + " items × " + size.dimensions, () -> data.writeEntities(db, now));
      timed(size.signals + " signals", () -> data.writeSignals(db, size.signals, now));
      timed("warm users", () -> data.writeWarm(db, now));
      timed("until the graph is there", () -> awaitGraph(db));
      timed("checkpoint", db::checkpoint);
      measure(db, "quiet");
      var stop = new AtomicBoolean();
      var writer = Thread.ofPlatform().start(() -> writeSteadily(db, stop));
      measure(db, "1,000 signals/s");
      stop.set(true);
      writer.join();
    }
  }

  private static void timed(String what, Runnable work) {
    long began = System.nanoTime();
    work.run();
    Tables.row(what + ", seconds", Tables.number((System.nanoTime() - began) / 1e9));
  }

  private void awaitGraph(TidalDb db) {
    if ((long) size.items * size.dimensions <= GRAPH_FROM) {
      return;
    }
    var request = related(0);
    while (!db.retrieve(request).stats().vectorPlans().getFirst().startsWith("GRAPH")) {
      LockSupport.parkNanos(100_000_000);
    }
  }

  private void writeSteadily(TidalDb db, AtomicBoolean stop) {
    while (!stop.get()) {
      db.write(List.<Write>of(data.signal(Timestamp.now(InstantSource.system()))));
      LockSupport.parkNanos(1_000_000);
    }
  }

  /* --- queries --- */

  private Retrieve related(int turn) {
    return Retrieve.items().relatedTo(data.popular()).limit(50);
  }

  private Retrieve warm(int turn) {
    return Retrieve.items().forUser(data.warm(turn % PersonalData.WARM)).limit(50);
  }

  private Map<String, IntFunction<Retrieve>> queries() {
    var queries = new LinkedHashMap<String, IntFunction<Retrieve>>();
    var category = field("category").is("category3");
    queries.put(
        "for_you, warm, unseen, unblocked, 2 per creator",
        turn ->
            warm(turn)
                .profile("for_you")
                .filter(unseen().and(unblocked()))
                .diversity(limits -> limits.maxPerCreator(2)));
    queries.put(
        "for_you, cold user",
        turn -> Retrieve.items().forUser(PersonalData.NOBODY + turn).profile("for_you"));
    queries.put("related", this::related);
    queries.put("followed, new", turn -> warm(turn).filter(followed()).sortBy(Sort.NEW));
    queries.put("trending", turn -> Retrieve.items().profile("trending"));
    queries.put(
        "cohort_trending, cohort of 10 %",
        turn -> Retrieve.items().forCohort("young").profile("cohort_trending"));
    for (var sort : Sort.values()) {
      if (size.sorts || sort == Sort.NEW || sort == Sort.RISING || sort == Sort.TOP_TODAY) {
        queries.put(sort.label() + ", sort", turn -> Retrieve.items().sortBy(sort));
        queries.put(
            sort.label() + ", sort, category (5 %)",
            turn -> Retrieve.items().sortBy(sort).filter(category));
      }
    }
    return queries;
  }

  private void measure(TidalDb db, String load) {
    System.out.println("\n" + load + ":\n");
    Tables.header(
        "query",
        "strategy",
        "allowed",
        "scored",
        "KiB allocated",
        "µs p50 / p99 / p99.9 / max",
        "mean µs a stage",
        "sources: given, µs");
    queries().forEach((name, query) -> new Measured(name).ask(db, query).print());
  }

  /// The answers to one kind of question.
  private final class Measured {
    private final String name;
    private final Histogram nanos = Tables.histogram();
    private final Map<String, Long> stages = new LinkedHashMap<>();
    private final Map<String, long[]> sources = new TreeMap<>();
    private long allocated;
    private QueryStats last;

    Measured(String name) {
      this.name = name;
    }

    Measured ask(TidalDb db, IntFunction<Retrieve> query) {
      long warm = System.nanoTime() + size.perQuery.toNanos() / 2;
      int turn = 0;
      while (System.nanoTime() < warm) {
        last = db.retrieve(query.apply(turn++)).stats();
      }
      long end = System.nanoTime() + size.perQuery.toNanos();
      do {
        var request = query.apply(turn++);
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        var results = db.retrieve(request);
        nanos.recordValue(System.nanoTime() - began);
        allocated += threads.getCurrentThreadAllocatedBytes() - bytes;
        add(results.stats());
      } while (System.nanoTime() < end);
      return this;
    }

    private void add(QueryStats stats) {
      last = stats;
      stats.stageMicros().forEach((stage, micros) -> stages.merge(stage, micros, Long::sum));
      for (var source : stats.sources()) {
        long[] sums = sources.computeIfAbsent(source.source(), _ -> new long[2]);
        sums[0] += source.produced();
        sums[1] += source.micros();
      }
    }

    void print() {
      long count = nanos.getTotalCount();
      Tables.row(
          name,
          last.strategy(),
          String.valueOf(last.allowed()),
          String.valueOf(last.scored()),
          Tables.number(allocated / (double) count / 1024),
          Tables.percentiles(nanos),
          stages.entrySet().stream()
              .map(e -> e.getKey() + " " + mean(e.getValue(), count))
              .collect(Collectors.joining(", ")),
          sources.entrySet().stream()
              .map(
                  e ->
                      e.getKey()
                          + ": "
                          + mean(e.getValue()[0], count)
                          + ", "
                          + mean(e.getValue()[1], count))
              .collect(Collectors.joining("; ")));
    }

    private String mean(long sum, long count) {
      return String.format(Locale.ROOT, "%.0f", sum / (double) count);
    }
  }
}
