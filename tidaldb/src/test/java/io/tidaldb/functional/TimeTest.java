package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Health;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Event times ahead of the clock and far behind it, clocks that jump, and how far reads look back.
final class TimeTest {

  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final double HALF_LIFE_DAYS = 7;

  private final ManualClock clock = new ManualClock();
  private final Instant now = clock.instant();

  private static Signal at(Instant time) {
    return Signal.anonymous().at(time);
  }

  private static Timestamp stamp(Instant time) {
    return Timestamp.of(time);
  }

  @Test
  void aTimeWithinTheSkewBecomesTheTimeOfReceipt() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.signal("view", ITEM, at(now.plus(SKEW)));
      assertThat(db.newestEventTime()).contains(stamp(now));
    }
  }

  @Test
  void aTimeBeyondTheSkewIsRefusedAndLeavesNoTrace() {
    try (var db = Doors.ephemeral(clock).open()) {
      var digest = db.stateDigest();
      assertThatThrownBy(() -> db.signal("view", ITEM, at(now.plus(SKEW).plusNanos(1))))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused ->
                  assertThat(refused.getMessage())
                      .contains("view")
                      .contains(now.plus(SKEW).plusNanos(1).toString())
                      .contains("now=" + now)
                      .contains("limit=" + now.plus(SKEW)));
      assertThat(db.stateDigest()).isEqualTo(digest);
      assertThat(db.newestEventTime()).isEmpty();
      assertThat(db.position()).isEqualTo(1);
    }
  }

  @Test
  void aTimeBeyondTheSkewIsClampedIfTheOptionSaysSo() {
    try (var db = Doors.ephemeral(clock).clampFutureEvents().open()) {
      db.signal("view", ITEM, at(now.plus(Duration.ofDays(400))));
      assertThat(db.newestEventTime()).contains(stamp(now));
      assertThat(db.readDecayScore(ITEM, "view", stamp(now))).isEqualTo(1.0);
    }
  }

  @Test
  void aLateEventCountsWhereItsTimeIsStillKept() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.signal("view", ITEM, at(now));
      db.signal("view", ITEM, at(now.minus(Duration.ofDays(7))));
      db.signal("view", ITEM, at(now.minus(Duration.ofDays(3_000))));
      assertThat(db.readWindowedCount(ITEM, "view", Window.TWENTY_FOUR_HOURS)).isEqualTo(1);
      assertThat(db.readWindowedCount(ITEM, "view", Window.THIRTY_DAYS)).isEqualTo(2);
      assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(3);
      double expected = 1 + 0.5 + Math.pow(2, -3_000 / HALF_LIFE_DAYS);
      assertThat(db.readDecayScore(ITEM, "view")).isCloseTo(expected, within(1e-9));
      assertThat(db.newestEventTime()).contains(stamp(now));
    }
  }

  @Test
  void readsLookBackAnHourFromTheNewestEvent() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.signal("view", ITEM, at(now));
      var earliest = now.minus(Duration.ofHours(1));
      readAt(db, earliest);
      readAt(db, now.plus(Duration.ofDays(10_000)));
      var tooEarly = stamp(earliest.minusNanos(1));
      var says = earliest.toString();
      assertThatThrownBy(() -> db.readDecayScore(ITEM, "view", tooEarly))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(says);
      assertThatThrownBy(() -> db.readWindowedCount(ITEM, "view", Window.ONE_HOUR, tooEarly))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(says);
      assertThatThrownBy(() -> db.retrieve(Retrieve.items().sortBy(Sort.TRENDING).at(tooEarly)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(says);
      assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME, tooEarly)).isEqualTo(1);
      assertThat(db.readDecayScore(ITEM, "hide", tooEarly)).isZero();
    }
  }

  private static void readAt(TidalDb db, Instant at) {
    assertThatCode(
            () -> {
              var _ = db.readDecayScore(ITEM, "view", stamp(at));
              var count = db.readWindowedCount(ITEM, "view", Window.THIRTY_DAYS, stamp(at));
              var page = db.retrieve(Retrieve.items().sortBy(Sort.TRENDING).at(at));
              assertThat(page.stats().at()).isEqualTo(stamp(at));
              assertThat(count).isLessThanOrEqualTo(1);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aClockThatJumpsBackADayChangesNoOrderAndIsReported() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.signal("view", ITEM);
      clock.advance(Duration.ofDays(-1));
      db.signal("view", ITEM);
      assertThat(db.newestEventTime()).contains(stamp(now));
      assertThat(db.readDecayScore(ITEM, "view")).isEqualTo(2.0);
      assertThat(db.healthCheck().issues()).contains(Health.Issue.CLOCK_BEHIND_LOG);
      clock.advance(Duration.ofDays(8));
      assertThat(db.healthCheck().issues()).doesNotContain(Health.Issue.CLOCK_BEHIND_LOG);
      assertThat(db.readDecayScore(ITEM, "view")).isCloseTo(1.0, within(1e-9));
    }
  }
}
