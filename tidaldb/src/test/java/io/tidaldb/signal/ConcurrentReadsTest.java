package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// One writer, eight readers.
class ConcurrentReadsTest {

  private static final int READERS = 8;
  private static final int SLOTS = 64;

  /// Every event of slot s goes to minutes, hours and days, and blocks grow, fold and change hands;
  /// whatever a reader sees, shorter windows hold no more than longer ones and no fewer than
  /// before.
  @Test
  void countsAreOfOnePosition() throws Exception {
    var world =
        new SignalWorld(SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL));
    long end = START + 200 * HOUR;
    // The newest event time stands first, so that reads at the end are allowed from the start.
    world.signal(0, SLOTS, 1, end);
    var done = new AtomicBoolean();
    var written = new AtomicLong();
    race(
        done,
        () -> {
          var random = new SplittableRandom(1);
          for (int i = 0; i < 400_000; i++) {
            world.signal(0, random.nextInt(SLOTS), 1, end - random.nextLong(200 * HOUR));
            written.setRelease(i + 1);
          }
          return null;
        },
        () -> {
          var random = new SplittableRandom();
          var before = new long[SLOTS];
          while (!done.get()) {
            long atLeast = written.getAcquire();
            try (var reader = world.view.reader(end)) {
              assertThat(reader.totalCount(0, Window.ALL_TIME)).isGreaterThanOrEqualTo(atLeast);
              int slot = random.nextInt(SLOTS);
              var reading = reader.reading(0, slot);
              long last = 0;
              for (var window : Window.values()) {
                assertThat(reading.counts().get(window)).isGreaterThanOrEqualTo(last);
                last = reading.counts().get(window);
              }
              // All events lie within nine days, so thirty days are all there is.
              assertThat(reading.counts().get(Window.THIRTY_DAYS)).isEqualTo(last);
              assertThat(last).isGreaterThanOrEqualTo(before[slot]);
              before[slot] = last;
            }
          }
          return null;
        });
    assertThat(world.view.verify()).isEmpty();
  }

  /// Weights are whole multiples of one second's value, so a score off by a power of two is far
  /// outside of its bounds.
  @Test
  void aMovingLandmarkIsNeverSeenHalf() throws Exception {
    long second = SignalWorld.SECOND;
    var world =
        new SignalWorld(
            SignalWorld.type(
                "view", 0, Decay.exponential(Duration.ofSeconds(1)), Set.of(Window.ALL_TIME)));
    for (int slot = 0; slot < 4; slot++) {
      // So that no reader meets a slot without events, which rightly reads 0.
      world.signal(0, slot, 1, START);
    }
    var done = new AtomicBoolean();
    race(
        done,
        () -> {
          long now = START;
          for (int i = 0; i < 20_000; i++) {
            now += 200 * second;
            for (int slot = 0; slot < 4; slot++) {
              world.signal(0, slot, 1, now);
            }
          }
          return null;
        },
        () -> {
          int[] slots = {0, 1, 2, 3};
          double[] scores = new double[4];
          int[] found = new int[4];
          while (!done.get()) {
            long at = world.view.newestEventTime();
            if (at == 0) {
              continue;
            }
            try (var reader = world.view.reader(at)) {
              reader.decayScores(0, slots, 4, scores);
              check(scores, 4);
              check(scores, reader.hottest(0, 4, found, scores));
            } catch (InvalidRequestException e) {
              assertThat(e.code()).isEqualTo("READ_TIME_TOO_EARLY");
            }
          }
          return null;
        });
  }

  /// A score at the time of one event is 1; later events of the same reading count 2^(200·n) of
  /// theirs.
  private static void check(double[] scores, int count) {
    for (int i = 0; i < count; i++) {
      double log = Math.log(scores[i]) / Math.log(2) / 200;
      assertThat(Math.abs(log - Math.rint(log))).as("score=%s", scores[i]).isLessThan(1e-9);
    }
  }

  @Test
  void aCheckpointHoldsOnePositionWhileTheWriterGoesOn() throws Exception {
    var type = SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL);
    var world = new SignalWorld(type);
    var random = new SplittableRandom(9);
    var checkpointer = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 2_000; i++) {
          world.signal(0, random.nextInt(3_000), 1, START + round * HOUR + i);
        }
        String expected = world.state();
        FrozenPages frozen = world.view.freeze(true);
        var saved = new TreeMap<PageKey, byte[]>();
        Future<?> saving = checkpointer.submit(() -> SignalWorld.store(frozen, saved));
        while (!saving.isDone()) {
          world.signal(0, random.nextInt(3_000), 1, START + round * HOUR + 3_000);
        }
        saving.get();
        assertThat(SignalWorld.load(saved, 0).state()).isEqualTo(expected);
      }
    } finally {
      checkpointer.shutdownNow();
    }
  }

  private static void race(AtomicBoolean done, Callable<?> writer, Callable<?> reader)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(reader));
      }
      try {
        writer.call();
      } finally {
        done.set(true);
      }
      for (var future : readers) {
        future.get();
      }
    }
  }
}
