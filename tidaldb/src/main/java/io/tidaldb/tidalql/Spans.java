package io.tidaldb.tidalql;

import java.time.Duration;
import java.util.Optional;

/// Spans of time as text: whole numbers, each with its unit.
final class Spans {

  /// The units, as a message names them.
  static final String UNITS = "ns, ms, s, m, h, d, w";

  private Spans() {}

  /// How long the unit is that stands at a place.
  static Optional<Duration> unit(String source, int from, int to) {
    int length = to - from;
    if (length == 2 && source.charAt(from + 1) == 's') {
      return switch (source.charAt(from)) {
        case 'n' -> Optional.of(Duration.ofNanos(1));
        case 'm' -> Optional.of(Duration.ofMillis(1));
        default -> Optional.empty();
      };
    }
    if (length != 1) {
      return Optional.empty();
    }
    return switch (source.charAt(from)) {
      case 's' -> Optional.of(Duration.ofSeconds(1));
      case 'm' -> Optional.of(Duration.ofMinutes(1));
      case 'h' -> Optional.of(Duration.ofHours(1));
      case 'd' -> Optional.of(Duration.ofDays(1));
      case 'w' -> Optional.of(Duration.ofDays(7));
      default -> Optional.empty();
    };
  }

  /// The span that a token says, without its sign; empty if it is too long to be counted.
  static Optional<Duration> read(String text) {
    Duration sum = Duration.ZERO;
    int at = text.charAt(0) == '-' ? 1 : 0;
    try {
      while (at < text.length()) {
        int unit = at;
        while (text.charAt(unit) <= '9') {
          unit++;
        }
        int end = unit;
        while (end < text.length() && text.charAt(end) > '9') {
          end++;
        }
        long count = Long.parseLong(text, at, unit, 10);
        sum = sum.plus(times(unit(text, unit, end).orElseThrow(), count));
        at = end;
      }
      return Optional.of(sum);
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Duration times(Duration unit, long count) {
    return unit.getSeconds() > 0
        ? Duration.ofSeconds(Math.multiplyExact(unit.getSeconds(), count))
        : unit.getNano() == 1 ? Duration.ofNanos(count) : Duration.ofMillis(count);
  }

  /// A span as a number of seconds.
  static double seconds(Duration span) {
    return span.getSeconds() + span.getNano() / 1e9;
  }
}
