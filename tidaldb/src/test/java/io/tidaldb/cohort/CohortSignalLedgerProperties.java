package io.tidaldb.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The ledger against the formulas, event by event.
class CohortSignalLedgerProperties {

  private static final long DAY = 86_400_000_000_000L;
  private static final long START = 19_700 * DAY;
  private static final double HALF_LIFE = 7.0 * DAY;
  private static final double LIFETIME = 10.0 * DAY;
  private static final List<String> SIGNALS = List.of("hide", "rate", "view");
  private static final List<String> COHORTS = List.of("a", "b", "c_1");
  private static final Schema SCHEMA =
      new SchemaBuilder()
          .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
          .windows(Window.values())
          .add()
          .signal("rate", EntityKind.CREATOR, Decay.linear(Duration.ofDays(10)))
          .windows(Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
          .add()
          .signal("hide", EntityKind.ITEM, Decay.permanent())
          .windows(Window.ALL_TIME)
          .add()
          .build();

  private record Event(String cohort, long entity, String signal, double weight, long time) {}

  private static final Generator<Event> EVENTS =
      random ->
          Generator.longs(0, 60 * DAY)
              .map(
                  age ->
                      new Event(
                          COHORTS.get((int) (age % 3)),
                          age % 7,
                          SIGNALS.get((int) (age / 11 % 3)),
                          1 + age % 5,
                          START - age))
              .draw(random);

  @Test
  void countsAndScoresAreThoseOfTheFormulasBeforeAndAfterRestoring() {
    Property.forAll(EVENTS.listOf(400))
        .tries(60)
        .check(
            records -> {
              var ledger = new CohortSignalLedger(SCHEMA);
              records.forEach(record -> record(ledger, record));
              check(ledger, records);

              var storage = new InMemoryBackend();
              ledger.checkpoint(storage, CheckpointMeta.of(Timestamp.ofNanos(START), 7));
              var restored = new CohortSignalLedger(SCHEMA);
              assertThat(restored.restore(storage)).isPresent();
              check(restored, records);
              assertThat(restored.entryCount()).isEqualTo(ledger.entryCount());
            });
  }

  @Test
  void theOrderOfRecordsDoesNotMatterToCounts() {
    Property.forAll(EVENTS.listOf(200))
        .tries(60)
        .check(
            records -> {
              var reversed = new CohortSignalLedger(SCHEMA);
              records.reversed().forEach(record -> record(reversed, record));
              check(reversed, records);
            });
  }

  private static void record(CohortSignalLedger ledger, Event record) {
    ledger.record(
        record.cohort,
        EntityId.of(record.entity),
        ledger.resolveSignalType(record.signal),
        record.weight,
        Timestamp.ofNanos(record.time));
  }

  private static void check(CohortSignalLedger ledger, List<Event> records) {
    long newest = records.stream().mapToLong(Event::time).max().orElse(0);
    long triples =
        records.stream().map(r -> List.of(r.cohort, r.entity, r.signal)).distinct().count();
    assertThat(ledger.entryCount()).isEqualTo(triples);
    for (var type : SCHEMA.signals()) {
      for (var cohort : COHORTS) {
        for (long entity = 0; entity < 8; entity++) {
          long id = entity;
          var mine =
              records.stream()
                  .filter(r -> r.cohort.equals(cohort) && r.entity == id)
                  .filter(r -> r.signal.equals(type.name()))
                  .toList();
          for (var window : type.windows()) {
            assertThat(ledger.readWindowedCount(cohort, EntityId.of(id), type.name(), window))
                .isEqualTo(mine.stream().filter(r -> holds(window, newest, r.time)).count());
          }
          double score = mine.stream().mapToDouble(r -> value(type.decay(), newest, r)).sum();
          double error = type.decay() instanceof Decay.Linear ? mine.size() * 5 / 512.0 : 1e-9;
          assertThat(ledger.readDecayScore(cohort, EntityId.of(id), type.name()))
              .isCloseTo(score, within(error * Math.max(1, score)));
        }
      }
    }
  }

  private static boolean holds(Window window, long now, long time) {
    if (!window.isFinite()) {
      return true;
    }
    long granule = window.granuleNanos();
    return now / granule - window.buckets() < time / granule;
  }

  private static double value(Decay decay, long now, Event record) {
    double age = (double) (now - record.time);
    return record.weight
        * switch (decay) {
          case Decay.Exponential _ -> Math.pow(2, -age / HALF_LIFE);
          case Decay.Linear _ -> Math.max(0, 1 - age / LIFETIME);
          case Decay.Permanent _ -> 1;
        };
  }
}
