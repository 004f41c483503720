package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// What people read and write: tables, spans, progress.
class TextTest {

  @Test
  void columnsAreEvenAndNumbersStandRight() {
    var table = new Table("name", ">count");
    table.row("é", 7);
    table.row("long\nname", 1_000);
    assertThat(table.lines())
        .containsExactly("name       count", "é              7", "long name   1000");
  }

  @Test
  void aLongCellIsCut() {
    var table = new Table("a");
    table.row("😀".repeat(61));
    assertThat(table.lines().getLast()).isEqualTo("😀".repeat(59) + "…");
  }

  @Test
  void spansAreReadAsPeopleWriteThem() {
    assertThat(Spans.parse("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Spans.parse("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Spans.parse("15m")).isEqualTo(Duration.ofMinutes(15));
    assertThat(Spans.parse("24h")).isEqualTo(Duration.ofHours(24));
    assertThat(Spans.parse("7d")).isEqualTo(Duration.ofDays(7));
    assertThat(Spans.parse("PT1M")).isEqualTo(Duration.ofMinutes(1));
    assertThatThrownBy(() -> Spans.parse("a week")).isInstanceOf(DateTimeParseException.class);
  }

  @Test
  void progressSaysShareRateAndTimeLeft() {
    Locale.setDefault(Locale.ROOT);
    assertThat(ProgressDisplay.line("a.csv", 500_000, 2_000_000, 5_000_000_000L))
        .isEqualTo("a.csv: 25 %, 100,000/s, 15.0 s left");
    assertThat(ProgressDisplay.line("a.csv", 500, -1, 1_000_000_000L)).isEqualTo("a.csv: 500/s");
  }
}
