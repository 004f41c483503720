package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.log.Event.EntityDeleted;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The roll-up counts as if every signal on an item had been one on its creator: compared, bit by
/// bit, with an ordinary view to which that is what happens.
class CreatorSignalsProperties {

  private static final int CREATORS = 12;

  private static final List<SignalType> TYPES =
      List.of(
          SignalWorld.meaning(
              SignalWorld.type("view", 0, Decay.exponential(Duration.ofHours(6)), ALL),
              Meaning.VIEW),
          SignalWorld.type("offer", 1, Decay.linear(Duration.ofDays(2)), Set.of(Window.SEVEN_DAYS)),
          SignalWorld.meaning(
              SignalWorld.type("completion", 2, Decay.permanent(), Set.of(Window.ALL_TIME)),
              Meaning.COMPLETION));

  /// A type that is on creators already.
  private static final SignalType TIP =
      onCreators(SignalWorld.type("tip", 3, Decay.permanent(), ALL));

  private static SignalType onCreators(SignalType type) {
    return new SignalType(
        type.name(),
        type.id(),
        EntityKind.CREATOR,
        type.decay(),
        type.windows(),
        type.velocity(),
        type.signedWeights(),
        type.meaning());
  }

  /// The two views of a database, and the view that has everything on creators.
  private static final class Worlds {
    final SignalView items = new SignalView(new SignalWorld.IdSlots(), CrashInjector.NONE, 8);
    SignalView rolledUp = SignalView.ofCreators(new SignalWorld.IdSlots(), 8);
    final SignalView expected = new SignalView(new SignalWorld.IdSlots(), CrashInjector.NONE, 8);
    private long position;

    Worlds() {
      items.declare(List.of(TYPES.get(0), TYPES.get(1), TYPES.get(2), TIP));
      rolledUp.declare(List.of(TYPES.get(0), TYPES.get(1), TYPES.get(2), TIP));
      expected.declare(
          List.of(
              onCreators(TYPES.get(0)), onCreators(TYPES.get(1)), onCreators(TYPES.get(2)), TIP));
    }

    void signal(int type, long item, boolean known, double weight, long time) {
      long creator = item % CREATORS;
      int flags =
          (item % 2 == 0 ? SignalRecorded.FIRST_VIEW : 0) | (known ? SignalRecorded.CREATOR : 0);
      apply(
          new SignalRecorded(time, type, EntityKind.ITEM, item, weight, flags, 0, creator, 0, null),
          known
              ? new SignalRecorded(
                  time, type, EntityKind.CREATOR, creator, weight, flags, 0, 0, 0, null)
              : null);
    }

    void tip(long creator, long time) {
      var event =
          new SignalRecorded(
              time, 3, EntityKind.CREATOR, creator, 1, SignalRecorded.CREATOR, 0, 5, 0, null);
      apply(event, event);
    }

    void delete(EntityKind kind, long id, long time) {
      var event = new EntityDeleted(time, kind, id, null);
      apply(event, kind == EntityKind.CREATOR ? event : null);
    }

    private void apply(io.tidaldb.log.Event event, io.tidaldb.log.Event moved) {
      position++;
      items.apply(position, event);
      items.publish(position);
      rolledUp.apply(position, event);
      rolledUp.publish(position);
      if (moved != null) {
        expected.apply(position, moved);
        expected.publish(position);
      }
    }

    void reload() {
      var pages = new TreeMap<PageKey, byte[]>();
      SignalWorld.store(rolledUp.freeze(true), pages);
      var before = new SignalWorld(rolledUp).state();
      rolledUp = SignalView.ofCreators(new SignalWorld.IdSlots(), 8);
      pages.forEach(rolledUp::load);
      rolledUp.loaded(position);
      assertThat(new SignalWorld(rolledUp).state()).isEqualTo(before);
      assertThat(rolledUp.verify()).isEmpty();
    }
  }

  @Test
  void aSignalOnAnItemIsOneOnItsCreator() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(60)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var worlds = new Worlds();
              long now = START;
              for (int i = 0; i < 300; i++) {
                now += random.nextInt(60) == 0 ? 40 * DAY : random.nextLong(HOUR);
                step(worlds, random, now);
              }
              long latest = worlds.items.newestEventTime();
              compare(worlds, latest);
              compare(worlds, latest + 3 * HOUR);
            });
  }

  private static void step(Worlds worlds, SplittableRandom random, long now) {
    switch (random.nextInt(40)) {
      case 0 -> worlds.delete(EntityKind.CREATOR, random.nextInt(CREATORS), now);
      case 1 -> worlds.delete(EntityKind.ITEM, random.nextInt(200), now);
      case 2 -> worlds.reload();
      case 3, 4, 5, 6 -> worlds.tip(random.nextInt(CREATORS), now);
      default ->
          worlds.signal(
              random.nextInt(3),
              random.nextInt(200),
              random.nextInt(5) > 0,
              random.nextDouble(),
              now - random.nextLong(HOUR));
    }
  }

  private static void compare(Worlds worlds, long at) {
    try (var found = worlds.items.creatorReader(worlds.rolledUp, at);
        var expected = worlds.expected.reader(at)) {
      for (int type = 0; type <= TIP.id().value(); type++) {
        for (int creator = 0; creator < CREATORS; creator++) {
          compare(found, expected, type, creator);
        }
        assertThat(found.totalDecayScore(type)).isEqualTo(expected.totalDecayScore(type));
      }
      compareReach(found, expected);
      int[] hottest = new int[5];
      int[] wanted = new int[5];
      double[] scores = new double[5];
      int count = found.hottest(0, 5, hottest, scores);
      assertThat(expected.hottest(0, 5, wanted, scores)).isEqualTo(count);
      assertThat(hottest).isEqualTo(wanted);
    }
  }

  private static void compare(SignalReader found, SignalReader expected, int type, int creator) {
    assertThat(found.decayScore(type, creator)).isEqualTo(expected.decayScore(type, creator));
    for (var window : type == 1 ? Set.of(Window.SEVEN_DAYS) : windows(type)) {
      assertThat(found.windowedCount(type, window, creator))
          .as("type %d window %s creator %d", type, window, creator)
          .isEqualTo(expected.windowedCount(type, window, creator));
    }
  }

  private static Set<Window> windows(int type) {
    return type == 2 ? Set.of(Window.ALL_TIME) : ALL;
  }

  private static void compareReach(SignalReader found, SignalReader expected) {
    assertThat(found.reach()).isEqualTo(expected.reach());
    for (int creator = 0; creator < CREATORS; creator++) {
      assertThat(found.windowedCount(found.reach(), Window.TWENTY_FOUR_HOURS, creator))
          .isEqualTo(expected.windowedCount(expected.reach(), Window.TWENTY_FOUR_HOURS, creator));
    }
  }
}
