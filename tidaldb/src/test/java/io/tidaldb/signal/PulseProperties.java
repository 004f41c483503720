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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a walk down the pulse has not given cannot have more events than it says.
class PulseProperties {

  private static final int ENTITIES = 300;

  @Test
  void aWalkLeavesOutNothingAboveItsBound() {
    for (int capacity : List.of(1, 16, 4096)) {
      Property.forAll(Generator.longs(0, Long.MAX_VALUE))
          .tries(25)
          .check(seed -> run(seed, capacity));
    }
  }

  private static void run(long seed, int capacity) {
    var random = new SplittableRandom(seed);
    var type = SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL);
    var world = new SignalWorld(capacity, type);
    long now = START;
    long stepMax = List.of(MINUTE, HOUR, 12 * HOUR).get(random.nextInt(3));
    for (int i = 0; i < 1_500; i++) {
      int entity = (int) (ENTITIES * random.nextDouble() * random.nextDouble());
      if (random.nextInt(60) == 0) {
        world.delete(entity);
      } else {
        now += random.nextLong(stepMax);
        world.signal(0, entity, 1, random.nextInt(4) == 0 ? now - random.nextLong(2 * DAY) : now);
      }
      if (random.nextInt(200) == 0) {
        world = SignalWorld.load(world.save(), capacity);
      }
      if (random.nextInt(40) == 0) {
        walk(world, random);
      }
      if (random.nextInt(200) == 0) {
        assertThat(world.view.verify()).isEmpty();
      }
    }
    assertThat(world.view.verify()).isEmpty();
  }

  private static void walk(SignalWorld world, SplittableRandom random) {
    var window = random.nextBoolean() ? Window.ONE_HOUR : Window.TWENTY_FOUR_HOURS;
    long newest = world.view.newestEventTime();
    long at =
        random.nextBoolean() ? newest - random.nextLong(HOUR) : newest + random.nextLong(2 * DAY);
    try (var reader = world.view.reader(at)) {
      var walk = reader.pulse(0, window);
      var given = new HashSet<Integer>();
      do {
        for (int i = 0; i < walk.size(); i++) {
          given.add(walk.slots()[i]);
        }
        for (int slot = 0; slot < ENTITIES; slot++) {
          if (!given.contains(slot)) {
            assertThat((double) reader.windowedCount(0, window, slot))
                .isLessThanOrEqualTo(walk.bound());
          }
        }
      } while (walk.deepen(1 + random.nextInt(50)));
      assertThat(walk.bound()).isZero();
    }
  }

  @Test
  void whatDidNotMoveForADayIsNotWalked() {
    var type = SignalWorld.type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL);
    var world = new SignalWorld(type);
    for (int slot = 0; slot < 1_000; slot++) {
      world.signal(0, slot, 1, START);
    }
    for (int i = 0; i < 1_000; i++) {
      world.signal(0, 5, 1, START + 2 * DAY);
    }
    try (var reader = world.view.reader(START + 2 * DAY)) {
      var walk = reader.pulse(0, Window.TWENTY_FOUR_HOURS);
      while (walk.deepen(1_000)) {
        assertThat(walk.size()).isLessThanOrEqualTo(1);
      }
      assertThat(walk.slots()[0]).isEqualTo(5);
    }
  }

  @Test
  void onlyWindowsOfUpToADayHaveOne() {
    var type = SignalWorld.type("view", 0, Decay.permanent(), ALL);
    try (var reader = new SignalWorld(type).view.reader(START)) {
      assertThat(reader.pulse(0, Window.ONE_HOUR)).isNotNull();
      assertThat(reader.pulse(0, Window.SEVEN_DAYS)).isNull();
      assertThat(reader.pulse(0, Window.ALL_TIME)).isNull();
    }
    var week = SignalWorld.type("like", 0, Decay.permanent(), Set.of(Window.SEVEN_DAYS));
    try (var reader = new SignalWorld(week).view.reader(START)) {
      assertThat(reader.pulse(0, Window.SEVEN_DAYS)).isNull();
    }
  }
}
