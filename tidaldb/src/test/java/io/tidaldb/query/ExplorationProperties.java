package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.ranking.DrawWeights;
import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Hit.Slot;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Exploration against a walk that fills position after position.
class ExplorationProperties {

  private static final EntityId ME = EntityId.of(42);
  private static final long DAY = 24 * FakeWorld.HOUR;

  /// A world in which half of the items are of today, and some were seen often.
  private static FakeWorld world(SplittableRandom random, FakeViewer me) {
    var world = FakeWorld.random(random, 10 + random.nextInt(140));
    world.viewers.put(ME.value(), me);
    for (var item : world.items) {
      if (random.nextBoolean()) {
        item.created =
            FakeWorld.NOW - random.nextLong(2 * DAY) + random.nextInt(2) * FakeWorld.HOUR;
      }
      if (random.nextInt(4) == 0) {
        item.counts.put("view", Map.of(Window.ALL_TIME, 199L + random.nextInt(3)));
      }
    }
    var seen = new HashSet<Integer>();
    for (var item : world.items) {
      if (random.nextInt(5) == 0) {
        seen.add(item.slot);
      }
    }
    me.states.put(UserState.SEEN, seen);
    me.followed.add((long) random.nextInt(6));
    return world;
  }

  private static double rate(FakeWorld world, FakeItem item) {
    var signals = new FakeSignals(world, FakeWorld.NOW);
    var view = world.schema.signal("view").orElseThrow().id().value();
    var completion = world.schema.signal("completion").orElseThrow().id().value();
    double views = signals.totalCount(view, Window.ALL_TIME);
    double finished = signals.totalWeightSum(completion);
    double p = views > 0 ? Math.min(finished, views) / views : 0.5;
    double own = item.count("view", Window.ALL_TIME);
    return (Math.max(0, Math.min(item.weightSum("completion"), own)) + 20 * p) / (own + 20);
  }

  /// The pool of what is ranked, by the rules as they are written.
  private static List<FakeItem> pool(List<FakeItem> ranked, FakeViewer me) {
    return ranked.stream()
        .filter(item -> FakeWorld.NOW - item.created < DAY)
        .filter(
            item -> !me.states.getOrDefault(UserState.SEEN, java.util.Set.of()).contains(item.slot))
        .filter(
            item ->
                !(item.fields.get("creator_id") instanceof Long creator
                    && me.followed.contains(creator)))
        .filter(item -> item.count("view", Window.ALL_TIME) < 200)
        .sorted(
            Comparator.comparingLong((FakeItem item) -> -item.created)
                .thenComparing(item -> item.id, Long::compareUnsigned))
        .limit(1_000)
        .toList();
  }

  private static List<FakeItem> drawn(FakeWorld world, List<FakeItem> pool, long seed) {
    return pool.stream()
        .sorted(
            Comparator.comparingDouble(
                    (FakeItem item) ->
                        -DrawWeights.key(seed, item.id, Math.sqrt(rate(world, item))))
                .thenComparing(item -> item.id, Long::compareUnsigned))
        .toList();
  }

  private static List<FakeItem> items(FakeWorld world, List<Hit> hits) {
    return hits.stream().map(hit -> world.items.get(world.slots.get(hit.id().value()))).toList();
  }

