package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Decay;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemoryTest {

  /// Zipf(1.0), ten events per item, evenly over thirty days, all five windows.
  @Test
  void aPairTakesAtMost64Bytes() {
    int items = Boolean.getBoolean("tidal.slow") ? 1_000_000 : 200_000;
    int events = 10 * items;
    var zipf = new Zipf(items, 42);
    var world = world();
    for (int i = 0; i < events; i++) {
      world.signal(0, zipf.next(), 1, START + 30 * DAY / events * i);
    }
    double perPair = (double) world.view.bytes() / (double) world.view.pairs();
    assertThat(perPair).isLessThanOrEqualTo(64);
    assertThat(world.view.pairs()).isBetween((long) (0.74 * items), (long) (0.82 * items));
  }

  @Test
  void aYearOfSteadyLoadTakesNoMoreThanSixtyDays() {
    int items = 5_000;
    int perDay = 2_000;
    var zipf = new Zipf(items, 43);
    var world = world();
    long afterSixty = 0;
    for (int day = 0; day < 365; day++) {
      for (int i = 0; i < perDay; i++) {
        world.signal(0, zipf.next(), 1, START + day * DAY + DAY / perDay * i);
      }
      if (day == 59) {
        afterSixty = world.view.bytes();
      }
    }
    assertThat((double) world.view.bytes()).isBetween(0.9 * afterSixty, 1.1 * afterSixty);
  }

  private static SignalWorld world() {
    return new SignalWorld(SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL));
  }

  /// Draws items so that the i-th most popular has a share of 1/i, popular ones anywhere among the
  /// slots.
  private static final class Zipf {
    private final double[] cumulated;
    private final int[] items;
    private final SplittableRandom random;

    Zipf(int count, long seed) {
      random = new SplittableRandom(seed);
      cumulated = new double[count];
      items = new int[count];
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += 1.0 / (i + 1);
        cumulated[i] = sum;
        int other = random.nextInt(i + 1);
        items[i] = items[other];
        items[other] = i;
      }
    }

    int next() {
      int at =
          Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[cumulated.length - 1]);
      return items[Math.min(items.length - 1, at < 0 ? -at - 1 : at)];
    }
  }
}
