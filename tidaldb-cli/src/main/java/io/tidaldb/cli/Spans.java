package io.tidaldb.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/// Spans of time as people write them: `90s`, `15m`, `24h`, `7d`, or ISO-8601.
public final class Spans {

  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Spans() {}

  /// The span that a text says.
  ///
  /// @throws DateTimeParseException if it says none
  public static Duration parse(String text) {
    var found = SHORT.matcher(text);
    if (!found.matches()) {
      return Duration.parse(text);
    }
    var number = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /// A span for people: `2.3 s`, `4 min 10 s`, `3 h 5 min`.
  public static String show(Duration span) {
    var seconds = span.toSeconds();
    if (seconds < 60) {
      return "%.1f s".formatted(span.toMillis() / 1000.0);
    }
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
