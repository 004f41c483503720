package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotSumsTest {

  @Test
  void sumsAreThoseOfAMapHoweverManySlotsThereAre() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(50)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var sums = new SlotSums();
              Map<Integer, Double> model = new HashMap<>();
              int slots = 1 + random.nextInt(5_000);
              for (int i = 0; i < 6_000; i++) {
                int slot = random.nextInt(slots);
                double more = random.nextInt(5);
                if (random.nextBoolean()) {
                  sums.add(slot, more);
                  model.merge(slot, more, Double::sum);
                } else {
                  sums.raise(slot, more);
                  model.merge(slot, more, Math::max);
                }
              }
              for (int slot = 0; slot < slots; slot++) {
                assertThat(sums.sum(slot)).isEqualTo(model.getOrDefault(slot, 0.0));
              }
              assertThat(sums.slots()).hasSize(model.size());
              greatest(sums, model, 1 + random.nextInt(300));
            });
  }

  /// Of the even slots, whose ids fall as unsigned numbers.
  private static void greatest(SlotSums sums, Map<Integer, Double> model, int n) {
    var expected =
        model.keySet().stream()
            .filter(slot -> slot % 2 == 0)
            .sorted(
                Comparator.comparingDouble((Integer slot) -> -model.get(slot))
                    .thenComparing(Comparator.reverseOrder()))
            .limit(n)
            .toList();
    int[] found = sums.greatest(slot -> slot % 2 == 0, n, slot -> -1L - slot);
    assertThat(Arrays.stream(found).boxed().toList()).isEqualTo(expected);
  }
}
