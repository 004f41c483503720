package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ledger.Exp2;
import io.tidaldb.ledger.Oracle;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecayedScoreProperties {

  private static final int SEQUENCES = 10_000;
  private static final long HALF_LIFE_MAX = Duration.ofDays(3650).toNanos();

  private record Happening(long time, double weight) {}

  private record Case(long halfLife, List<Happening> events, long at) {}

  @Test
  void theScoreIsTheClosedFormInAnyOrderOfArrival() {
    Property.forAll(seeds())
        .tries(SEQUENCES)
        .check(
            seed -> {
              var sample = sample(new SplittableRandom(seed), 25);
              double score = scoreOf(sample, sample.events());
              var exact = BigDecimal.ZERO;
              double weights = 0;
              for (var event : sample.events()) {
                exact =
                    exact.add(
                        Oracle.value(event.weight(), sample.at() - event.time(), sample.halfLife()),
                        Oracle.DIGITS);
                weights += event.weight();
              }
              double allowed = 1e-9 * exact.doubleValue() + 0x1p-448 * weights;
              assertThat(new BigDecimal(score).subtract(exact).abs().doubleValue())
                  .isLessThanOrEqualTo(allowed);
            });
  }

  @Test
  void sortedReversedAndShuffledArrivalAgree() {
    Property.forAll(seeds())
        .tries(100)
        .check(
            seed -> {
              var sample = sample(new SplittableRandom(seed), 2_000);
              var sorted = new ArrayList<>(sample.events());
              sorted.sort((a, b) -> Long.compare(a.time(), b.time()));
              double ascending = scoreOf(sample, sorted);
              double descending = scoreOf(sample, sorted.reversed());
              Collections.shuffle(sorted, new Random(seed));
              double shuffled = scoreOf(sample, sorted);
              assertThat(descending)
                  .isCloseTo(ascending, org.assertj.core.data.Percentage.withPercentage(1e-7));
              assertThat(shuffled)
                  .isCloseTo(ascending, org.assertj.core.data.Percentage.withPercentage(1e-7));
              assertThat(scoreOf(sample, sorted)).isEqualTo(shuffled);
            });
  }

  @Test
  void aMillionEventsOnOnePairErrByLessThanOneInATrillion() {
    var random = new SplittableRandom(8);
    long halfLife = Duration.ofHours(6).toNanos();
    var world = world(halfLife);
    double exact = 0;
    double lost = 0;
    long at = START + 200 * halfLife;
    for (int i = 0; i < 1_000_000; i++) {
      long time = at - random.nextLong(20 * halfLife);
      double weight = 1 + random.nextInt(5);
      world.signal(0, 7, weight, time);
      long age = at - time;
      long whole = age / halfLife;
      double value =
          weight
              * StrictMath.pow(2, -((double) (age - whole * halfLife) / halfLife))
              * Exp2.power((int) -whole);
      double y = value - lost;
      double sum = exact + y;
      lost = sum - exact - y;
      exact = sum;
    }
    assertThat(world.score(0, 7, at))
        .isCloseTo(exact, org.assertj.core.data.Offset.offset(1e-12 * exact));
  }

  @Test
  void scoresHalveExactlyAndNeverRiseByThemselves() {
    Property.forAll(seeds())
        .tries(500)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var sample = sample(random, 20);
              var world = world(sample.halfLife());
              sample.events().forEach(e -> world.signal(0, 1, e.weight(), e.time()));
              double now = world.score(0, 1, sample.at());
              long whole = 1L + random.nextInt(40);
              long later = sample.at() + whole * sample.halfLife();
              if (later > 0 && now > Exp2.power(-900)) {
                assertThat(world.score(0, 1, later)).isEqualTo(now * Exp2.power((int) -whole));
              }
              long step = random.nextLong(1 + sample.halfLife());
              assertThat(world.score(0, 1, sample.at() + step))
                  .isLessThanOrEqualTo(now * (1 + 2e-15));
            });
  }

  private static double scoreOf(Case sample, List<Happening> events) {
    var world = world(sample.halfLife());
    events.forEach(e -> world.signal(0, 3, e.weight(), e.time()));
    assertThat(world.view.verify()).isEmpty();
    return world.score(0, 3, sample.at());
  }

  private static SignalWorld world(long halfLife) {
    return new SignalWorld(
        0,
        SignalWorld.type(
            "view", 0, Decay.exponential(Duration.ofNanos(halfLife)), Set.of(Window.ALL_TIME)));
  }

  private static Generator<Long> seeds() {
    return Generator.longs(0, Long.MAX_VALUE);
  }

  private static Case sample(SplittableRandom random, int sizeMax) {
    // Half-lives spread evenly over the magnitudes.
    double magnitude =
        Math.log(1e9) + random.nextDouble() * (Math.log((double) HALF_LIFE_MAX) - Math.log(1e9));
    long halfLife = (long) Math.exp(magnitude);
    int size = 1 + random.nextInt(sizeMax);
    double lateMax = random.nextBoolean() ? 3 : 2_000;
    var events = new ArrayList<Happening>();
    for (int i = 0; i < size; i++) {
      long late = (long) Math.min(START, random.nextDouble() * lateMax * halfLife);
      double weight =
          random.nextInt(10) == 0
              ? (random.nextBoolean() ? 1e-9 : 1e9)
              : random.nextDouble() * 10 + 1e-9;
      events.add(new Happening(START - late, weight));
    }
    long newest = events.stream().mapToLong(Happening::time).max().orElse(0);
    long at =
        newest
            + (long) Math.min(Long.MAX_VALUE - newest - 1.0e10, random.nextDouble() * 5 * halfLife);
    return new Case(halfLife, List.copyOf(events), at);
  }
}
