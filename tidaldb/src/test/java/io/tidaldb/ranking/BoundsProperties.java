package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Cheap numbers that stand above formulas: never below them, and not far above.
class BoundsProperties {

  /// Half of what pruning leaves for rounding.
  private static final double SLACK = 1 + 0x1.0p-31;

  private static final double HOUR = 3.6e12;

  @Test
  void aBoundIsNeverBelowItsFormula() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(20_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              double age = Math.pow(2, random.nextDouble() * 63);
              double halfLife = Math.pow(2, 30 + random.nextDouble() * 30);
              double n = Math.floor(Math.pow(2, random.nextDouble() * 40));
              double hits = Math.floor(n * random.nextDouble() * 1.2);
              isBetween(
                  Formulas.recencyAbove(age, halfLife), Formulas.recency(age, halfLife), 1.07);
              isBetween(Formulas.hotAbove(n, age), Formulas.hot(n, age), 2.5);
              double quality = Formulas.wilson(hits, n);
              assertThat(Formulas.wilsonAbove(hits, n)).isGreaterThanOrEqualTo(quality);
              isBetween(Formulas.hiddenGemAbove(quality, n), Formulas.hiddenGem(quality, n), 1.03);
            });
  }

  @Test
  void boundsHoldAtTheBorders() {
    double[] numbers = {0, 1, 2, 3, 6, 22, 54, 90, 118, 990, 1e9};
    double[] ages = {0, 1, HOUR, 2 * HOUR, 14 * HOUR, 1e3 * HOUR, 9.2e18};
    for (double n : numbers) {
      for (double age : ages) {
        assertThat(Formulas.hotAbove(n, age) * SLACK).isGreaterThanOrEqualTo(Formulas.hot(n, age));
        assertThat(Formulas.recencyAbove(age, HOUR) * SLACK)
            .isGreaterThanOrEqualTo(Formulas.recency(age, HOUR));
      }
      assertThat(Formulas.hiddenGemAbove(0.5, n) * SLACK)
          .isGreaterThanOrEqualTo(Formulas.hiddenGem(0.5, n));
      assertThat(Formulas.wilsonAbove(0, n)).isGreaterThanOrEqualTo(Formulas.wilson(0, n));
    }
    assertThat(Formulas.hotAbove(-5, HOUR)).isZero();
  }

  private static void isBetween(double bound, double value, double factor) {
    assertThat(bound * SLACK).isGreaterThanOrEqualTo(value);
    if (value > 1e-300) {
      assertThat(bound).isLessThanOrEqualTo(value * factor);
    }
  }
}
