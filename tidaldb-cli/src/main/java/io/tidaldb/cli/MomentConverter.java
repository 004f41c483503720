package io.tidaldb.cli;

import io.tidaldb.schema.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Moments on the command line.
final class MomentConverter {

  private MomentConverter() {}

  /// A moment, or a day with all its hours.
  static final class EndOfDay implements ITypeConverter<Timestamp> {
    @Override
    public Timestamp convert(String text) {
      try {
        var instant =
            text.length() == 10
                ? LocalDate.parse(text)
                    .plusDays(1)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .minusNanos(1)
                : Instant.parse(text);
        return Timestamp.of(instant);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "not a day or moment: given=" + text + " wanted=2015-06-30 or 2015-06-30T12:00:00Z");
      }
    }
  }
}
