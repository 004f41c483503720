package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.VectorWrite;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// What nearest vectors cost: written, found exactly and along the graph, under filters of 100, 10
/// and 1 percent that have nothing to do with the query, with the share of the ten truly nearest
/// that the graph finds.
///
/// The vectors are in clusters: normal around one of 1,000 middles, the spread 0.6 of that of the
/// middles.
final class Vectors {

  private static final int DIMENSIONS = 128;
  private static final int BATCH = 500;
  private static final int CLUSTERS = 1_000;
  private static final double SPREAD = 0.6;
  private static final int QUERIES = 1_000;
  private static final int WARM = 300;
  private static final int K = 100;

  private final Path directory;
  private final int items;
  private final SplittableRandom random = new SplittableRandom(17);
  private final float[][] middles = new float[CLUSTERS][DIMENSIONS];

  Vectors(Path directory, int items) {
    this.directory = directory;
    this.items = items;
    for (float[] middle : middles) {
      for (int i = 0; i < DIMENSIONS; i++) {
        middle[i] = (float) random.nextGaussian();
      }
    }
  }

  private TidalDb open() {
    return TidalDb.open(
        directory.resolve("vectors"),
        SchemaBuilder.from(Scenario.schema())
            .embeddingSlot("content", DIMENSIONS)
            .field(EntityKind.ITEM, "part", FieldType.INTEGER)
            .build());
  }

  void run() {
    Tables.header("what", "figure");
    try (var db = open()) {
      write(db);
      db.saveProfile(nearest("graph", false));
      db.saveProfile(nearest("exact", true));
      awaitGraph(db);
      learn(db);
      System.out.println();
      Tables.header(
          "k 100 of " + items + " × " + DIMENSIONS,
          "plan",
          "recall@10",
          "source, µs p50 / p99 / p99.9 / max",
          "retrieve, µs p50 / p99 / p99.9 / max");
      for (int percent : new int[] {100, 50, 10, 1}) {
        measure(db, percent);
      }
    }
    reopen();
  }

  private static Profile nearest(String name, boolean exact) {
    return Profile.named(name)
        .source(new Source.Ann(K, Source.Toward.SEED, "content", exact))
        .term(new Feature.Similarity(), 1)
        .build();
  }

  private float[] vector() {
    float[] vector = middles[random.nextInt(CLUSTERS)].clone();
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] += (float) (SPREAD * random.nextGaussian());
    }
    return vector;
  }

  private void write(TidalDb db) {
    long began = System.nanoTime();
    var batch = new ArrayList<Write>(2 * BATCH);
    for (int i = 0; i < items; i++) {
      var id = EntityId.of(i);
      batch.add(Write.item(id, Map.of("part", random.nextInt(100))));
      batch.add(VectorWrite.embedding(EntityKind.ITEM, id, "content", vector()));
      if (batch.size() == 2 * BATCH || i == items - 1) {
        db.write(batch);
        batch.clear();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Tables.row("items with a vector, durably, per second", Tables.number(items / seconds));
  }

  private void awaitGraph(TidalDb db) {
    long began = System.nanoTime();
    var request = Retrieve.items().similarTo(vector()).profile("graph").limit(10);
    while (!db.retrieve(request).stats().vectorPlans().getFirst().startsWith("GRAPH")) {
      LockSupport.parkNanos(100_000_000);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Tables.row("until the graph has them, seconds after the last write", Tables.number(seconds));
  }

  private void learn(TidalDb db) {
    var batch = new ArrayList<Write>();
    for (int i = 0; i < 100_000; i++) {
      var item = EntityId.of(random.nextInt(items));
      batch.add(Write.signal("like", item, Signal.by(random.nextInt(10_000))));
    }
    long began = System.nanoTime();
    for (int i = 0; i < batch.size(); i += 1_000) {
      db.write(batch.subList(i, i + 1_000));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Tables.row("likes that move a preference, per second", Tables.number(batch.size() / seconds));
  }

  private void measure(TidalDb db, int percent) {
    var filter =
        percent == 100
            ? Optional.<Filter>empty()
            : Optional.of(Filter.field("part").lessThan(percent));
    var graph = new Measured();
    var exact = new Measured();
    double found = 0;
    for (int q = -WARM; q < QUERIES; q++) {
      var base = Retrieve.items().similarTo(vector()).limit(10);
      var request = filter.map(base::filter).orElse(base);
      var near = graph.ask(db, request.profile("graph"), q >= 0);
      if (q < 0 || q % 5 == 0) {
        var nearest = exact.ask(db, request.profile("exact"), q >= 0);
        near.retainAll(nearest);
        found += q >= 0 ? near.size() / 10.0 : 0;
      }
    }
    row(percent + " %", graph, Tables.number(found / (QUERIES / 5.0)));
    row(percent + " %, exact", exact, "1");
  }

  private static void row(String what, Measured measured, String recall) {
    Tables.row(
        what,
        measured.plan,
        recall,
        Tables.percentiles(measured.source),
        Tables.percentiles(measured.whole));
  }

  private void reopen() {
    long began = System.nanoTime();
    try (var db = open()) {
      Tables.row("opened again, seconds", Tables.number((System.nanoTime() - began) / 1e9));
      awaitGraph(db);
    }
  }

  /// The answers to one kind of question.
  private static final class Measured {
    private final Histogram source = Tables.histogram();
    private final Histogram whole = Tables.histogram();
    private String plan = "";

    private Set<EntityId> ask(TidalDb db, Retrieve request, boolean counts) {
      long began = System.nanoTime();
      var results = db.retrieve(request);
      long nanos = System.nanoTime() - began;
      if (counts) {
        whole.recordValue(nanos);
        source.recordValue(1_000 * results.stats().sources().getFirst().micros());
        plan = results.stats().vectorPlans().getFirst();
      }
      return new HashSet<>(results.hits().stream().map(Hit::id).toList());
    }
  }
}
