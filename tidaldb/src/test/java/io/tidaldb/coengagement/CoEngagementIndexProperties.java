package io.tidaldb.coengagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ModelCoEngagement;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random runs against the naive model, compared after every event.
class CoEngagementIndexProperties {

  private static final long HALF_LIFE = Duration.ofDays(30).toNanos();
  private static final Percentage ALMOST = Percentage.withPercentage(1e-7);

  /// Ids at both ends of the unsigned range, so that a signed order shows.
  private static long id(int number) {
    return number % 2 == 0 ? number / 2 : -1 - number / 2;
  }

  private static ModelCoEngagement model(int capacity) {
    return new ModelCoEngagement(capacity, 50, HALF_LIFE);
  }

  static void assertSame(CoEngagementIndex index, ModelCoEngagement model, int items) {
    assertThat(index.edgeCount()).isEqualTo(model.edgeCount());
    var at = Timestamp.ofNanos(Math.max(0, model.newest()));
    for (var pair : model.pairs()) {
      var low = EntityId.of(pair.low());
      var high = EntityId.of(pair.high());
      assertThat(index.strength(low, high))
          .isEqualTo(index.strength(high, low))
          .isCloseTo(model.strength(pair.low(), pair.high(), at.nanos()), ALMOST);
    }
    for (int item = 0; item < items; item++) {
      var entity = EntityId.of(id(item));
      assertThat(index.strength(entity, entity)).isZero();
      assertThat(index.neighbours(entity, 1_000))
          .extracting(ScoredEntity::id)
          .extracting(EntityId::value)
          .containsExactlyElementsOf(model.neighbours(id(item)));
    }
  }

  /// Evidence at whole half-lives, so that sums are exact and ties abound.
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 50, 200})
  void everyEventIsTheModels(int capacity) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(12)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var index = CoEngagementIndex.withCapacity(capacity);
              var model = model(capacity);
              int items = 4 + random.nextInt(70);
              int users = 1 + random.nextInt(5);
              long period = 20;
              for (int i = 0; i < 150; i++) {
                period += random.nextInt(10) == 0 ? 1 : 0;
                long time = (period - random.nextInt(8) / 4) * HALF_LIFE;
                long user = id(random.nextInt(users));
                long item = id(random.nextInt(items));
                index.recordPositive(user, item, Timestamp.ofNanos(time));
                model.positive(user, item, time);
                assertSame(index, model, items);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 50, 200})
  void evidenceOfAnyTimeAndGivenEdgesMix(int capacity) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(8)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var index = CoEngagementIndex.withCapacity(capacity);
              var model = model(capacity);
              int items = 3 + random.nextInt(40);
              long now = HALF_LIFE;
              for (int i = 0; i < 120; i++) {
                now += random.nextLong(HALF_LIFE / 10);
                if (random.nextInt(4) > 0) {
                  long time = now - random.nextLong(HALF_LIFE);
                  long user = random.nextInt(4);
                  long item = id(random.nextInt(items));
                  index.recordPositive(user, item, Timestamp.ofNanos(time));
                  model.positive(user, item, time);
                } else {
                  int a = random.nextInt(items);
                  int b = (a + 1 + random.nextInt(items - 1)) % items;
                  double strength = random.nextDouble(0.1, 20);
                  index.insertEdge(id(a), id(b), strength);
                  model.insert(id(a), id(b), strength);
                }
                assertSame(index, model, items);
              }
            });
  }
}
