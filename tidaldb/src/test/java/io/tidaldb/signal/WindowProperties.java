package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.MINUTE;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WindowProperties {

  @Test
  void countsAreTheDefinitionExactly() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(400)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = world();
              var times = new ArrayList<Long>();
              long now = START;
              int events = 1 + random.nextInt(400);
              long stepMax = List.of(MINUTE, HOUR, 6 * HOUR, 3 * DAY).get(random.nextInt(4));
              for (int i = 0; i < events; i++) {
                now += random.nextLong(stepMax);
                long time = eventTime(random, now);
                world.signal(0, 1, 1, time);
                times.add(time);
                if (random.nextInt(20) == 0) {
                  compare(world, times, readTime(random, world.view.newestEventTime()));
                }
              }
              for (int i = 0; i < 20; i++) {
                compare(world, times, readTime(random, world.view.newestEventTime()));
              }
              assertThat(world.view.verify()).isEmpty();
            });
  }

  @Test
  void everyBorderIsExactToTheNanosecond() {
    long hour = START / HOUR * HOUR;
    long day = START / DAY * DAY;
    for (var window : Window.values()) {
      long granule = window.granuleNanos();
      for (long border :
          window.isFinite() ? List.of(hour, day, START / granule * granule) : List.<Long>of()) {
        for (int granules : List.of(0, 1, window.buckets() - 1, window.buckets())) {
          for (long off : List.of(-1L, 0L, 1L)) {
            for (long readOff : List.of(-1L, 0L, 1L)) {
              border(window, border - granules * granule + off, border + readOff);
            }
          }
        }
      }
    }
  }

  private static void border(Window window, long eventTime, long at) {
    var world = world();
    world.signal(0, 1, 1, eventTime);
    // Another pair moves the newest event time up to the reading.
    world.signal(0, 2, 1, Math.max(at, eventTime));
    assertThat(world.count(0, window, 1, at))
        .as("window=%s event=%s at=%s", window, eventTime, at)
        .isEqualTo(counted(List.of(eventTime), window, at));
  }

  @Test
  void foldingAtAnyMomentChangesNoAllowedRead() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(25)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var lazy = world();
              var eager = world();
              long now = START;
              for (int i = 0; i < 200; i++) {
                now += random.nextLong(5 * HOUR);
                long time = eventTime(random, now);
                int slot = random.nextInt(3);
                lazy.signal(0, slot, 1, time);
                eager.signal(0, slot, 1, time);
                // Saving and loading folds every bucket.
                eager = SignalWorld.load(eager.save(), 0);
                long at = readTime(random, lazy.view.newestEventTime());
                for (var window : Window.values()) {
                  assertThat(eager.count(0, window, slot, at))
                      .isEqualTo(lazy.count(0, window, slot, at));
                }
                assertThat(eager.state()).isEqualTo(lazy.state());
              }
            });
  }

  @Test
  void shorterLongestWindowsKeepWhatTheyNeed() {
    for (var windows :
        List.of(
            Set.of(Window.ONE_HOUR), Set.of(Window.TWENTY_FOUR_HOURS), Set.of(Window.SEVEN_DAYS))) {
      var world = new SignalWorld(SignalWorld.type("view", 0, Decay.permanent(), windows));
      var random = new SplittableRandom(2);
      var times = new ArrayList<Long>();
      long now = START;
      for (int i = 0; i < 2_000; i++) {
        now += random.nextLong(HOUR);
        long time = eventTime(random, now);
        world.signal(0, 0, 1, time);
        times.add(time);
        for (var window : windows) {
          long at = readTime(random, world.view.newestEventTime());
          assertThat(world.count(0, window, 0, at)).isEqualTo(counted(times, window, at));
        }
      }
    }
  }

  private static SignalWorld world() {
    return new SignalWorld(
        0, SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL));
  }

  private static void compare(SignalWorld world, List<Long> times, long at) {
    for (var window : Window.values()) {
      assertThat(world.count(0, window, 1, at))
          .as("window=%s at=%s", window, at)
          .isEqualTo(counted(times, window, at));
      try (var reader = world.view.reader(at)) {
        assertThat(reader.totalCount(0, window)).isEqualTo(counted(times, window, at));
      }
    }
  }

  /// Sometimes now, sometimes late by anything up to forty days, often at a border.
  private static long eventTime(SplittableRandom random, long now) {
    long time =
        switch (random.nextInt(4)) {
          case 0 -> now - random.nextLong(3 * HOUR);
          case 1 -> now - random.nextLong(40 * DAY);
          default -> now;
        };
    return nearBorder(random, time);
  }

  private static long readTime(SplittableRandom random, long newest) {
    return switch (random.nextInt(4)) {
      case 0 -> newest;
      case 1 -> newest - random.nextLong(HOUR + 1);
      case 2 -> Math.max(newest, nearBorder(random, newest + random.nextLong(2 * DAY)));
      default -> newest + random.nextLong(40 * DAY);
    };
  }

  private static long nearBorder(SplittableRandom random, long time) {
    long granule = List.of(1L, MINUTE, HOUR, DAY).get(random.nextInt(4));
    return time / granule * granule + (granule == 1 ? 0 : random.nextInt(3) - 1);
  }

  /// The definition: events with B(at) − n < B(t) ≤ B(at), and those of the running bucket that are
  /// later.
  private static long counted(List<Long> times, Window window, long at) {
    if (!window.isFinite()) {
      return times.size();
    }
    long now = Math.floorDiv(at, window.granuleNanos());
    return times.stream()
        .mapToLong(t -> Math.floorDiv(t, window.granuleNanos()))
        .filter(b -> now - window.buckets() < b && b <= now)
        .count();
  }
}
