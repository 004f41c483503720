package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SavedPagesProperties {

  private static final SignalType[] TYPES = {
    SignalWorld.meaning(
        SignalWorld.type("view", 0, Decay.exponential(Duration.ofHours(1)), ALL), Meaning.VIEW),
    SignalWorld.type("offer", 1, Decay.linear(Duration.ofDays(2)), Set.of(Window.SEVEN_DAYS)),
    SignalWorld.meaning(
        SignalWorld.type("completion", 2, Decay.permanent(), Set.of(Window.ALL_TIME)),
        Meaning.COMPLETION)
  };

  /// One step of a random run, repeatable on any world.
  private record Step(int type, int entity, double weight, long time, boolean delete) {
    void on(SignalWorld world) {
      if (delete) {
        world.delete(entity);
      } else {
        world.signal(type, entity, weight, time, SignalRecorded.FIRST_VIEW);
      }
    }
  }

  @Test
  void aCheckpointAndTheTailAreTheReplay() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(40)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var live = new SignalWorld(TYPES);
              var stored = new TreeMap<PageKey, byte[]>();
              long now = START;
              for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 60; i++) {
                  now += random.nextInt(40) == 0 ? 300 * DAY : random.nextLong(3 * HOUR);
                  step(random, now).on(live);
                }
                // The writer goes on while the checkpointer saves.
                var frozen = live.view.freeze(false);
                var expected = live.state();
                var tail = new Step[20];
                for (int i = 0; i < tail.length; i++) {
                  now += random.nextInt(20) == 0 ? 400 * DAY : random.nextLong(HOUR);
                  tail[i] = step(random, now);
                  tail[i].on(live);
                }
                if (random.nextInt(4) == 0) {
                  frozen.abandoned();
                  continue;
                }
                SignalWorld.store(frozen, stored);
                var loaded = SignalWorld.load(stored, 16);
                assertThat(loaded.state()).isEqualTo(expected);
                for (var step : tail) {
                  step.on(loaded);
                }
                assertThat(loaded.state()).isEqualTo(live.state());
                assertThat(loaded.view.verify()).isEmpty();
                assertSame(loaded.save(), SignalWorld.load(live.save(), 4096).save());
                // Saving all pages took the dirt away from the live view: the next round starts
                // from them.
                stored.clear();
                stored.putAll(live.save());
              }
            });
  }

  @Test
  void loadingAndSavingAgainGivesEqualBytes() {
    var world = new SignalWorld(TYPES);
    var random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      step(random, START + i * HOUR / 10).on(world);
    }
    var saved = world.save();
    assertSame(SignalWorld.load(saved, 16).save(), saved);
    assertThat(saved.values()).allMatch(page -> page.length < 1 << 20);
    assertThat(world.view.freeze(false).count()).isZero();
  }

  @Test
  void pagesComeInAnyOrder() {
    var world = new SignalWorld(TYPES);
    var random = new SplittableRandom(12);
    for (int i = 0; i < 2_000; i++) {
      step(random, START + i * HOUR).on(world);
    }
    var saved = world.save();
    assertThat(SignalWorld.load(new TreeMap<>(saved).descendingMap().reversed(), 4).state())
        .isEqualTo(world.state());
    var view = new SignalView(new SignalWorld.IdSlots(), io.tidaldb.fault.CrashInjector.NONE, 4);
    saved.reversed().forEach(view::load);
    view.loaded(9);
    assertThat(new SignalWorld(view).state()).isEqualTo(world.state());
    assertThat(view.loadedPosition()).isEqualTo(9);
  }

  @Test
  void anOlderLandmarkLoadsToTheSameBits() {
    var world = new SignalWorld(TYPES);
    world.signal(0, 5, 3, START);
    world.signal(0, 700, 3, START);
    var stored = world.save();
    // Another part's event moves the landmark; the part of 5 stays clean.
    world.signal(0, 700, 1, START + 600 * HOUR);
    world.signal(0, 700, 1, START + 1_200 * HOUR);
    var frozen = world.view.freeze(false);
    assertThat(frozen.count()).isEqualTo(2);
    SignalWorld.store(frozen, stored);
    assertThat(SignalWorld.load(stored, 0).state()).isEqualTo(world.state());
  }

  @Test
  void damagedPagesAreRefusedOrReadWithoutOtherErrors() {
    var world = new SignalWorld(TYPES);
    var random = new SplittableRandom(13);
    for (int i = 0; i < 300; i++) {
      step(random, START + i * HOUR).on(world);
    }
    var saved = world.save();
    for (int i = 0; i < 500; i++) {
      var damaged = new TreeMap<PageKey, byte[]>();
      saved.forEach((key, content) -> damaged.put(key, content.clone()));
      var page =
          damaged.values().stream().skip(random.nextInt(damaged.size())).findFirst().orElseThrow();
      page[random.nextInt(page.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(SignalWorld.load(damaged, 16).view.types()).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageNotContaining("null");
      } catch (io.tidaldb.schema.InvalidRequestException e) {
        throw new AssertionError("not an IllegalArgumentException", e);
      }
    }
    var cut = new TreeMap<>(saved);
    cut.replaceAll((key, content) -> Arrays.copyOf(content, content.length - 1));
    assertThatThrownBy(() -> SignalWorld.load(cut, 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Step step(SplittableRandom random, long now) {
    int entity = random.nextInt(random.nextBoolean() ? 5 : 600);
    long time = random.nextInt(5) == 0 ? now - random.nextLong(50 * DAY) : now;
    return new Step(
        random.nextInt(TYPES.length),
        entity,
        random.nextDouble() + 0.1,
        time,
        random.nextInt(50) == 0);
  }

  private static void assertSame(
      SortedMap<PageKey, byte[]> actual, SortedMap<PageKey, byte[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (key, content) -> assertThat(actual.get(key)).as("%s", key).isEqualTo(content));
  }
}
