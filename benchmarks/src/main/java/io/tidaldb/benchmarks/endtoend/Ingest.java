package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// How many durable signals a second. Question: does one sync carry everyone who waits for it?
/// Sketch: with a sync of s seconds, n blocking callers cannot exceed n / s; batches are bounded by
/// apply, some 300 ns a signal.
final class Ingest {

  private static final int ITEMS = 1_000_000;
  private static final int USERS = 100_000;
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  private final Path directory;
  private final Duration measured;

  Ingest(Path directory, Duration measured) {
    this.directory = directory;
    this.measured = measured;
  }

  void run() throws Exception {
    Tables.header("mode", "callers", "durability", "signals/s", "µs p50 / p99 / p99.9 / max");
    blocking(1, Durability.BATCHED);
    blocking(50, Durability.BATCHED);
    blocking(50, Durability.RELAXED);
    batches("uniform", 1, 1_000);
    batches("uniform", 8, 1_000);
    batches("Zipf(1.0)", 8, 1_000);
    singles(16_384);
  }

  private TidalDb open(String name) {
    return TidalDb.open(directory.resolve(name), Scenario.schema());
  }

  private static Write signal(SplittableRandom random) {
    return signal(random.nextInt(ITEMS), random);
  }

  private static Write signal(int item, SplittableRandom random) {
    return Write.signal("view", EntityId.of(item), Signal.by(random.nextInt(USERS)));
  }

  private void blocking(int callers, Durability durability) throws InterruptedException {
    try (var db = open("blocking" + callers + durability)) {
      var latencies = new ConcurrentHistogram(600_000_000_000L, 3);
      var count = new LongAdder();
      long start = System.nanoTime() + WARM_UP.toNanos();
      long end = start + measured.toNanos();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < callers; i++) {
        var random = new SplittableRandom(i);
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (System.nanoTime() < end) {
                        var batch = java.util.List.of(signal(random));
                        long began = System.nanoTime();
                        db.write(batch, durability);
                        long ended = System.nanoTime();
                        if (began >= start) {
                          latencies.recordValue(ended - began);
                          count.increment();
                        }
                      }
                    }));
      }
      for (var thread : threads) {
        thread.join();
      }
      report("blocking, one signal a call", callers, durability, count.sum(), latencies);
    }
  }

  /// Batches of signals, each durable as one unit; `inFlight` of them on their way.
  private void batches(String items, int inFlight, int size) throws InterruptedException {
    var zipf = items.equals("uniform") ? null : new Zipf(ITEMS);
    try (var db = open("batches" + items + inFlight)) {
      var latencies = new ConcurrentHistogram(600_000_000_000L, 3);
      var count = new LongAdder();
      var room = new Semaphore(inFlight);
      var random = new SplittableRandom(7);
      long start = System.nanoTime() + WARM_UP.toNanos();
      long end = start + measured.toNanos();
      while (System.nanoTime() < end) {
        var batch = new ArrayList<Write>(size);
        for (int i = 0; i < size; i++) {
          batch.add(zipf == null ? signal(random) : signal(zipf.next(random), random));
        }
        room.acquire();
        long began = System.nanoTime();
        var _ =
            db.writeAsync(batch)
                .whenComplete(
                    (receipts, error) -> {
                      room.release();
                      if (error == null && began >= start) {
                        latencies.recordValue(System.nanoTime() - began);
                        count.add(size);
                      }
                    });
      }
      room.acquire(inFlight);
      report(
          "asynchronous, batches of " + size + ", items " + items,
          inFlight,
          Durability.BATCHED,
          count.sum(),
          latencies);
    }
  }

  /// Single asynchronous signals, `inFlight` of them on their way.
  private void singles(int inFlight) throws InterruptedException {
    try (var db = open("singles")) {
      var latencies = new ConcurrentHistogram(600_000_000_000L, 3);
      var count = new LongAdder();
      var room = new Semaphore(inFlight);
      var random = new SplittableRandom(9);
      long start = System.nanoTime() + WARM_UP.toNanos();
      long end = start + measured.toNanos();
      while (System.nanoTime() < end) {
        room.acquire();
        long began = System.nanoTime();
        var _ =
            db.signalAsync(
                    "view", EntityId.of(random.nextInt(ITEMS)), Signal.by(random.nextInt(USERS)))
                .whenComplete(
                    (receipt, error) -> {
                      room.release();
                      if (error == null && began >= start) {
                        latencies.recordValue(System.nanoTime() - began);
                        count.increment();
                      }
                    });
      }
      room.acquire(inFlight);
      report(
          "asynchronous, one signal a call", inFlight, Durability.BATCHED, count.sum(), latencies);
    }
  }

  private void report(
      String mode, int callers, Durability durability, long count, Histogram latencies) {
    Tables.row(
        mode,
        String.valueOf(callers),
        durability.name(),
        Tables.number(count / (measured.toNanos() / 1e9)),
        Tables.percentiles(latencies));
  }
}
