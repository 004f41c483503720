package io.tidaldb.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Exp2Test {

  private static final double UNIT = 0x1p-53;

  @Test
  void theEndsAreExact() {
    assertThat(Exp2.of(0)).isEqualTo(1.0);
    assertThat(Exp2.of(1)).isEqualTo(2.0);
    assertThat(Exp2.ofNegative(0)).isEqualTo(1.0);
    assertThat(Exp2.ofNegative(1)).isEqualTo(0.5);
    assertThat(Exp2.power(-1022)).isEqualTo(Double.MIN_NORMAL);
    assertThat(Exp2.power(3)).isEqualTo(8.0);
  }

  @Test
  void itErrsByLessThanFourUnits() {
    var random = new SplittableRandom(4);
    for (int i = 0; i < 10_000; i++) {
      double x = i < 2_000 ? i / 2_000.0 : random.nextDouble();
      var exact = Oracle.exp2(new BigDecimal(x));
      var error = new BigDecimal(Exp2.of(x)).subtract(exact).abs().divide(exact, Oracle.DIGITS);
      assertThat(error.doubleValue()).as("x=%s", x).isLessThanOrEqualTo(4 * UNIT);
    }
  }

  /// `StrictMath` errs by less than one unit in the last place, so ten million points are checked
  /// against five units.
  @Test
  void itErrsLittleOnAMillionPoints() {
    var random = new SplittableRandom(5);
    int points = Boolean.getBoolean("tidal.slow") ? 10_000_000 : 1_000_000;
    for (int i = 0; i < points; i++) {
      double x = random.nextDouble();
      double reference = StrictMath.pow(2, x);
      if (Math.abs(Exp2.of(x) - reference) > 6 * UNIT * reference) {
        assertThat(Exp2.of(x)).as("x=%s", x).isEqualTo(reference);
      }
    }
  }

  @Test
  void theBitsAreTheSameOnEveryMachine() {
    long hash = 0;
    for (int i = 0; i <= 100_000; i++) {
      hash = hash * 31 + Double.doubleToRawLongBits(Exp2.of(i / 100_000.0));
    }
    assertThat(hash).isEqualTo(GOLDEN);
  }

  private static final long GOLDEN = -7336338036209114742L;
}
