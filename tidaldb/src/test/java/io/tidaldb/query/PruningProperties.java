package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Catalogs;
import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Worlds of several batches: from the second on, candidates are left out before they are scored.
/// The oracle asks for groups that fit into one batch, where nothing is left out, and merges.
class PruningProperties {

  private static final int ITEMS = 2 * Batch.CAPACITY + 500;
  private static final int GROUP = 1_000;
  private static final Retrieve MINE = Retrieve.items().forUser(NaiveFilter.ME);

  @ParameterizedTest
  @EnumSource(
      value = Sort.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SHORTEST", "LONGEST", "ALPHABETICAL_ASC", "ALPHABETICAL_DESC"})
  void aSortGivesWhatScoringEverythingGives(Sort sort) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(3)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              check(world(random), MINE.sortBy(sort).seed(seed), sort, random);
            });
  }

  @Test
  void aProfileGivesWhatScoringEverythingGives() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(25)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = world(random);
              var profile =
                  Stream.generate(() -> RandomProfiles.draw(random))
                      .filter(p -> p.sort().isEmpty() && p.cold().isEmpty())
                      .findFirst()
                      .orElseThrow();
              world.profiles = Catalogs.with(profile);
              var request = MINE.profile(profile.name()).explore(0);
              check(world, request, Sort.TRENDING, random);
            });
  }

  /// Signals are as rare as the seed wants: where few score anything, creation times decide.
  private static FakeWorld world(SplittableRandom random) {
    var world = FakeWorld.random(random, ITEMS);
    var _ = FilterProperties.withMe(world, random);
    int silent = random.nextInt(3) * 50 - random.nextInt(2);
    for (var item : world.items) {
      if (random.nextInt(100) < silent) {
        item.counts.clear();
        item.decayed.clear();
        item.weights.clear();
      }
    }
    return world;
  }

  private static void check(FakeWorld world, Retrieve request, Sort sort, SplittableRandom random) {
    int limit = 1 + random.nextInt(60);
    var all = new ArrayList<Hit>();
    var dropped = new TreeMap<String, Long>();
    var ids = world.visible().stream().map(i -> EntityId.of(i.id)).toList();
    for (int from = 0; from < ids.size(); from += GROUP) {
      var group = ids.subList(from, Math.min(ids.size(), from + GROUP));
      var page = world.ask(request.filter(new Filter.IdIn(Set.copyOf(group))).limit(1_000));
      all.addAll(page.hits());
      drops(page.stats().removed()).forEach((gate, n) -> dropped.merge(gate, n, Long::sum));
    }
    all.sort(order(world, sort));
    var page = world.ask(request.limit(limit));
    assertThat(facts(page.hits())).isEqualTo(facts(all.subList(0, Math.min(limit, all.size()))));
    assertThat(drops(page.stats().removed())).isEqualTo(dropped);
  }

  /// What a hit says, but for its rank, bit for bit.
  private static List<List<Object>> facts(List<Hit> hits) {
    return hits.stream()
        .map(h -> List.<Object>of(h.id(), h.score(), h.snapshot(), h.explanation()))
        .toList();
  }

  private static Map<String, Long> drops(Map<String, Long> removed) {
    var drops = new TreeMap<>(removed);
    drops.keySet().removeIf(name -> !name.startsWith("gate ") && !name.startsWith("sort "));
    return drops;
  }

  private static Comparator<Hit> order(FakeWorld world, Sort sort) {
    Comparator<Hit> byAge =
        Comparator.comparingLong(h -> -world.items.get(world.slots.get(h.id().value())).created);
    var byScore =
        switch (sort) {
          case NEW -> byAge;
          case OLD -> byAge.reversed();
          default -> Comparator.comparingDouble((Hit h) -> -h.score()).thenComparing(byAge);
        };
    return byScore.thenComparing(Hit::id);
  }
}
