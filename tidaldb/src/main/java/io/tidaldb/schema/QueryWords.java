package io.tidaldb.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// How TidalQL writes names, strings, numbers and spans.
public final class QueryWords {

  /// What a name in a query looks like. Begins what is said of a query inside another.
  public static final String INNER = "inner query: ";

  public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /// Words that mean something where a name could stand, in lower case; such a name is written in
  /// back quotes.
  private static final Set<String> RESERVED =
      Set.of(
          ("explain analyze retrieve search suggest for similar using within from filter exclude"
                  + " sort window diversity explore caps facets seed at surface deadline limit"
                  + " cursor newer query vector mode match typos syntax fuse language snippets"
                  + " and or not in between has any all exists matches after before true false"
                  + " none now by unseen seen unshown shown liked disliked saved in_progress"
                  + " completed not_interested history followed muted unblocked")
              .split(" "));

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private QueryWords() {}

  /// Whether a word, in any case, cannot stand as a name without back quotes.
  public static boolean isReserved(String word) {
    return RESERVED.contains(word) || RESERVED.contains(word.toLowerCase(Locale.ROOT));
  }

  /// A name, in back quotes where it has to be.
  public static String name(String name) {
    return isReserved(name) || !NAME.matcher(name).matches() ? "`" + name + "`" : name;
  }

  /// A string in quotes.
  public static String quoted(String text) {
    return PredicateText.quoted(text);
  }

  /// A finite number without exponent, which reads back to the same bits.
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      return Long.toString((long) value);
    }
    return plain(Double.toString(value));
  }

  /// A finite number without exponent, which reads back to the same bits.
  static String number(float value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return Float.isFinite(value) ? plain(Float.toString(value)) : Float.toString(value);
  }

  private static String plain(String number) {
    var plain = new BigDecimal(number).stripTrailingZeros();
    return (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString();
  }

  /// A span: days, hours, minutes, seconds, milliseconds and nanoseconds, those that are none left
  /// out.
  public static String span(Duration span) {
    if (span.isNegative()) {
      return "-" + (span.equals(Duration.ofSeconds(Long.MIN_VALUE)) ? span : span(span.negated()));
    }
    long seconds = span.getSeconds();
    long nanos = span.getNano();
    var out = new StringBuilder();
    part(out, seconds / 86_400, "d");
    part(out, seconds / 3_600 % 24, "h");
    part(out, seconds / 60 % 60, "m");
    part(out, seconds % 60, "s");
    part(out, nanos / NANOS_PER_MILLI, "ms");
    part(out, nanos % NANOS_PER_MILLI, "ns");
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void part(StringBuilder out, long count, String unit) {
    if (count > 0) {
      out.append(count).append(unit);
    }
  }
}
