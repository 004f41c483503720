package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Pages and explanations of random requests.
class PageProperties {

  @Test
  void pagesJoinedAreTheWhole() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(400)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(150));
              // What a level gives up, it gives up on every page.
              world.level = RandomProfiles.pick(random, LoadLevel.values());
              var request = request(world, random);
              var whole = world.ask(request.limit(1000)).hits();
              assertThat(joined(world, request, random)).isEqualTo(whole);
            });
  }

  private static Retrieve request(FakeWorld world, SplittableRandom random) {
    var _ = FilterProperties.withMe(world, random);
    var request =
        Retrieve.items()
            .forUser(NaiveFilter.ME)
            .filter(
                random.nextBoolean()
                    ? FilterProperties.tree(random, 2)
                    : FilterProperties.personalTree(random, 2))
            .seed(random.nextLong())
            .exclude(List.of(EntityId.of(random.nextInt(10_000))));
    if (random.nextInt(4) == 0) {
      request =
          request.within(
              Retrieve.items()
                  .sortBy(RandomProfiles.pick(random, Sort.values()))
                  .seed(5)
                  .limit(1 + random.nextInt(100)));
    }
    if (random.nextInt(4) == 0) {
      request =
          request.from(
              new Source.NewItems(1 + random.nextInt(30), Duration.ofDays(1 + random.nextInt(400))),
              random.nextInt(4) == 0
                  ? new Source.Scan()
                  : Source.SignalHead.fastest("view", 1 + random.nextInt(30)));
    }
    if (random.nextBoolean()) {
      return request.sortBy(RandomProfiles.pick(random, Sort.values()));
    }
    var profile = RandomProfiles.draw(random);
    world.profiles = io.tidaldb.ranking.Catalogs.with(profile);
    return request.profile(profile.name());
  }

  private static List<Hit> joined(FakeWorld world, Retrieve request, SplittableRandom random) {
    var hits = new ArrayList<Hit>();
    var page = world.ask(request.limit(1 + random.nextInt(40)));
    hits.addAll(page.hits());
    while (page.next().isPresent()) {
      page = world.ask(request.limit(1 + random.nextInt(40)).after(page.next().get()));
      hits.addAll(page.hits());
    }
    return hits;
  }

  @Test
  void signalsBetweenPagesBringNoRepeatsAndTheSizesOfTheWholeStayPinned() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 100);
              var request = Retrieve.items().limit(10);
              var page = world.ask(request);
              var seen = new ArrayList<EntityId>();
              page.hits().forEach(h -> seen.add(h.id()));
              while (page.next().isPresent()) {
                var lucky = world.items.get(random.nextInt(world.items.size()));
                lucky.counts.put(
                    "share", java.util.Map.of(io.tidaldb.schema.Window.TWENTY_FOUR_HOURS, 1_000L));
                page = world.ask(request.after(page.next().get()));
                page.hits().forEach(h -> seen.add(h.id()));
              }
              assertThat(seen).doesNotHaveDuplicates();
              assertThat(seen).hasSize(world.visible().size());
            });
  }

  @Test
  void keyOrderPagesShowWhatIsInsertedAheadAndNotWhatIsInsertedBehind() {
    var world = new FakeWorld();
    for (int i = 0; i < 10; i++) {
      world.add(i, FakeWorld.NOW - (i + 1) * FakeWorld.HOUR);
    }
    var request = Retrieve.items().sortBy(Sort.NEW).limit(5);
    var first = world.ask(request);
    world.add(100, FakeWorld.NOW);
    world.add(101, FakeWorld.NOW - 20 * FakeWorld.HOUR);
    var second = world.ask(request.limit(100).after(first.next().orElseThrow()));
    assertThat(second.hits())
        .extracting(h -> h.id().value())
        .containsExactly(5L, 6L, 7L, 8L, 9L, 101L);
    assertThat(second.hits().getFirst().rank()).isEqualTo(6);
    assertThat(second.next()).isEmpty();
  }

  @Test
  void newerIsWhatComesBeforeTheFirstPage() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(60)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 80);
              var naive = FilterProperties.withMe(world, random);
              var sort = random.nextBoolean() ? Sort.NEW : Sort.DATE_SAVED;
              var request = Retrieve.items().forUser(NaiveFilter.ME).sortBy(sort);
              var old = world.ask(request.limit(1 + random.nextInt(3)));
              if (old.next().isEmpty()) {
                return;
              }
              // Any later page's cursor says the same.
              var cursor =
                  random.nextBoolean()
                      ? old.next().get()
                      : world
                          .ask(request.limit(2).after(old.next().get()))
                          .next()
                          .orElse(old.next().get());
              for (int i = random.nextInt(6); i > 0; i--) {
                var item =
                    world.add(20_000L + i, FakeWorld.NOW - random.nextInt(3) * FakeWorld.HOUR / 2);
                naive.viewer().saved.put(item.slot, item.created);
              }
              var whole = world.ask(request.limit(1_000)).hits();
              int first = whole.stream().map(Hit::id).toList().indexOf(old.hits().getFirst().id());
              var newer = world.ask(request.limit(1_000).newerThan(cursor));
              assertThat(newer.hits()).isEqualTo(whole.subList(0, first));
              var joined = new ArrayList<Hit>();
              var page = world.ask(request.limit(2).newerThan(cursor));
              assertThat(page.next().isPresent()).isEqualTo(first > 0);
              while (first > 0) {
                joined.addAll(page.hits());
                if (page.next().isEmpty()) {
                  break;
                }
                page = world.ask(request.limit(7).after(page.next().get()));
              }
              assertThat(joined).isEqualTo(first > 0 ? whole : List.of());
            });
  }

  @Test
  void explanationsSumToScoresBitForBit() {
    // At least 100,000 hits; the first 200 tries of 20 profiles over some 27 visible items give
    // them.
    long[] hits = {0};
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(200)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 60);
              var _ = FilterProperties.withMe(world, random);
              var request = Retrieve.items().forUser(NaiveFilter.ME).limit(1000).seed(seed);
              for (int i = 0; i < 16; i++) {
                var profile = RandomProfiles.draw(random);
                for (var hit : world.ask(request, profile)) {
                  requireSums(hit.explanation());
                  requireSame(hit.explanation().contribution(), hit.score());
                  hits[0]++;
                }
              }
            });
    assertThat(hits[0]).isGreaterThan(100_000);
  }

  private static void requireSums(Part part) {
    if (part.children().isEmpty()) {
      return;
    }
    double sum = 0;
    for (var child : part.children()) {
      requireSums(child);
      sum += child.contribution();
    }
    requireSame(sum, part.contribution());
  }

  /// Plain, because it runs for every part of every hit.
  private static void requireSame(double expected, double actual) {
    if (Double.doubleToRawLongBits(expected) != Double.doubleToRawLongBits(actual)) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }
}
