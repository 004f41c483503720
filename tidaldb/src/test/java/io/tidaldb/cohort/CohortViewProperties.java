package io.tidaldb.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.CohortEvent.CohortDefined;
import io.tidaldb.log.CohortEvent.CohortDropped;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StateText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The view by itself: counts, orders and pages under random events, deletions and drops, so that
/// cells pass from pair to pair.
class CohortViewProperties {

  private static final long START = 1_700_000_000_000_000_000L;
  private static final Schema SCHEMA = Schemas.testSchema();
  private static final List<String> LANGUAGES = List.of("de", "en");

  /// A view, the slots below it, what is saved of it, and plain counts.
  private static final class World {
    private SlotMap slots = new SlotMap();
    private CohortView view = new CohortView(slots, CrashInjector.NONE);
    private final NavigableMap<PageKey, byte[]> saved = new TreeMap<>();
    private final NavigableMap<PageKey, byte[]> savedSlots = new TreeMap<>();
    private final Map<String, Map<Long, Long>> counts = new TreeMap<>();
    private final Map<Long, String> languages = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int lastNumber;
    private long position;

    World() {
      var ids = new TreeMap<String, Integer>();
      SCHEMA.signals().forEach(type -> ids.put(type.name(), type.id().value()));
      apply(new Event.SchemaChanged(START, SCHEMA.canonical(), ids));
    }

    private void apply(Event event) {
      position++;
      slots.apply(position, event);
      view.apply(position, event);
      slots.retire(event);
    }

    void step(long choice) {
      int detail = (int) (choice / 16);
      long time = START + position * 1_000;
      var language = LANGUAGES.get(detail % 2);
      switch ((int) (choice % 16)) {
        case 0 -> {
          long user = detail % 4;
          var metadata =
              Metadata.parse(
                  SCHEMA, EntityKind.USER, EntityId.of(user), Map.of("language", language));
          apply(new Event.EntityWritten(time, EntityKind.USER, user, metadata, null));
          languages.put(user, language);
        }
        case 1 -> {
          if (numbers.putIfAbsent(language, lastNumber + 1) == null) {
            lastNumber++;
            var text = "language = \"" + language + "\"";
            apply(new CohortDefined(time, lastNumber, false, language, text, null));
            counts.put(language, new HashMap<>());
          }
        }
        case 2 -> {
          var number = detail % 3 == 0 ? numbers.remove(language) : null;
          if (number != null) {
            apply(new CohortDropped(time, number, language, null));
            counts.remove(language);
          }
        }
        case 3 -> {
          long item = detail % 400;
          apply(new Event.EntityDeleted(time, EntityKind.ITEM, item, null));
          counts.values().forEach(own -> own.remove(item));
        }
        case 4 -> save(detail % 3 > 0, detail % 5 == 0);
        case 15 -> {
          long user = detail % 4;
          var changes =
              MetadataChanges.parse(
                  SCHEMA, EntityKind.USER, EntityId.of(user), Map.of("age", detail % 40));
          apply(new Event.NumbersWritten(time, EntityKind.USER, user, changes, null));
        }
        case 5 -> {
          if (detail % 4 == 0) {
            save(true, false);
            reload();
          }
        }
        default -> {
          long item = detail % 400;
          long user = detail / 400 % 4;
          apply(
              new Event.SignalRecorded(
                  time, 0, EntityKind.ITEM, item, 1, Event.SignalRecorded.USER, user, 0, 0, null));
          var own = counts.get(languages.getOrDefault(user, "none"));
          if (own != null) {
            own.merge(item, 1L, Long::sum);
          }
        }
      }
    }

    private void save(boolean succeeds, boolean all) {
      var frozen = view.freeze(all);
      if (!succeeds) {
        frozen.abandoned();
        return;
      }
      frozen.forEach(
          (key, content) -> {
            if (content.length == 0) {
              saved.remove(key);
            } else {
              saved.put(key, content);
            }
          });
      frozen.committed();
      savedSlots.clear();
      var frozenSlots = slots.freeze(true);
      frozenSlots.forEach(savedSlots::put);
      frozenSlots.committed();
    }

    private void reload() {
      var before = digest();
      slots = new SlotMap();
      savedSlots.forEach(slots::load);
      slots.loaded(position);
      view = new CohortView(slots, CrashInjector.NONE);
      saved.forEach(view::load);
      view.loaded(position);
      assertThat(digest()).isEqualTo(before);
      // What was loaded is what a full freeze gives.
      var again = new TreeMap<PageKey, String>();
      var frozen = view.freeze(true);
      frozen.forEach(
          (key, content) -> {
            if (content.length > 0) {
              again.put(key, java.util.HexFormat.of().formatHex(content));
            }
          });
      frozen.committed();
      var stored = new TreeMap<PageKey, String>();
      saved.forEach((key, content) -> stored.put(key, java.util.HexFormat.of().formatHex(content)));
      assertThat(again).isEqualTo(stored);
    }

    private String digest() {
      return StateText.of(view);
    }

    void check() {
      assertThat(view.verify()).isEmpty();
      for (var entry : counts.entrySet()) {
        int number = numbers.get(entry.getKey());
        var own = entry.getValue();
        assertThat(view.pairs(number)).isEqualTo(own.size());
        try (var reader = view.reader(number, START + position * 1_000)) {
          for (long item = 0; item < 400; item++) {
            int slot = slots.slot(EntityKind.ITEM, item);
            assertThat(reader.windowedCount(0, Window.ALL_TIME, slot))
                .isEqualTo(own.getOrDefault(item, 0L));
          }
          var scanned = new HashMap<Long, Boolean>();
          reader.scan(
              0,
              (first, count, scores) -> {
                for (int i = 0; i < count; i++) {
                  if (scores[i] > 0) {
                    scanned.put(slots.id(EntityKind.ITEM, first + i), true);
                  }
                }
              });
          assertThat(scanned.keySet()).isEqualTo(own.keySet());
          int[] best = new int[1_000];
          double[] scores = new double[1_000];
          assertThat(reader.hottest(0, 1_000, best, scores)).isEqualTo(own.size());
          for (int i = 1; i < own.size(); i++) {
            assertThat(scores[i]).isLessThanOrEqualTo(scores[i - 1]);
          }
          var active =
              view.active(number, EntityKind.ITEM).stream()
                  .mapToObj(slot -> slots.id(EntityKind.ITEM, slot))
                  .collect(Collectors.toSet());
          assertThat(active).isEqualTo(own.keySet());
        }
      }
    }
  }

  @Test
  void countsOrdersAndPagesAreThoseOfThePlainCounts() {
    Property.forAll(Generator.longs(0, 1_000_000).listOf(3_000))
        .tries(40)
        .check(
            choices -> {
              var world = new World();
              choices.forEach(world::step);
              world.check();
              world.save(true, false);
              world.reload();
              world.check();
            });
  }
}
