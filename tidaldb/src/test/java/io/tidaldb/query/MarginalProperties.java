package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.query.Diversifier.Traits;
import io.tidaldb.schema.Diversity;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Maximal marginal relevance beside its formula, computed anew for every position.
class MarginalProperties {

  /// Random unit vectors in few dimensions, so that some are alike.
  private static double[][] vectors(SplittableRandom random, int count) {
    var vectors = new double[count][3];
    for (var vector : vectors) {
      double square = 0;
      for (int d = 0; d < 3; d++) {
        vector[d] = random.nextInt(5) - 2;
        square += vector[d] * vector[d];
      }
      for (int d = 0; square > 0 && d < 3; d++) {
        vector[d] /= Math.sqrt(square);
      }
    }
    return vectors;
  }

  private static double cosine(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static Traits creators(SplittableRandom random, int count) {
    int[] creators = random.ints(count, 0, 1 + count / 2).toArray();
    return new Traits(
        new Numbers(creators, 1 + count / 2), Numbers.alone(count), Numbers.alone(count));
  }

  private static int[] ranks(int count) {
    return IntStream.range(0, count).toArray();
  }

  @Test
  void everyPositionHoldsWhatAddsMostOfWhatFits() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(500)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 1 + random.nextInt(60);
              var vectors = vectors(random, count);
              var traits = creators(random, count);
              double lambda = random.nextInt(11) / 10.0;
              int per = 1 + random.nextInt(20);
              var limits = Diversity.NONE.maxPerCreator(1);
              var diversifier = new Diversifier(limits, per, traits);
              diversifier.choosing(
                  new Marginal(
                      lambda, ranks(count), count, (a, b) -> cosine(vectors[a], vectors[b])));
              var placed = new ArrayList<Integer>();
              for (int candidate : diversifier.place(0, count, count)) {
                assertThat(candidate)
                    .isEqualTo(naive(placed, traits.creator(), per, vectors, lambda));
                placed.add(candidate);
              }
              assertThat(placed).hasSize(count).doesNotHaveDuplicates();
            });
  }

  private static int naive(
      List<Integer> placed, int[] creator, int per, double[][] vectors, double lambda) {
    int n = vectors.length;
    var block = placed.subList(placed.size() - placed.size() % per, placed.size());
    for (int allowed = 1; ; allowed++) {
      int best = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int candidate = 0; candidate < n; candidate++) {
        int own = creator[candidate];
        if (placed.contains(candidate)
            || block.stream().filter(c -> creator[c] == own).count() >= allowed) {
          continue;
        }
        double[] vector = vectors[candidate];
        double nearest =
            placed.subList(Math.max(0, placed.size() - 20), placed.size()).stream()
                .mapToDouble(other -> cosine(vector, vectors[other]))
                .max()
                .orElse(0);
        double value = lambda * (1 - (double) candidate / n) - (1 - lambda) * nearest;
        if (value > most) {
          most = value;
          best = candidate;
        }
      }
      if (best >= 0) {
        return best;
      }
    }
  }

  @Test
  void whereOnlyRelevanceCountsNothingChanges() {
    var random = new SplittableRandom(3);
    var vectors = vectors(random, 100);
    var traits = creators(random, 100);
    var limits = Diversity.NONE.maxPerCreator(2);
    var diversifier = new Diversifier(limits, 10, traits);
    diversifier.choosing(
        new Marginal(1, ranks(100), 100, (a, b) -> cosine(vectors[a], vectors[b])));
    assertThat(diversifier.place(0, 100, 100))
        .isEqualTo(new Diversifier(limits, 10, traits).place(0, 100, 100));
  }

  /// Five clusters, the best of one before the best of the next.
  @Test
  void neighboursAreLessAlikeOnAClusteredSet() {
    int[] cluster = IntStream.range(0, 100).map(i -> i / 20).toArray();
    var alone = new Traits(Numbers.alone(100), Numbers.alone(100), Numbers.alone(100));
    Marginal.Likeness likeness = (a, b) -> cluster[a] == cluster[b] ? 0.95 : 0.1;
    var diversifier = new Diversifier(Diversity.NONE, 10, alone);
    diversifier.choosing(new Marginal(0.7, ranks(100), 100, likeness));
    int[] page = diversifier.place(0, 100, 10);
    assertThat(meanLikeness(page, likeness)).isLessThan(0.8 * meanLikeness(ranks(10), likeness));
    assertThat(Arrays.stream(page).map(c -> cluster[c]).distinct().count()).isGreaterThan(1);
  }

  private static double meanLikeness(int[] page, Marginal.Likeness likeness) {
    return IntStream.range(0, page.length)
        .boxed()
        .flatMap(i -> IntStream.range(0, i).mapToObj(j -> likeness.of(page[i], page[j])))
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }

  @Test
  void aNextPageGoesOnAsIfItWereOne() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(300)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 2 + random.nextInt(60);
              var vectors = vectors(random, count);
              var alone =
                  new Traits(Numbers.alone(count), Numbers.alone(count), Numbers.alone(count));
              var one = new Diversifier(Diversity.NONE, 10, alone);
              one.choosing(
                  new Marginal(0.6, ranks(count), count, (a, b) -> cosine(vectors[a], vectors[b])));
              int[] whole = one.place(0, count, count);
              int cut = 1 + random.nextInt(count - 1);
              int[] first = Arrays.copyOf(whole, cut);
              int[] all =
                  IntStream.concat(
                          Arrays.stream(first),
                          IntStream.range(0, count)
                              .filter(c -> Arrays.stream(first).noneMatch(f -> f == c)))
                      .toArray();
              var next = new Diversifier(Diversity.NONE, 10, alone);
              next.choosing(
                  new Marginal(
                      0.6, all, count, (a, b) -> cosine(vectors[all[a]], vectors[all[b]])));
              IntStream.range(0, cut).forEach(next::placed);
              assertThat(Arrays.stream(next.place(cut, count, count)).map(c -> all[c]).toArray())
                  .isEqualTo(Arrays.copyOfRange(whole, cut, count));
            });
  }
}
