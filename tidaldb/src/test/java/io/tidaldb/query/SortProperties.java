package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Orders against an oracle that computes every key from its definition and sorts everything.
class SortProperties {

  /// Sort modes whose keys are rounded on the way.
  private static final Set<Sort> ROUNDED =
      EnumSet.of(
          Sort.HOT,
          Sort.PERSONALIZED,
          Sort.TRENDING,
          Sort.RISING,
          Sort.CONTROVERSIAL,
          Sort.HIDDEN_GEMS,
          Sort.SHUFFLE);

  @ParameterizedTest
  @EnumSource(Sort.class)
  void aSortGivesTheOrderOfItsDefinition(Sort sort) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(60)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(120));
              var filter = FilterProperties.tree(random, 2);
              var me = FakeViewer.random(random, world);
              world.viewers.put(NaiveFilter.ME.value(), me);
              var oracle = new SortOracle(world, world, me, seed);
              var naive = new NaiveFilter(world);
              var request =
                  Retrieve.items()
                      .filter(filter)
                      .sortBy(sort)
                      .seed(seed)
                      .limit(1 + random.nextInt(150));
              var hits =
                  world
                      .ask(sort == Sort.DATE_SAVED ? request.forUser(NaiveFilter.ME) : request)
                      .hits();
              var expected =
                  world.visible().stream()
                      .filter(i -> naive.allows(filter, i) && oracle.shows(sort, i))
                      .sorted(oracle.order(sort))
                      .limit(request.limit())
                      .toList();
              check(hits, expected, oracle, sort);
              assertThat(hits).isSortedAccordingTo(engineOrder(world, sort));
            });
  }

  /// The hits are those of the oracle, in its order.
  static void check(List<Hit> hits, List<FakeItem> expected, SortOracle oracle, Sort sort) {
    var world = oracle.world();
    assertThat(hits).hasSameSizeAs(expected);
    for (int i = 0; i < hits.size(); i++) {
      var item = world.items.get(world.slots.get(hits.get(i).id().value()));
      double key = oracle.key(sort, item);
      double shown = Double.isNaN(key) ? 0 : key;
      assertThat(hits.get(i).score())
          .isFinite()
          .isCloseTo(shown, within(1e-9 * (1 + Math.abs(shown))));
      // The oracle rounds differently, so keys that are one real number may differ in their last
      // bits.
      if (item != expected.get(i)) {
        assertThat(key)
            .isCloseTo(oracle.key(sort, expected.get(i)), within(1e-12 * (1 + Math.abs(key))));
        assertThat(ROUNDED).contains(sort);
      }
    }
  }

  /// What the hits themselves say: by score, then the tie rule.
  private static Comparator<Hit> engineOrder(FakeWorld world, Sort sort) {
    return switch (sort) {
      case NEW, OLD, SHORTEST, LONGEST, ALPHABETICAL_ASC, ALPHABETICAL_DESC -> (_, _) -> 0;
      default ->
          Comparator.comparingDouble((Hit h) -> -h.score())
              .thenComparingLong(h -> -world.items.get(world.slots.get(h.id().value())).created)
              .thenComparing(Hit::id);
    };
  }

  @Test
  void theHeadGivesWhatAScanGives() {
    var profile = Profile.named("hottest").term(new Feature.Decayed("view"), 0.7).build();
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(400));
              var filter = random.nextBoolean() ? Filter.all() : FilterProperties.tree(random, 1);
              var request = Retrieve.items().filter(filter).limit(1 + random.nextInt(30));
              var head = world.ask(request, profile);
              world.hottestAllowed = false;
              var scan = world.ask(request, profile);
              assertThat(head.hits()).isEqualTo(scan.hits());
              assertThat(scan.stats().strategy()).doesNotContain("head");
            });
  }

  @Test
  void theHeadScoresOnlyWhatItNeeds() {
    var world = FakeWorld.random(new SplittableRandom(5), 900);
    var page =
        world.ask(
            Retrieve.items().limit(10),
            Profile.named("hottest").term(new Feature.Decayed("view"), 1).build());
    assertThat(page.stats().strategy()).isEqualTo("head(view, depth:64)");
    assertThat(page.stats().scored()).isLessThanOrEqualTo(64);
    assertThat(page.stats().exact()).isTrue();
  }

  @Test
  void aNegativeWeightDoesNotUseTheHead() {
    var world = FakeWorld.random(new SplittableRandom(5), 50);
    var page =
        world.ask(
            Retrieve.items(),
            Profile.named("coldest").term(new Feature.Decayed("view"), -1).build());
    assertThat(page.stats().strategy()).isEqualTo("bitmap");
  }
}
