package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Each level gives up what its row says, and nothing else.
class LoadLevelsTest {

  private static void each(int tries, Consumer<SplittableRandom> statement) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(tries)
        .check(seed -> statement.accept(new SplittableRandom(seed)));
  }

  private static Results at(FakeWorld world, LoadLevel level, Retrieve request) {
    world.level = level;
    var results = world.ask(request);
    assertThat(results.stats().level()).isEqualTo(level);
    return results;
  }

  private static List<EntityId> ids(Results results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  private static Profile counting(Window count, Window velocity) {
    return Profile.named("counting")
        .term(new Feature.Count("like", count), 0.5)
        .term(new Feature.Velocity("view", velocity), 0.5)
        .build();
  }

  @Test
  void sourcesGiveHalfFromTheSecondLevelOn() {
    var world = FakeWorld.random(new SplittableRandom(5), 100);
    var profile =
        Profile.named("sources")
            .source(new Source.NewItems(31, Duration.ofDays(400)))
            .source(
                new Source.SignalHead("view", io.tidaldb.schema.Measure.COUNT, Window.ALL_TIME, 20))
            .source(new Source.NewItems(1, Duration.ofDays(400)))
            .term(new Feature.Random(), 1)
            .build();
    world.profiles = io.tidaldb.ranking.Catalogs.with(profile);
    var request = Retrieve.items().profile("sources").limit(5);
    for (var level : LoadLevel.values()) {
      var asked = at(world, level, request).stats().sources().stream().map(s -> s.asked());
      assertThat(asked)
          .containsExactlyElementsOf(
              level == LoadLevel.FULL ? List.of(31, 20, 1) : List.of(15, 10, 1));
    }
  }

  @Test
  void windowsAreCoarseFromTheThirdLevelOn() {
    each(
        100,
        random -> {
          var world = FakeWorld.random(random, 60);
          world.profiles =
              io.tidaldb.ranking.Catalogs.with(counting(Window.ONE_HOUR, Window.ONE_HOUR));
          var fine = Retrieve.items().profile("counting").limit(100);
          var half = at(world, LoadLevel.REDUCED_CANDIDATES, fine);
          assertThat(half.hits()).isEqualTo(at(world, LoadLevel.FULL, fine).hits());
          assertThat(half.stats().exact()).isTrue();
          var coarse = at(world, LoadLevel.COARSE_AGGREGATES, fine);
          assertThat(coarse.stats().exact()).isFalse();
          world.profiles =
              io.tidaldb.ranking.Catalogs.with(counting(Window.ALL_TIME, Window.TWENTY_FOUR_HOURS));
          var wide = at(world, LoadLevel.FULL, fine);
          assertThat(ids(coarse)).isEqualTo(ids(wide));
          assertThat(coarse.hits().stream().map(Hit::score))
              .isEqualTo(wide.hits().stream().map(Hit::score).toList());
          var today = Retrieve.items().sortBy(Sort.TOP_TODAY).limit(100);
          assertThat(ids(at(world, LoadLevel.COARSE_AGGREGATES, today)))
              .isEqualTo(ids(at(world, LoadLevel.FULL, today.sortBy(Sort.TOP_ALL_TIME))));
        });
  }

  @Test
  void diversityIsSkippedAtTheLast() {
    each(
        100,
        random -> {
          var world = FakeWorld.random(random, 60);
          var request =
              Retrieve.items()
                  .sortBy(RandomProfiles.sort(random))
                  .seed(5)
                  .diversity(d -> d.maxPerCreator(1).minGap(3))
                  .limit(1 + random.nextInt(30));
          var plain = request.diversity(io.tidaldb.schema.Diversity.NONE);
          var last = at(world, LoadLevel.NO_DIVERSITY, request);
          assertThat(ids(last)).isEqualTo(ids(at(world, LoadLevel.COARSE_AGGREGATES, plain)));
          assertThat(last.constraintsSatisfied()).isTrue();
        });
  }

  @Test
  void filtersAndLimitsHoldAtEveryLevel() {
    each(
        100,
        random -> {
          var world = FakeWorld.random(random, 80);
          var filter =
              FilterProperties.tree(random, 2)
                  .and(
                      new Filter.SignalThreshold(
                          "like",
                          io.tidaldb.schema.Measure.COUNT,
                          Window.ONE_HOUR,
                          Filter.Comparison.AT_LEAST,
                          random.nextInt(3)));
          var request = Retrieve.items().filter(filter).sortBy(Sort.NEW);
          var full = at(world, LoadLevel.FULL, request.limit(1_000));
          for (var level : LoadLevel.values()) {
            assertThat(ids(at(world, level, request.limit(1_000)))).isEqualTo(ids(full));
            int limit = 1 + random.nextInt(20);
            assertThat(at(world, level, request.limit(limit)).hits())
                .hasSize(Math.min(limit, full.hits().size()));
          }
        });
  }

  /// Two milliseconds pass at each look at the clock.
  @Test
  void aDeadlineStopsSourcesThatStillRun() {
    var many = new FakeWorld();
    LongStream.rangeClosed(1, 9_000).forEach(id -> many.add(id, FakeWorld.NOW - id));
    var forever = Duration.ofDays(3_000);
    many.profiles =
        io.tidaldb.ranking.Catalogs.with(
            Profile.named("sources")
                .source(new Source.NewItems(4_000, forever))
                .source(new Source.NewItems(4_096, forever))
                .term(new Feature.Random(), 1)
                .build());
    var request = Retrieve.items().profile("sources").limit(3);
    var intime = many.ask(request.deadline(Duration.ofSeconds(60)), () -> 0);
    assertThat(intime.stats().sources())
        .extracting(s -> s.produced())
        .containsExactly(4_000, 4_096);
    for (int millis : new int[] {1, 11, 13, 15}) {
      var ticks = new long[1];
      var late =
          many.ask(request.deadline(Duration.ofMillis(millis)), () -> ticks[0]++ * 2_000_000);
      assertThat(late.hits()).hasSize(3);
      assertThat(late.stats().exact()).isFalse();
      assertThat(late.warnings()).extracting(Warning::code).contains("DEADLINE");
      int produced =
          late.stats().sources().stream()
              .filter(s -> s.asked() < 5_000)
              .mapToInt(s -> s.produced())
              .sum();
      assertThat(produced).as("%s", late.stats().sources()).isLessThan(8_096);
    }
  }

  @Test
  void everyLevelIsWorseThanTheOneBefore() {
    var levels = new ArrayList<>(Arrays.asList(LoadLevel.values()));
    for (var level : LoadLevel.values()) {
      assertThat(levels).allMatch(worse -> worse.isAtLeast(level));
      levels.removeFirst();
      assertThat(levels).noneMatch(worse -> level.isAtLeast(worse));
    }
  }
}
