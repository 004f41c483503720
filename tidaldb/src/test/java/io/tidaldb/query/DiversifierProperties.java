package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.query.Diversifier.Limit;
import io.tidaldb.query.Diversifier.Relaxed;
import io.tidaldb.query.Diversifier.Traits;
import io.tidaldb.schema.Diversity;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The order under limits beside one that looks at everything again for every position.
class DiversifierProperties {

  private static Traits traits(SplittableRandom random, int count) {
    int creators = 1 + random.nextInt(count);
    int formats = 1 + random.nextInt(4);
    int categories = 1 + random.nextInt(6);
    return new Traits(
        new Numbers(numbers(random, count, creators), creators),
        new Numbers(numbers(random, count, formats), formats),
        new Numbers(numbers(random, count, categories), categories));
  }

  /// Uneven: small numbers are frequent.
  private static int[] numbers(SplittableRandom random, int count, int below) {
    return random.ints(count, 0, below).map(n -> random.nextInt(n + 1)).toArray();
  }

  private static Diversity rules(SplittableRandom random) {
    var rules = Diversity.NONE;
    if (random.nextBoolean()) {
      rules = rules.maxPerCreator(1 + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      rules = rules.minGap(1 + random.nextInt(4));
    }
    if (random.nextBoolean()) {
      rules = rules.formatMix(0.1 + 0.9 * random.nextDouble());
    }
    if (random.nextBoolean()) {
      rules = rules.topicDiversity(0.1 + 0.9 * random.nextDouble());
    }
    if (random.nextBoolean()) {
      rules = rules.categoryMin(1 + random.nextInt(5));
    }
    return rules;
  }

  /// The plain thing.
  private record Naive(Diversity rules, int per, Traits traits, int count) {

    /// What a candidate would break behind what is placed, and by how much of a creator.
    Map<Limit, Integer> broken(List<Integer> placed, int candidate) {
      var broken = new EnumMap<Limit, Integer>(Limit.class);
      int position = placed.size();
      int place = position % per;
      var block = placed.subList(position - place, position);
      int creator = traits.creator()[candidate];
      long ofCreator = block.stream().filter(c -> traits.creator()[c] == creator).count();
      rules
          .maxPerCreator()
          .ifPresent(
              max -> {
                if (ofCreator >= max) {
                  broken.put(Limit.MAX_PER_CREATOR, (int) ofCreator + 1 - max);
                }
              });
      rules
          .minGap()
          .ifPresent(
              gap -> {
                var near = placed.subList(Math.max(0, position - gap + 1), position);
                if (near.stream().anyMatch(c -> traits.creator()[c] == creator)) {
                  broken.put(Limit.MIN_GAP, 1);
                }
              });
      rules
          .formatMix()
          .ifPresent(
              share -> mix(Limit.FORMAT_MIX, share, traits.format(), block, candidate, broken));
      rules
          .topicDiversity()
          .ifPresent(
              share ->
                  mix(Limit.TOPIC_DIVERSITY, share, traits.category(), block, candidate, broken));
      rules
          .categoryMin()
          .ifPresent(
              min -> {
                var have = block.stream().map(c -> traits.category()[c]).distinct().toList();
                boolean more =
                    IntStream.range(0, count)
                        .anyMatch(c -> !placed.contains(c) && !have.contains(traits.category()[c]));
                int missing = min - have.size();
                if (more
                    && missing > 0
                    && per - place <= missing
                    && have.contains(traits.category()[candidate])) {
                  broken.put(Limit.CATEGORY_MIN, 1);
                }
              });
      return broken;
    }

    private static void mix(
        Limit limit,
        double share,
        int[] values,
        List<Integer> block,
        int candidate,
        Map<Limit, Integer> broken) {
      long same = block.stream().filter(c -> values[c] == values[candidate]).count();
      if (same + 1 > Math.max(1, Math.ceil(share * (block.size() + 1)))) {
        broken.put(limit, 1);
      }
    }

    /// The best that fits at the least relaxation.
    int choose(List<Integer> placed) {
      return choose(placed, IntStream.range(0, count).boxed().toList());
    }

    /// The best of a line that fits at the least relaxation; −1 if nothing is left of it.
    int choose(List<Integer> placed, List<Integer> line) {
      var left = line.stream().filter(c -> !placed.contains(c)).toList();
      if (left.isEmpty()) {
        return -1;
      }
      for (int level = -1; ; level++) {
        for (int candidate : left) {
          int given = level;
          var broken = broken(placed, candidate);
          if (broken.entrySet().stream()
              .allMatch(
                  b ->
                      b.getKey() == Limit.MAX_PER_CREATOR
                          ? b.getValue() <= given - Limit.MIN_GAP.turn()
                          : b.getKey().turn() <= given)) {
            return candidate;
          }
        }
      }
    }
  }

  @Test
  void everyPositionHoldsTheBestThatFitsAndNothingIsLost() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(2_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 1 + random.nextInt(40);
              var traits = traits(random, count);
              var rules = rules(random);
              int per = 1 + random.nextInt(15);
              var naive = new Naive(rules, per, traits, count);
              var diversifier = new Diversifier(rules, per, traits);
              int[] order = diversifier.place(0, count, count);
              var placed = new ArrayList<Integer>();
              var relaxed = new ArrayList<String>();
              for (int candidate : order) {
                assertThat(candidate).isEqualTo(naive.choose(placed));
                naive
                    .broken(placed, candidate)
                    .keySet()
                    .forEach(limit -> relaxed.add(limit + "@" + (placed.size() + 1)));
                placed.add(candidate);
              }
              assertThat(placed).hasSize(count).doesNotHaveDuplicates();
              assertThat(diversifier.relaxed())
                  .extracting(r -> r.limit() + "@" + r.position())
                  .containsExactlyElementsOf(relaxed);
            });
  }

  @Test
  void someChoosePositionsByALineOfTheirOwn() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(1_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 1 + random.nextInt(30);
              int more = random.nextInt(10);
              var traits = traits(random, count + more);
              var rules = rules(random);
              int per = 1 + random.nextInt(15);
              int every = 2 + random.nextInt(5);
              var line =
                  IntStream.range(0, count + more)
                      .filter(c -> random.nextInt(3) == 0)
                      .boxed()
                      .sorted(java.util.Comparator.comparingInt(c -> c * 31 % 17))
                      .toList();
              var naive = new Naive(rules, per, traits, count);
              var diversifier = new Diversifier(rules, per, traits);
              diversifier.draw(
                  line.stream().mapToInt(Integer::intValue).toArray(), at -> at % every == 0);
              int[] order = diversifier.place(0, count, count + more);
              var placed = new ArrayList<Integer>();
              for (int candidate : order) {
                int drawn = (placed.size() + 1) % every == 0 ? naive.choose(placed, line) : -1;
                assertThat(diversifier.isDrawn(candidate)).isEqualTo(drawn >= 0);
                assertThat(candidate).isEqualTo(drawn >= 0 ? drawn : naive.choose(placed));
                placed.add(candidate);
              }
              assertThat(placed)
                  .doesNotHaveDuplicates()
                  .containsAll(IntStream.range(0, count).boxed().toList());
            });
  }

  @Test
  void aLongPageBeginsLikeAShortOneAndPagesJoinToTheWhole() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(500)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 2 + random.nextInt(60);
              var traits = traits(random, count);
              var rules = rules(random);
              int per = 1 + random.nextInt(15);
              int[] whole = new Diversifier(rules, per, traits).place(0, count, count);
              int cut = 1 + random.nextInt(count - 1);
              int[] shorter = new Diversifier(rules, per, traits).place(0, count, cut);
              assertThat(shorter).isEqualTo(Arrays.copyOf(whole, cut));
              // The next page: what was delivered stands first, the others are candidates.
              int[] first = Arrays.copyOf(whole, cut);
              int[] rest =
                  IntStream.range(0, count)
                      .filter(c -> Arrays.stream(first).noneMatch(f -> f == c))
                      .toArray();
              int[] all = IntStream.concat(Arrays.stream(first), Arrays.stream(rest)).toArray();
              var next = new Diversifier(rules, per, among(traits, all));
              IntStream.range(0, cut).forEach(next::placed);
              int[] found = next.place(cut, count, count);
              assertThat(Arrays.stream(found).map(c -> all[c]).toArray())
                  .isEqualTo(Arrays.copyOfRange(whole, cut, count));
            });
  }

  private static Traits among(Traits traits, int[] candidates) {
    return new Traits(
        new Numbers(
            Arrays.stream(candidates).map(c -> traits.creator()[c]).toArray(), traits.creators()),
        new Numbers(
            Arrays.stream(candidates).map(c -> traits.format()[c]).toArray(), traits.formats()),
        new Numbers(
            Arrays.stream(candidates).map(c -> traits.category()[c]).toArray(),
            traits.categories()));
  }

  @Test
  void limitsGiveWayInTheirOrderAndSaySo() {
    int[] same = new int[4];
    var traits =
        new Traits(
            new Numbers(same, 1), new Numbers(new int[] {0, 1, 0, 1}, 2), new Numbers(same, 1));
    var rules = Diversity.NONE.maxPerCreator(2).minGap(3).formatMix(0.5);
    var diversifier = new Diversifier(rules, 10, traits);
    assertThat(diversifier.place(0, 4, 4)).containsExactly(0, 1, 2, 3);
    assertThat(diversifier.relaxed())
        .containsExactly(
            new Relaxed(Limit.MIN_GAP, "3", "none", 2),
            new Relaxed(Limit.MIN_GAP, "3", "none", 3),
            new Relaxed(Limit.MAX_PER_CREATOR, "2", "3", 3),
            new Relaxed(Limit.MIN_GAP, "3", "none", 4),
            new Relaxed(Limit.MAX_PER_CREATOR, "2", "4", 4));
  }
}
