package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadProperties {

  private static final int ENTITIES = 60;

  @Test
  void theHeadIsTheSortedColumnAfterEveryEvent() {
    for (int capacity : List.of(0, 1, 16, 4096)) {
      Property.forAll(Generator.longs(0, Long.MAX_VALUE))
          .tries(15)
          .check(seed -> run(seed, capacity));
    }
  }

  private static void run(long seed, int capacity) {
    var random = new SplittableRandom(seed);
    var decay = random.nextBoolean() ? Decay.permanent() : Decay.exponential(Duration.ofDays(7));
    var type = SignalWorld.signed(SignalWorld.type("vote", 0, decay, Set.of(Window.ALL_TIME)));
    var world = new SignalWorld(capacity, type);
    long now = START;
    boolean signed = random.nextBoolean();
    for (int i = 0; i < 400; i++) {
      int entity = (int) (ENTITIES * random.nextDouble() * random.nextDouble());
      if (random.nextInt(30) == 0) {
        world.delete(entity);
      } else {
        // Small whole weights make ties; a jump of years moves the landmark.
        now += random.nextInt(100) == 0 ? 5_000 * DAY : random.nextLong(DAY);
        double weight = 1 + random.nextInt(3);
        world.signal(0, entity, signed && random.nextInt(4) == 0 ? -weight : weight, now);
      }
      compare(world, 1 + random.nextInt(20), now);
    }
    assertThat(world.view.verify()).isEmpty();
  }

  private static void compare(SignalWorld world, int k, long at) {
    int[] slots = new int[k];
    double[] scores = new double[k];
    try (var reader = world.view.reader(at)) {
      int found = reader.hottest(0, k, slots, scores);
      var sorted =
          IntStream.range(0, ENTITIES)
              .boxed()
              .filter(slot -> reader.decayScore(0, slot) > 0)
              .sorted(
                  Comparator.comparingDouble((Integer slot) -> -reader.decayScore(0, slot))
                      .thenComparing(Comparator.naturalOrder()))
              .limit(k)
              .toList();
      assertThat(IntStream.range(0, found).mapToObj(i -> slots[i]))
          .containsExactlyElementsOf(sorted);
      for (int i = 0; i < found; i++) {
        assertThat(scores[i]).isEqualTo(reader.decayScore(0, slots[i]));
      }
    }
  }
}