  @Test
  void exactlyTheStatedPositionsAreDrawnAndTheOthersRanked() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(150)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var me = new FakeViewer();
              var world = world(random, me);
              var request =
                  Retrieve.items().sortBy(RandomProfiles.sort(random)).seed(seed).limit(1_000);
              boolean known = random.nextBoolean();
              request = known ? request.forUser(ME) : request;
              var asked = known ? me : new FakeViewer();
              double x = (1 + random.nextInt(50)) / 100.0;
              var ranked = items(world, world.ask(request).hits());
              var pool = drawn(world, pool(ranked, asked), seed);
              var hits = world.ask(request.explore(x)).hits();
              var placed = new ArrayList<FakeItem>();
              for (var hit : hits) {
                var from = isDraw(hit.rank(), x) ? left(pool, placed) : List.<FakeItem>of();
                assertThat(hit.slot()).isEqualTo(from.isEmpty() ? Slot.RANKED : Slot.EXPLORATION);
                placed.add(from.isEmpty() ? left(ranked, placed).getFirst() : from.getFirst());
              }
              assertThat(items(world, hits)).isEqualTo(placed);
              assertThat(placed).hasSameSizeAs(ranked).doesNotHaveDuplicates();
            });
  }

  private static List<FakeItem> left(List<FakeItem> items, List<FakeItem> placed) {
    return items.stream().filter(item -> !placed.contains(item)).toList();
  }

  /// Position ⌈j/x⌉ for a j.
  private static boolean isDraw(int position, double x) {
    return IntStream.rangeClosed(1, position)
        .anyMatch(
            j ->
                BigDecimal.valueOf(j)
                        .divide(BigDecimal.valueOf(x), 0, RoundingMode.CEILING)
                        .compareTo(BigDecimal.valueOf(position))
                    == 0);
  }

  @Test
  void aDrawIsOfTheSeedAndSaysItsChance() {
    var random = new SplittableRandom(3);
    var me = new FakeViewer();
    var world = world(random, me);
    var request = Retrieve.items().forUser(ME).profile("trending").explore(0.25).limit(1_000);
    assertThat(world.ask(request.seed(5)).hits()).isEqualTo(world.ask(request.seed(5)).hits());
    assertThat(draws(world.ask(request.seed(5)).hits()))
        .isNotEqualTo(draws(world.ask(request.seed(6)).hits()));
    // Without a seed: the same all day.
    assertThat(world.ask(request).hits()).isEqualTo(world.ask(request).hits());
    var members = pool(items(world, world.ask(request.explore(0)).hits()), me);
    double sum = members.stream().mapToDouble(item -> Math.sqrt(rate(world, item))).sum();
    for (var hit : draws(world.ask(request).hits())) {
      var item = items(world, List.of(hit)).getFirst();
      var detail = hit.explanation().detail();
      assertThat(detail)
          .startsWith("slot = exploration, probability ")
          .endsWith(" of " + members.size());
      assertThat(Double.parseDouble(detail.split(" ", -1)[4]))
          .isCloseTo(Math.sqrt(rate(world, item)) / sum, within(1e-12));
      assertThat(hit.explanation().contribution()).isEqualTo(hit.score());
    }
  }

  private static List<Hit> draws(List<Hit> hits) {
    return hits.stream().filter(hit -> hit.slot() == Slot.EXPLORATION).toList();
  }

  @Test
  void theFirstDrawIsAsFrequentAsTheChanceSays() {
    double[] weights = {0.1, 0.3, 0.5, 0.7, 1};
    int[] counts = new int[weights.length];
    int draws = 100_000;
    for (long seed = 0; seed < draws; seed++) {
      long of = seed;
      counts[
          IntStream.range(0, weights.length)
              .boxed()
              .max(Comparator.comparingDouble(i -> DrawWeights.key(of, 7L * i, weights[i])))
              .orElseThrow()]++;
    }
    double sum = 2.6;
    double chi = 0;
    for (int i = 0; i < weights.length; i++) {
      double expected = draws * weights[i] / sum;
      chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    // Four degrees of freedom: 18.5 is beyond 99.9 %.
    assertThat(chi).isLessThan(18.5);
  }

  @Test
  void thePoolIsTheNewestThousand() {
    var world = new FakeWorld();
    for (int i = 0; i < 1_200; i++) {
      // Older ones have greater slots, and greater ones score more.
      var item = world.add(i, FakeWorld.NOW - i * 1_000_000L);
      item.counts.put("view", Map.of(Window.ALL_TIME, (long) i / 10));
    }
    var request = Retrieve.items().sortBy(Sort.MOST_VIEWED).explore(0.5).limit(1_000);
    var draws = draws(world.ask(request).hits());
    assertThat(draws).hasSize(500);
    assertThat(draws).allMatch(hit -> hit.id().value() < 1_000);
    assertThat(draws.getFirst().explanation().detail()).endsWith(" of 1000");
  }

  /// One old item with many views, and one that is about to leave the pool.
  private static FakeWorld two(long created, long views) {
    var world = new FakeWorld();
    var old = world.add(1, FakeWorld.NOW - 9 * DAY);
    old.counts.put("view", Map.of(Window.ALL_TIME, 500L));
    world.add(2, created).counts.put("view", Map.of(Window.ALL_TIME, views));
    world.add(3, FakeWorld.NOW - 8 * DAY).counts.put("view", Map.of(Window.ALL_TIME, 400L));
    return world;
  }

  private static boolean explores(FakeWorld world) {
    var request = Retrieve.items().forUser(ME).sortBy(Sort.MOST_VIEWED).explore(0.5);
    var second = world.ask(request).hits().get(1);
    assertThat(second.id().value()).isEqualTo(second.slot() == Slot.EXPLORATION ? 2 : 3);
    return second.slot() == Slot.EXPLORATION;
  }

  @Test
  void anItemLeavesThePoolWithItsDayAndItsTwoHundredViews() {
    assertThat(explores(two(FakeWorld.NOW - DAY + 1, 199))).isTrue();
    assertThat(explores(two(FakeWorld.NOW + FakeWorld.HOUR, 0))).isTrue();
    assertThat(explores(two(FakeWorld.NOW - DAY, 199))).isFalse();
    assertThat(explores(two(FakeWorld.NOW - DAY + 1, 200))).isFalse();
  }

  @Test
  void whatIsSeenFollowedHiddenOrFilteredDoesNotExplore() {
    var world = two(FakeWorld.NOW, 0);
    var me = new FakeViewer();
    world.viewers.put(ME.value(), me);
    world.items.get(1).fields.put("creator_id", 9L);
    assertThat(explores(world)).isTrue();
    me.followed.add(9L);
    assertThat(explores(world)).isFalse();
    me.followed.clear();
    me.states.put(UserState.SEEN, java.util.Set.of(1));
    assertThat(explores(world)).isFalse();
    me.states.clear();
    me.hidden.add(1);
    assertThat(explores(world)).isFalse();
    me.hidden.clear();
    var request = Retrieve.items().forUser(ME).sortBy(Sort.MOST_VIEWED).explore(0.5);
    assertThat(draws(world.ask(request.exclude(List.of(EntityId.of(2)))).hits())).isEmpty();
  }

  @Test
  void aCreatorsPageExploresOnlyIfAsked() {
    var world = two(FakeWorld.NOW, 0);
    world.items.forEach(item -> item.fields.put("creator_id", 9L));
    var exploring =
        io.tidaldb.schema.Profile.named("exploring").sort(Sort.MOST_VIEWED).explore(0.5).build();
    var request = Retrieve.items();
    assertThat(draws(world.ask(request, exploring).hits())).hasSize(1);
    assertThat(draws(world.ask(request.explore(0), exploring).hits())).isEmpty();
    var page = request.forCreator(EntityId.of(9));
    assertThat(draws(world.ask(page, exploring).hits())).isEmpty();
    assertThat(draws(world.ask(page.explore(0.5), exploring).hits())).hasSize(1);
  }

  @Test
  void pagesJoinedAreTheWholeInRandomMixtures() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(150)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var me = new FakeViewer();
              var world = world(random, me);
              var request = mixed(world, random);
              var whole = world.ask(request.limit(1_000)).hits();
              var joined = new ArrayList<Hit>();
              var page = world.ask(request.limit(1 + random.nextInt(40)));
              joined.addAll(page.hits());
              while (page.next().isPresent()) {
                page = world.ask(request.limit(1 + random.nextInt(40)).after(page.next().get()));
                joined.addAll(page.hits());
              }
              assertThat(facts(joined)).isEqualTo(facts(whole));
              var alone = request.explore(0).diversity(Diversity.NONE).limit(1_000);
              assertThat(ids(whole)).isEqualTo(ids(world.ask(alone).hits()));
            });
  }

  private static Retrieve mixed(FakeWorld world, SplittableRandom random) {
    var request = Retrieve.items().seed(random.nextLong());
    request = random.nextBoolean() ? request.forUser(ME) : request;
    request = random.nextInt(3) > 0 ? request.explore(random.nextDouble(0.5)) : request;
    if (random.nextBoolean()) {
      int per = 1 + random.nextInt(20);
      request = request.diversity(d -> d.maxPerCreator(1 + per % 3).formatMix(0.5).per(per));
    }
    if (random.nextBoolean()) {
      return request.sortBy(RandomProfiles.sort(random));
    }
    if (random.nextBoolean()) {
      return request.profile("for_you").diversity(d -> d.maxPerCreator(2).per(10));
    }
    var profile = RandomProfiles.draw(random);
    world.profiles = io.tidaldb.ranking.Catalogs.with(profile);
    return request.profile(profile.name());
  }

  /// What a hit says, but for the place that it had to wait at, which only one of the pages knows.
  private static List<List<Object>> facts(List<Hit> hits) {
    return hits.stream()
        .map(
            hit ->
                List.<Object>of(
                    hit.id(),
                    hit.rank(),
                    hit.score(),
                    hit.slot(),
                    hit.sources(),
                    hit.snapshot(),
                    hit.explanation().children()))
        .toList();
  }

  private static List<Long> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.id().value()).sorted().collect(Collectors.toList());
  }
}
