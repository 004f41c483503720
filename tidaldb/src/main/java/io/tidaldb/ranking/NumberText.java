package io.tidaldb.ranking;

import java.util.Locale;

/// Numbers as people read them in explanations. Written by hand, since the formatter of the library
/// would cost more than the query that is explained.
final class NumberText {

  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};
  private static final int DIGITS = 4;

  private NumberText() {}

  /// With four digits behind the point.
  static String fixed(double value) {
    if (!(Math.abs(value) < 1e9)) {
      return String.format(Locale.ROOT, "%.4f", value);
    }
    return scaled(value, DIGITS);
  }

  /// With four significant digits.
  static String significant(double value) {
    double size = Math.abs(value);
    if (!(size >= 1e-3) || size >= 9_999) {
      return String.format(Locale.ROOT, "%.4g", value);
    }
    int before = 1;
    while (before < DIGITS && size >= POWERS[before]) {
      before++;
    }
    int behind = DIGITS - before;
    if (size < 1) {
      behind = size < 0.01 ? 6 : size < 0.1 ? 5 : 4;
    }
    // What rounds up to one more digit in front has one less behind.
    if (Math.round(size * POWERS[behind]) >= POWERS[DIGITS]) {
      behind--;
    }
    return scaled(value, behind);
  }

  private static String scaled(double value, int behind) {
    long whole = Math.round(Math.abs(value) * POWERS[behind]);
    var text = new StringBuilder(16);
    if (value < 0) {
      text.append('-');
    }
    text.append(whole / POWERS[behind]);
    if (behind > 0) {
      text.append('.');
      long rest = whole % POWERS[behind];
      for (int digit = behind - 1; digit >= 0; digit--) {
        text.append((char) ('0' + rest / POWERS[digit] % 10));
      }
    }
    return text.toString();
  }
}
