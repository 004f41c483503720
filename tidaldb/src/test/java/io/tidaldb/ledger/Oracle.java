package io.tidaldb.ledger;

import java.math.BigDecimal;
import java.math.MathContext;

/// Powers of two with fifty digits, slow and plain.
public final class Oracle {

  public static final MathContext DIGITS = new MathContext(50);

  private static final BigDecimal LN2 =
      new BigDecimal("0.69314718055994530941723212145817656807550013436025525412068");

  private Oracle() {}

  /// 2^x for |x| ≤ 1.
  public static BigDecimal exp2(BigDecimal x) {
    // Four halvings make the series short; squaring undoes them.
    var y = x.multiply(LN2, DIGITS).divide(BigDecimal.valueOf(16), DIGITS);
    var sum = BigDecimal.ONE;
    var term = BigDecimal.ONE;
    for (int n = 1; n < 30; n++) {
      term = term.multiply(y, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < 4; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /// `weight · 2^(−age/halfLife)`.
  public static BigDecimal value(double weight, long age, long halfLife) {
    long whole = Math.floorDiv(age, halfLife);
    var rest =
        BigDecimal.valueOf(whole * halfLife - age).divide(BigDecimal.valueOf(halfLife), DIGITS);
    var factor =
        whole >= 0
            ? BigDecimal.ONE.divide(BigDecimal.TWO.pow((int) whole, DIGITS), DIGITS)
            : BigDecimal.TWO.pow((int) -whole, DIGITS);
    return new BigDecimal(weight).multiply(exp2(rest), DIGITS).multiply(factor, DIGITS);
  }
}
