package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NumberTextTest {

  @Test
  void numbersReadAsTheLibraryWritesThem() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 100_000; i++) {
      double value = Math.pow(10, random.nextDouble(-6, 6)) * (random.nextBoolean() ? 1 : -1);
      assertThat(NumberText.significant(value)).isEqualTo(format("%.4g", value));
      assertThat(NumberText.fixed(value)).isEqualTo(format("%.4f", value));
    }
  }

  @Test
  void whatRoundsUpToAnotherDigitKeepsFour() {
    for (double value : new double[] {0.099999, 0.0099999, 0.999999, 9.99999, 99.9999, 9999.9, 0}) {
      assertThat(NumberText.significant(value)).isEqualTo(format("%.4g", value));
      assertThat(NumberText.fixed(value)).isEqualTo(format("%.4f", value));
    }
    assertThat(NumberText.fixed(Double.NaN)).isEqualTo("NaN");
    assertThat(NumberText.significant(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
