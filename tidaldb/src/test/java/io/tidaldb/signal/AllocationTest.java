package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.SECOND;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Window;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static final int CALLS = 20_000;

  @Test
  void arrayCallsDoNotAllocate() {
    var view = view();
    steadyEvents(START, 50_000).forEach(event -> view.apply(1, event));
    int[] slots = new SplittableRandom(3).ints(200, 0, 2_000).toArray();
    double[] scores = new double[200];
    long[] counts = new long[200];
    int[] best = new int[100];
    try (var reader = view.reader(view.newestEventTime())) {
      assertThat(
              allocatedBy(
                  () -> {
                    reader.decayScores(0, slots, 200, scores);
                    reader.addWeighted(0, 0.5, slots, 200, scores);
                    reader.windowedCounts(0, Window.SEVEN_DAYS, slots, 200, counts);
                    reader.velocities(0, Window.ONE_HOUR, slots, 200, scores);
                    reader.hottest(0, 100, best, scores);
                  }))
          .isZero();
    }
  }

  @Test
  void applyDoesNotAllocateInTheSteadyState() {
    var view = view();
    // Forty days fill every window; after that blocks only change hands.
    long now = START;
    for (int i = 0; i < 40; i++) {
      steadyEvents(now, 20_000).forEach(event -> view.apply(1, event));
      now += 24 * HOUR;
    }
    var events = steadyEvents(now, CALLS);
    int[] at = {0};
    assertThat(allocatedBy(() -> view.apply(1, events.get(at[0]++ % CALLS)))).isZero();
  }

  private static SignalView view() {
    var view = new SignalView(new SignalWorld.IdSlots(), CrashInjector.NONE, 4096);
    view.declare(List.of(SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL)));
    return view;
  }

  private static List<SignalRecorded> steadyEvents(long from, int count) {
    var random = new SplittableRandom(from);
    return random
        .ints(count, 0, 2_000)
        .mapToObj(
            slot ->
                new SignalRecorded(
                    from + random.nextLong(20_000 * SECOND),
                    0,
                    EntityKind.ITEM,
                    slot,
                    1,
                    0,
                    0,
                    0,
                    0,
                    null))
        .toList();
  }

  /// Bytes per call, rounded down: what a rare growth of a free list costs disappears, what each
  /// call costs does not.
  private static long allocatedBy(Runnable call) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      best = Math.min(best, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
    }
    return best;
  }
}
