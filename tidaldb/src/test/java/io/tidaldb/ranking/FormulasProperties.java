package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The normalisation rule and the formulas at their borders.
class FormulasProperties {

  @Test
  void aNormalisedValueLiesFromZeroToBelowOne() {
    for (double r :
        new double[] {
          0, -1, Double.NaN, Double.MIN_VALUE, 1, 1e308, Double.MAX_VALUE, Double.POSITIVE_INFINITY
        }) {
      assertThat(Formulas.u(r)).isGreaterThanOrEqualTo(0).isLessThan(1);
    }
    assertThat(Formulas.u(0)).isZero();
    assertThat(Formulas.u(1)).isEqualTo(0.5);
  }

  @Test
  void aNormalisedValueRisesWithItsSize() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(2_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              double r = Math.pow(10, random.nextDouble() * 60 - 40);
              double more = r * (1 + Math.pow(10, -random.nextInt(12)));
              assertThat(Formulas.u(more)).isGreaterThanOrEqualTo(Formulas.u(r));
              assertThat(Formulas.u(r)).isLessThan(1);
            });
  }

  @Test
  void aShareOfOneByTheRootOfTheLiveIsOneHalf() {
    double live = 1_000_000;
    assertThat(Formulas.u(Formulas.share(1, 1_000, Math.sqrt(live)))).isCloseTo(0.5, within(1e-12));
    assertThat(Formulas.u(Formulas.share(100, 1_000, Math.sqrt(live))))
        .isCloseTo(0.909, within(1e-3));
    assertThat(Formulas.u(Formulas.share(0.01, 1_000, Math.sqrt(live))))
        .isCloseTo(0.0909, within(1e-3));
    assertThat(Formulas.share(5, 0, 1)).isZero();
    assertThat(Formulas.share(-5, 10, 1)).isZero();
  }

  @Test
  void theUnitOfTimeDoesNotMatter() {
    double perSecond = Formulas.u(Formulas.share(3.0 / 3_600, 500.0 / 3_600, 30));
    double perHour = Formulas.u(Formulas.share(3, 500, 30));
    assertThat(perSecond).isCloseTo(perHour, within(1e-15));
  }

  @Test
  void wilsonIsLowWithLittleEvidence() {
    assertThat(Formulas.wilson(0, 0)).isZero();
    assertThat(Formulas.wilson(1, 1)).isCloseTo(0.2065, within(1e-4));
    assertThat(Formulas.wilson(50, 100)).isCloseTo(0.4038, within(1e-4));
    assertThat(Formulas.wilson(0, 10)).isCloseTo(0, within(1e-15)).isGreaterThanOrEqualTo(0);
    assertThat(Formulas.wilson(500, 100)).isEqualTo(Formulas.wilson(100, 100)).isLessThan(1);
  }

  @Test
  void formulasAreFiniteAtTheirBorders() {
    double[] numbers = {0, 1, 3, 1e3, 1e18};
    double[] ages = {0, 1, 3.6e12, 9.2e18};
    for (double a : numbers) {
      for (double b : numbers) {
        assertThat(Formulas.controversial(a, b)).isFinite().isBetween(0.0, 0.25);
        assertThat(Formulas.hiddenGem(0.5, a)).isFinite();
        assertThat(Formulas.completionRate(a, b, 0.5)).isBetween(0.0, 1.0);
        for (double age : ages) {
          assertThat(Formulas.hot(a - b, age)).isFinite();
          assertThat(Formulas.rising(a, a + b, age)).isFinite().isGreaterThanOrEqualTo(0);
          assertThat(Formulas.recency(age, 1e9)).isBetween(0.0, 1.0);
        }
      }
    }
  }

  @Test
  void hotFollowsItsFormula() {
    // 99 likes, an hour old: log10(99) / 3^1.8.
    assertThat(Formulas.hot(99, 3.6e12)).isCloseTo(1.99564 / 7.22467, within(1e-5));
    assertThat(Formulas.hot(-99, 3.6e12)).isEqualTo(-Formulas.hot(99, 3.6e12));
    assertThat(Formulas.hot(0, 0)).isZero();
  }

  @Test
  void risingNeedsThreeViews() {
    assertThat(Formulas.rising(2, 2, 0)).isZero();
    assertThat(Formulas.rising(3, 3, 0)).isEqualTo(3);
    assertThat(Formulas.rising(10, 33, 0)).isCloseTo(9 / Math.sqrt(2), within(1e-12));
  }

  @Test
  void chanceIsEvenlySpreadAndDiffersBetweenSeeds() {
    int[] buckets = new int[16];
    int same = 0;
    for (long id = 0; id < 16_000; id++) {
      double unit = Mix.unit(7, id);
      assertThat(unit).isGreaterThanOrEqualTo(0).isLessThan(1);
      buckets[(int) (unit * 16)]++;
      same += (Mix.hash(7, id) ^ Mix.hash(8, id)) >>> 60 == 0 ? 1 : 0;
    }
    for (int count : buckets) {
      assertThat(count).isBetween(850, 1_150);
    }
    assertThat(same).isBetween(850, 1_150);
  }

  @Test
  void chanceIsTheSameOnEveryMachine() {
    assertThat(Long.toHexString(Mix.hash(0, 0))).isEqualTo("48218226ff3cd4bf");
    assertThat(Long.toHexString(Mix.hash(42, -1))).isEqualTo("c69f3558819af2c8");
  }
}
