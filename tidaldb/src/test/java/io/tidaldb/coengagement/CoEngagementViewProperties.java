package io.tidaldb.coengagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ModelCoEngagement;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CoEngagementViewProperties {

  private static final Duration HALF_LIFE = Duration.ofHours(1);
  private static final long HOUR = HALF_LIFE.toNanos();
  private static final int ITEMS = 30;
  private static final int USERS = 6;
  private static final int WINDOW = 9;
  private static final Percentage ALMOST = Percentage.withPercentage(1e-7);

  private static Schema schema(int capacity) {
    return SchemaBuilder.from(Schemas.withEntities())
        .coEngagement(c -> c.capacity(capacity).window(WINDOW).halfLife(HALF_LIFE))
        .build();
  }

  private static int like(Schema schema) {
    return schema.signal("like").orElseThrow().id().value();
  }

  /// Random likes, deletions, erasures and capacities on the view and on the model.
  private static final class Run {
    final SplittableRandom random;
    final ViewWorld world;
    final int like = like(schema(1));
    ModelCoEngagement model;
    long now = 1_000 * HOUR;

    Run(long seed) {
      random = new SplittableRandom(seed);
      int capacity = 1 + random.nextInt(100);
      world = new ViewWorld(schema(capacity));
      model = new ModelCoEngagement(capacity, WINDOW, HOUR);
    }

    void step() {
      now += random.nextLong(HOUR / 4);
      long item = random.nextInt(ITEMS);
      long user = random.nextInt(USERS);
      switch (random.nextInt(40)) {
        case 0 -> {
          world.delete(item);
          model.itemDeleted(item);
        }
        case 1 -> {
          world.erase(user);
          model.userErased(user);
        }
        case 2 -> {
          int capacity = 1 + random.nextInt(100);
          world.schema(schema(capacity));
          model = model.trimmedTo(capacity);
        }
        default -> {
          long at = now - random.nextLong(3 * HOUR);
          world.signal(like, user, item, 1, at);
          model.positive(user, item, at);
        }
      }
    }

    void compare() {
      var view = world.view;
      assertThat(view.edgeCount()).isEqualTo(model.edgeCount());
      assertThat(view.capacity()).isEqualTo(model.capacity());
      for (var pair : model.pairs()) {
        double expected = model.strength(pair.low(), pair.high(), now);
        var low = EntityId.of(pair.low());
        var high = EntityId.of(pair.high());
        assertThat(view.strength(low, high, now)).isCloseTo(expected, ALMOST);
        assertThat(view.strength(high, low, now)).isCloseTo(expected, ALMOST);
      }
      for (long item = 0; item < ITEMS; item++) {
        assertThat(view.neighbours(EntityId.of(item), 1_000, now))
            .extracting(ScoredEntity::id)
            .extracting(EntityId::value)
            .containsExactlyElementsOf(model.neighbours(item));
      }
      following();
      int[] items = new int[WINDOW];
      for (long user = 0; user < USERS; user++) {
        int count = view.recentPositives(world.slots.slot(EntityKind.USER, user), items);
        var expected = model.positives(user);
        assertThat(count).isEqualTo(expected.size());
        for (int i = 0; i < count; i++) {
          assertThat(world.slots.id(EntityKind.ITEM, items[i])).isEqualTo(expected.get(i));
        }
      }
      assertThat(view.verify()).isEmpty();
    }

    private void following() {
      var row = new Following();
      for (long item = 0; item < ITEMS; item++) {
        world.view.following(world.slots.slot(EntityKind.ITEM, item), now, row);
        var expected = model.following(item, now);
        assertThat(row.count()).isEqualTo(expected.size());
        for (int i = 0; i < row.count(); i++) {
          double share = expected.get(world.slots.id(EntityKind.ITEM, row.item(i)));
          assertThat(row.share(i)).isBetween(0.0, 1.0).isCloseTo(share, within(1e-6));
        }
      }
    }
  }

  @Test
  void everyEventIsTheModels() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(12)
        .check(
            seed -> {
              var run = new Run(seed);
              for (int i = 0; i < 250; i++) {
                run.step();
                run.compare();
              }
            });
  }

  /// Saving in between, failing now and then, while the writer goes on.
  @Test
  void aCheckpointAndTheTailAreTheReplay() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(12)
        .check(
            seed -> {
              var run = new Run(seed);
              var twin = new Run(seed);
              var slotPages = new TreeMap<PageKey, byte[]>();
              var pages = new TreeMap<PageKey, byte[]>();
              for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 60; i++) {
                  run.step();
                  twin.step();
                }
                long position = run.world.position();
                var slots = run.world.slots.freeze(false);
                var frozen = run.world.view.freeze(false);
                var expected = run.world.state();
                for (int i = 0; i < 20; i++) {
                  run.step();
                }
                if (run.random.split().nextInt(4) == 0) {
                  frozen.abandoned();
                  slots.abandoned();
                } else {
                  ViewWorld.store(slots, slotPages);
                  ViewWorld.store(frozen, pages);
                  var loaded = ViewWorld.load(slotPages, pages, position);
                  assertThat(loaded.state()).isEqualTo(expected).isEqualTo(twin.world.state());
                  assertThat(loaded.view.verify()).isEmpty();
                  var all = new TreeMap<PageKey, byte[]>();
                  ViewWorld.store(loaded.view.freeze(true), all);
                  assertThat(all).usingRecursiveComparison().isEqualTo(pages);
                  // Goes on like the one that never stopped.
                  var goesOn = new SplittableRandom(seed + round);
                  for (int i = 0; i < 30; i++) {
                    long user = goesOn.nextInt(USERS);
                    long item = goesOn.nextInt(ITEMS);
                    loaded.signal(run.like, user, item, 1, twin.now);
                  }
                  assertThat(loaded.view.verify()).isEmpty();
                }
                run.random.split();
                for (int i = 0; i < 20; i++) {
                  twin.step();
                }
                twin.random.split();
                twin.random.split();
                assertThat(twin.world.state()).isEqualTo(run.world.state());
              }
            });
  }
}
