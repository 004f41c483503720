package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearProperties {

  @Test
  void theScoreIsNeverAboveAndHardlyBelowTheExactOne() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(10_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              long lifetime = (long) Math.exp(Math.log(6e10) + random.nextDouble() * Math.log(3e7));
              long granule = (lifetime + 127) / 128;
              var world = world(lifetime);
              var times = new ArrayList<Long>();
              var weights = new ArrayList<Double>();
              long now = START;
              int events = 1 + random.nextInt(40);
              for (int i = 0; i < events; i++) {
                now += random.nextLong(Math.max(1, lifetime / 16));
                long time =
                    random.nextInt(4) == 0
                        ? now - random.nextLong(Math.min(now, 2 * lifetime))
                        : now;
                double weight = random.nextDouble() * 5 + 1e-9;
                // An event older than every allowed reading may change counts only.
                world.signal(0, 1, weight, time);
                times.add(time);
                weights.add(weight);
              }
              long newest = world.view.newestEventTime();
              long back = Math.min(HOUR, lifetime);
              double before = Double.MAX_VALUE;
              for (int i = 0; i <= 20; i++) {
                long at = newest - back + (lifetime + back + granule) / 20 * i;
                double exact = 0;
                double edge = 0;
                double all = 0;
                for (int e = 0; e < times.size(); e++) {
                  exact +=
                      weights.get(e) * Math.max(0, 1 - (double) (at - times.get(e)) / lifetime);
                  all += weights.get(e);
                  if (Math.floorDiv(times.get(e), granule)
                      == Math.floorDiv(at - lifetime, granule)) {
                    edge += weights.get(e);
                  }
                }
                double score = world.score(0, 1, at);
                assertThat(score).isBetween(exact - edge / 512 - 1e-12 * all, exact + 1e-12 * all);
                assertThat(score).isBetween(0.0, before + 1e-12 * all);
                before = score;
              }
              assertThat(world.score(0, 1, newest + lifetime + granule)).isZero();
              assertThat(world.score(0, 2, newest)).isZero();
            });
  }

  @Test
  void yearsOfEventsStaySmallAndRight() {
    long lifetime = Duration.ofMinutes(2).toNanos();
    var world = world(lifetime);
    long now = START;
    for (int i = 0; i < 50_000; i++) {
      now += i % 1_000 == 999 ? Duration.ofDays(400).toNanos() : Duration.ofSeconds(7).toNanos();
      world.signal(0, i % 3, 1, now);
    }
    double exact = 0;
    for (int i = 0; i * 7 < 120; i++) {
      exact += (50_000 - 1 - i) % 3 == 1 ? 1 - i * 7 / 120.0 : 0;
    }
    // The last event of the run came after 400 days.
    assertThat(world.score(0, (50_000 - 1) % 3, now))
        .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(exact).isPositive();
    assertThat(world.view.bytes()).isLessThan(400_000);
    var saved = world.save();
    assertThat(SignalWorld.load(saved, 0).state()).isEqualTo(world.state());
  }

  private static SignalWorld world(long lifetime) {
    return new SignalWorld(
        0,
        SignalWorld.type(
            "offer", 0, Decay.linear(Duration.ofNanos(lifetime)), Set.of(Window.ALL_TIME)));
  }
}
