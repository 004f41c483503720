package io.tidaldb.ledger;

import java.math.BigDecimal;
import java.math.MathContext;

/// 2^x on [0, 1], the same bits on every machine.
///
/// A table of 2^(i/128) and a polynomial for the rest of at most 1/256, with IEEE-exact operations
/// only. The table is correctly rounded (error ≤ 1u), the tail of the series is below 0.01u and the
/// last operation rounds once more, so the result errs by less than 4u, relative. It is exact at 0
/// and 1. `Math.exp` and `Math.pow` may differ between machines.
public final class Exp2 {

  private static final int STEPS = 128;

  /// ln(2)^n / n!.
  private static final double C1 = 0.6931471805599453;

  private static final double C2 = 0.2402265069591007;
  private static final double C3 = 0.05550410866482158;
  private static final double C4 = 0.009618129107628477;
  private static final double C5 = 0.0013333558146428443;

  private static final double[] TABLE = table();

  private Exp2() {}

  /// 2^x for x in [0, 1].
  public static double of(double x) {
    int i = (int) (x * STEPS + 0.5);
    double r = x - i * (1.0 / STEPS);
    double p = Math.fma(Math.fma(Math.fma(Math.fma(C5, r, C4), r, C3), r, C2), r, C1);
    double t = TABLE[i];
    return Math.fma(t, r * p, t);
  }

  /// 2^(−x) for x in [0, 1].
  public static double ofNegative(double x) {
    return x > 0 ? 0.5 * of(1 - x) : 1.0;
  }

  /// 2^n for a normal result, −1022 ≤ n ≤ 1023.
  public static double power(int n) {
    return Double.longBitsToDouble((n + 1023L) << 52);
  }

  private static double[] table() {
    var exact = new MathContext(50);
    var step = BigDecimal.TWO;
    for (int n = STEPS; n > 1; n /= 2) {
      step = step.sqrt(exact);
    }
    var table = new double[STEPS + 1];
    var value = BigDecimal.ONE;
    for (int i = 0; i < STEPS; i++) {
      table[i] = value.doubleValue();
      value = value.multiply(step, exact);
    }
    table[STEPS] = 2.0;
    return table;
  }
}
