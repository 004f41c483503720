package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.ModelCohorts;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Rule;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Random lives of users and cohorts, across frames, checkpoints and kills, against a model that
/// asks every question at every event.
class CohortsProperties {

  private static final int USERS = 5;
  private static final int ITEMS = 4;
  private static final List<String> SIGNALS = List.of("like", "view");
  private static final List<String> LANGUAGES = List.of("de", "en", "fr");
  private static final List<Rule> RULES =
      List.of(
          new Rule.Speaks("en"),
          new Rule.Aged(10, 30),
          new Rule.Did("view", Window.SEVEN_DAYS, 2),
          new Rule.Did("like", Window.ALL_TIME, 1),
          new Rule.Did("view", Window.TWENTY_FOUR_HOURS, 3));

  /// One store and its model.
  private static final class World {
    private final ManualClock clock = new ManualClock();
    private final SimulatedVolume volume = new SimulatedVolume();
    private final InMemoryBackend backend = new InMemoryBackend();
    private final ModelCohorts model = new ModelCohorts();
    private final List<Write> frame = new ArrayList<>();
    private TidalDb db = open();

    private TidalDb open() {
      return Doors.on(volume, backend).clock(clock).open();
    }

    void step(long choice) {
      int what = (int) (choice % 20);
      int detail = (int) (choice / 20);
      var rule = RULES.get(detail % RULES.size());
      var name = "cohort_" + detail % RULES.size();
      switch (what) {
        case 0, 1 -> write(detail);
        case 2 -> {
          flush();
          db.defineCohort(name, rule.text());
          var _ = model.define(name, rule);
        }
        case 3 -> {
          flush();
          if (model.rules().containsKey(name)) {
            db.dropCohort(name);
            model.drop(name);
          }
        }
        case 4 -> clock.advance(Duration.ofHours(1 + detail % 40));
        case 5 -> {
          flush();
          delete(1L + detail % ITEMS);
        }
        case 6 -> {
          flush();
          var _ = db.checkpoint();
        }
        case 7 -> {
          flush();
          TestDoor.abandon(db);
          db = open();
        }
        case 8 -> flush();
        default -> signal(detail);
      }
    }

    private void write(int detail) {
      long user = 1L + detail % USERS;
      var language = LANGUAGES.get(detail / USERS % LANGUAGES.size());
      int age = detail / 15 % 50;
      frame.add(
          Write.entity(
              EntityKind.USER,
              EntityId.of(user),
              Map.of("language", language, "age", age),
              Optional.empty()));
      model.user(user, language, age);
    }

    private void delete(long item) {
      var id = EntityId.of(item);
      var _ = db.writeItem(id, Map.of());
      var _ = db.deleteItem(id);
      model.itemDeleted(item);
    }

    private void signal(int detail) {
      long item = 1L + detail % ITEMS;
      var signal = SIGNALS.get(detail / ITEMS % SIGNALS.size());
      long user = detail / 8 % (USERS + 1);
      long age = (detail / 48 % 3 == 0 ? 0 : detail % 1_000) * Duration.ofHours(1).toNanos();
      long time = Timestamp.now(clock).nanos() - age;
      var at = Timestamp.ofNanos(time);
      var given = user == 0 ? Signal.anonymous() : Signal.by(user);
      frame.add(Write.signal(signal, EntityId.of(item), given.at(at)));
      if (user == 0) {
        model.time(time);
      } else {
        model.signal(user, signal, item, 1, time);
      }
    }

    private void flush() {
      if (!frame.isEmpty()) {
        var _ = db.write(frame);
        frame.clear();
      }
    }

    void check() {
      flush();
      long now = Timestamp.now(clock).nanos();
      for (var name : model.rules().keySet()) {
        assertThat(db.cohort(name).pairs()).isEqualTo(model.triples(name));
        assertThat(db.cohortSize(name))
            .isEqualTo(
                model.known().stream()
                    .filter(user -> model.cohortsOf(user, now).contains(name))
                    .count());
        for (long item = 1; item <= ITEMS; item++) {
          for (var signal : SIGNALS) {
            var triple = new ModelCohorts.Triple(name, item, signal);
            for (var window : Window.values()) {
              assertThat(db.readCohortWindowedCount(name, EntityId.of(item), signal, window))
                  .as("%s %s", triple, window)
                  .isEqualTo(model.count(triple, window, now));
            }
          }
        }
      }
      for (long user = 1; user <= USERS + 1; user++) {
        assertThat(db.cohortsOf(user))
            .containsExactlyInAnyOrderElementsOf(model.cohortsOf(user, now));
      }
      assertThat(db.verify(true).findings()).isEmpty();
      db.close();
    }
  }

  @Test
  void countsAndMembersAreThoseOfTheModel() {
    Property.forAll(Generator.longs(0, 1_000_000).listOf(120))
        .tries(10)
        .check(
            choices -> {
              var world = new World();
              choices.forEach(world::step);
              world.check();
            });
  }
}
