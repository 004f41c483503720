package io.tidaldb.cli.demo;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Retrieve;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// Measures queries and blocking durable writes, each for a short while.
final class Measurements {

  private static final int CALLERS = 50;
  private static final int COUNT_MAX = 100_000;

  private final TidalDb db;
  private final long seed;
  private final int items;
  private final Duration span;
  private final Map<String, Object> figures;
  private final Consumer<String> say;

  /// @param items signals go to ids 1 … items
  /// @param span how long each measurement takes
  /// @param figures where the results go
  /// @param say prints a line
  Measurements(
      TidalDb db,
      long seed,
      int items,
      Duration span,
      Map<String, Object> figures,
      Consumer<String> say) {
    this.db = db;
    this.seed = seed;
    this.items = items;
    this.span = span;
    this.figures = figures;
    this.say = say;
  }

  void run(Map<String, Retrieve> queries) {
    say.accept("");
    say.accept("Measured here and now");
    new TreeMap<>(queries).forEach(this::query);
    writes(1);
    writes(CALLERS);
  }

  private void query(String name, Retrieve request) {
    var _ = repeat(span.dividedBy(2), () -> db.retrieve(request));
    var latencies = repeat(span, () -> db.retrieve(request));
    say.accept("%-33s %s (%,d runs)".formatted(name + " query", latencies, latencies.count()));
    put(name + "_query", latencies);
  }

  /// Every caller writes one durable signal, waits for its answer, and writes the next.
  private void writes(int callers) {
    var began = System.nanoTime();
    var all = new ArrayList<Future<Latencies>>();
    try (var pool = Executors.newFixedThreadPool(callers)) {
      for (var caller = 0; caller < callers; caller++) {
        var random = new SplittableRandom(seed + caller);
        all.add(
            pool.submit(
                () ->
                    repeat(span, () -> db.signal("view", EntityId.of(1 + random.nextInt(items))))));
      }
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    var latencies =
        new Latencies(all.stream().flatMapToLong(future -> got(future).stream()).toArray());
    var perSecond = latencies.count() / seconds;
    var what = "durable writes, %d caller%s".formatted(callers, callers == 1 ? "" : "s");
    say.accept("%-33s %s, %,.0f/s".formatted(what, latencies, perSecond));
    put("write_" + callers + "_callers", latencies);
    figures.put("write_" + callers + "_callers_per_second", perSecond);
  }

  private void put(String name, Latencies latencies) {
    figures.put(name + "_p50_micros", latencies.micros(0.5));
    figures.put(name + "_p99_micros", latencies.micros(0.99));
  }

  private static Latencies repeat(Duration span, Callable<?> call) {
    var nanos = LongStream.builder();
    var end = System.nanoTime() + span.toNanos();
    try {
      for (var round = 0; round < COUNT_MAX && System.nanoTime() < end; round++) {
        var began = System.nanoTime();
        call.call();
        nanos.add(System.nanoTime() - began);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new Latencies(nanos.build().toArray());
  }

  private static Latencies got(Future<Latencies> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
  }
}
