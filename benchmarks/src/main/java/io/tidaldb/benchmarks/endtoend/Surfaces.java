package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// What the surfaces cost and answer: signals without and with a user, without and with cohorts;
/// cohort trending, related, networks, lists, session signals; opening with all of them full.
final class Surfaces {

  private static final int BATCH = 1_000;
  private static final int COHORTS = 50;
  private static final int RUNS = 300;
  private static final int SESSIONS = 1_000;

  private final Path directory;
  private final int items;
  private final int users;
  private final int signals;
  private final Zipf zipf;
  private final SplittableRandom random = new SplittableRandom(5);

  Surfaces(Path directory, int items) {
    this.directory = directory;
    this.items = items;
    this.users = items / 10;
    this.signals = items;
    this.zipf = new Zipf(items);
  }

  void run() {
    var path = directory.resolve("surfaces");
    var now = Timestamp.now(InstantSource.system());
    var db = open(path);
    new Scenario(items, 3).writeItems(db, now);
    writeUsers(db);
    Tables.header("signals in batches of 1,000", "per second, answered durably");
    rate(db, "views without a user", "view", false, now);
    rate(db, "views by users", "view", true, now);
    rate(db, "likes by users", "like", true, now);
    for (int i = 0; i < COHORTS; i++) {
      db.defineCohort("c" + i, "age BETWEEN " + i + " AND " + (i + 4));
    }
    rate(db, "views by users, 50 cohorts, each user in 5", "view", true, now);
    rate(db, "likes by users, 50 cohorts, each user in 5", "like", true, now);
    follow(db);
    sessions(db);
    System.out.println();
    Tables.header("read", "µs p50 / p99 / p99.9 / max");
    reads(db);
    System.out.println();
    Tables.header("what", "figure");
    gauges(db);
    var _ = db.checkpoint();
    TestDoor.abandon(db);
    opening(path);
  }

  private static TidalDb open(Path path) {
    return TidalDb.builder()
        .dataDirectory(path)
        .schema(Scenario.schema())
        .checkpointInterval(Duration.ofHours(1))
        .checkpointLogBytes(8L << 30)
        .open();
  }

  private void writeUsers(TidalDb db) {
    var batch = new ArrayList<Write>(BATCH);
    for (int user = 1; user <= users; user++) {
      Map<String, ?> metadata = Map.of("age", user % (COHORTS + 4), "language", "en");
      batch.add(Write.entity(EntityKind.USER, EntityId.of(user), metadata, Optional.empty()));
      if (batch.size() == BATCH) {
        var _ = db.write(batch);
        batch.clear();
      }
    }
    var _ = db.write(batch);
  }

  private void rate(TidalDb db, String what, String signal, boolean byUsers, Timestamp now) {
    var batches = new ArrayList<List<Write>>();
    // Once there are as many edges as allowed, each like makes others leave: a fifth is enough.
    int count = signal.equals("like") ? signals / 5 : signals;
    for (int i = 0; i < count / BATCH; i++) {
      var batch = new ArrayList<Write>(BATCH);
      for (int j = 0; j < BATCH; j++) {
        var by = byUsers ? Signal.by(1 + random.nextInt(users)) : Signal.anonymous();
        batch.add(Write.signal(signal, item(), by.at(now)));
      }
      batches.add(batch);
    }
    long began = System.nanoTime();
    for (var batch : batches) {
      var _ = db.write(batch);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Tables.row(what, Tables.number(batches.size() * (double) BATCH / seconds));
  }

  private EntityId item() {
    return EntityId.of(zipf.next(random));
  }

  private void follow(TidalDb db) {
    for (int i = 0; i < RUNS; i++) {
      db.follow(1, 2L + random.nextInt(users - 2));
    }
  }

  private void sessions(TidalDb db) {
    for (int i = 0; i < SESSIONS; i++) {
      var session = db.startSession(1L + i, "agent", "default");
      session.signal("view", item(), Signal.anonymous());
    }
  }

  private void reads(TidalDb db) {
    measure("cohort trending, limit 50", () -> db.retrieve(Retrieve.items().forCohort("c7")));
    measure("trending, limit 50", () -> db.retrieve(Retrieve.items()));
    measure("neighbours(item, 20)", () -> db.coEngagement().neighbours(item(), 20));
    measure("related, limit 50", () -> db.retrieve(Retrieve.items().relatedTo(item())));
    measure("cohortOverlap", () -> db.cohortOverlap("c7", "c9"));
    measure("network, depth 2", () -> db.network(EntityId.of(1), 2));
    measure(
        "readLiked, 100",
        () -> db.readLiked(EntityId.of(1 + random.nextInt(users)), PageRequest.first()));
    for (int i = 0; i < 100; i++) {
      var _ = db.createCollection(1, "list " + i, Visibility.PRIVATE);
    }
    measure("list 100 collections", () -> db.listCollections(1));
    var session = db.activeSessions(5).getFirst();
    measure("session snapshot", session::snapshot);
    measure("durable session signal", () -> session.signal("view", item(), Signal.anonymous()));
    measure("durable plain signal", () -> db.signal("view", item(), Signal.by(5)));
  }

  /// The results are the database's own; taking their class keeps the call alive.
  private static void measure(String what, java.util.function.Supplier<Object> call) {
    var nanos = Tables.histogram();
    long kept = 0;
    for (int i = 0; i < RUNS; i++) {
      long began = System.nanoTime();
      kept += call.get().hashCode();
      if (i >= RUNS / 10) {
        nanos.recordValue(System.nanoTime() - began);
      }
    }
    Tables.row(what + (kept == 0 ? " " : ""), Tables.percentiles(nanos));
  }

  private static void gauges(TidalDb db) {
    long pairs = db.cohorts().stream().mapToLong(cohort -> cohort.pairs()).sum();
    long bytes = db.cohorts().stream().mapToLong(cohort -> cohort.bytes()).sum();
    Tables.row("edges", Integer.toString(db.coEngagement().edgeCount()));
    Tables.row("cohort pairs", Long.toString(pairs));
    Tables.row("bytes per cohort pair", Tables.number((double) bytes / Math.max(1, pairs)));
  }

  private static void opening(Path path) {
    for (int i = 0; i < 2; i++) {
      long began = System.nanoTime();
      var again = TidalDb.open(path);
      double seconds = (System.nanoTime() - began) / 1e9;
      var report = again.recovery();
      Tables.row(
          "open, run " + (i + 1),
          String.format(
              Locale.ROOT,
              "%.2f s, %d events replayed, steps %s µs",
              seconds,
              report.eventsReplayed(),
              report.stepMicros()));
      TestDoor.abandon(again);
    }
  }
}
