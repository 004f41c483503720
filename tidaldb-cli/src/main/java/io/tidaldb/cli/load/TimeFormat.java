package io.tidaldb.cli.load;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;

/// How a file writes moments.
enum TimeFormat {
  /// ISO-8601: `2021-04-27T15:06:44.553Z`, with an offset, or without one and then UTC, or a date
  /// alone and then its first moment.
  ISO(0),
  /// Seconds since 1970, with or without decimals.
  EPOCH_SECONDS(9),
  /// Milliseconds since 1970.
  EPOCH_MILLIS(6);

  private final int digits;

  TimeFormat(int digits) {
    this.digits = digits;
  }

  static TimeFormat of(Node node) {
    var label = node.string();
    return Arrays.stream(values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(label))
        .findFirst()
        .orElseThrow(() -> node.wrong("iso, epoch_seconds or epoch_millis"));
  }

  /// The moment that this text says.
  Timestamp parse(String text) throws BadRowException {
    try {
      return this == ISO
          ? Timestamp.of(iso(text))
          : Timestamp.ofNanos(
              new BigDecimal(text).movePointRight(digits).toBigInteger().longValueExact());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new BadRowException("not a time: given=" + text + " format=" + label());
    } catch (InvalidRequestException e) {
      throw new BadRowException(String.valueOf(e.getMessage()));
    }
  }

  /// The moment that an ISO text says.
  ///
  /// @throws DateTimeException if it says none
  static Instant iso(String text) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    if (text.endsWith("Z")) {
      return Instant.parse(text);
    }
    var zoned = text.indexOf('+') > 0 || text.lastIndexOf('-') > 10;
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
