package io.tidaldb.ranking;

/// The formulas of features and sort modes, as pure functions. No fused operation, no intrinsic
/// with freedom in its last bits: the same bits on every machine.
final class Formulas {

  /// Nanoseconds in an hour.
  static final double HOUR_NANOS = 3.6e12;

  /// The prior's weight in a completion rate, in views.
  static final double PRIOR_VIEWS = 20;

  private static final double BELOW_ONE = Math.nextDown(1.0);
  private static final double Z = 1.96;
  private static final double HOT_GRAVITY = 1.8;
  private static final double LOG10_OF_2 = 0.30102999566;

  private Formulas() {}

  /// Brings a relative size to [0, 1): √r / (1 + √r), and 0 for r ≤ 0.
  ///
  /// Rising in r, except that sizes closer than a few units in the last place may come out in the
  /// wrong order; who concludes from r to u leaves that margin.
  static double u(double r) {
    if (!(r > 0)) {
      return 0;
    }
    double root = Math.sqrt(r);
    double u = root / (1 + root);
    // Also where r is infinite and u is not a number.
    return u < 1 ? u : BELOW_ONE;
  }

  /// The share rule's r = (x / X) · √N; 0 where there is no whole.
  static double share(double x, double whole, double rootOfLive) {
    return x > 0 && whole > 0 ? x / whole * rootOfLive : 0;
  }

  /// The lower end of Wilson's interval for `hits` of `n`, z = 1.96; 0 without tries.
  static double wilson(double hits, double n) {
    if (!(n > 0)) {
      return 0;
    }
    double p = Math.max(0, Math.min(hits, n)) / n;
    double square = Z * Z;
    double spread = Z * Math.sqrt(p * (1 - p) / n + square / (4 * n * n));
    double low = (p + square / (2 * n) - spread) / (1 + square / n);
    return Math.max(0, low);
  }

  /// Not below [#wilson]: the same, but for what rounding may leave of a rate of 0.
  static double wilsonAbove(double hits, double n) {
    return hits > 0 ? wilson(hits, n) : n > 0 ? 1e-12 : 0;
  }

  /// (S + 20·p) / (V + 20) with S at most V.
  static double completionRate(double finished, double views, double prior) {
    return (Math.max(0, Math.min(finished, views)) + PRIOR_VIEWS * prior) / (views + PRIOR_VIEWS);
  }

  /// 2^(−age / half-life).
  static double recency(double ageNanos, double halfLifeNanos) {
    return StrictMath.pow(2.0, -ageNanos / halfLifeNanos);
  }

  /// Not below [#recency], at most 7 % above: between two whole half-lives the straight line, which
  /// lies over the curve.
  static double recencyAbove(double ageNanos, double halfLifeNanos) {
    double halves = ageNanos / halfLifeNanos;
    if (halves >= 1_000) {
      return 0x1.0p-1000;
    }
    int whole = (int) halves;
    return Double.longBitsToDouble((1023L - whole) << 52) * (1 - 0.5 * (halves - whole));
  }

  /// sign(s) · log10(max(|s|, 1)) / (age in hours + 2)^1.8.
  static double hot(double s, double ageNanos) {
    double size = Math.signum(s) * StrictMath.log10(Math.max(Math.abs(s), 1));
    return size / StrictMath.pow(ageNanos / HOUR_NANOS + 2, HOT_GRAVITY);
  }

  /// Not below [#hot]: the age to the power of 1.75, which takes two roots.
  static double hotAbove(double s, double ageNanos) {
    if (!(s > 1)) {
      return 0;
    }
    double hours = ageNanos / HOUR_NANOS + 2;
    double root = Math.sqrt(hours);
    return StrictMath.log10(s) / (hours * root * Math.sqrt(root));
  }

  /// The last hour against the mean hour of the 23 before: max(0, n₁ − b)/√(b + 1) / (1 + age in
  /// hours/24); 0 below three views.
  static double rising(double lastHour, double lastDay, double ageNanos) {
    if (lastHour < 3) {
      return 0;
    }
    double before = (lastDay - lastHour) / 23;
    return Math.max(0, lastHour - before)
        / Math.sqrt(before + 1)
        / (1 + ageNanos / HOUR_NANOS / 24);
  }

  /// l·d/n² · n/(n + 10), n = l + d; 0 without votes.
  static double controversial(double likes, double dislikes) {
    double n = likes + dislikes;
    return n > 0 ? likes * dislikes / (n * n) * (n / (n + 10)) : 0;
  }

  /// quality / log10(views + 10).
  static double hiddenGem(double quality, double views) {
    return quality / StrictMath.log10(views + 10);
  }

  /// Not below [#hiddenGem]: the logarithm to the base of 2 is at least exponent plus mantissa − 1.
  static double hiddenGemAbove(double quality, double views) {
    double x = views + 10;
    int exponent = Math.getExponent(x);
    double mantissa = x / Double.longBitsToDouble((1023L + exponent) << 52);
    return quality / Math.max(1, (exponent + (mantissa - 1)) * LOG10_OF_2);
  }
}
