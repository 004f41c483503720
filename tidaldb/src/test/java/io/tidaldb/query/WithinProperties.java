package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A query inside another is a filter that allows its hits alone.
class WithinProperties {

  private static List<EntityId> ids(Results results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  private static Retrieve request(SplittableRandom random) {
    return Retrieve.items()
        .filter(FilterProperties.tree(random, 2))
        .seed(random.nextInt(3))
        .sortBy(RandomProfiles.sort(random));
  }

  @Test
  void aQueryWithinAnotherIsAFilterByItsHits() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(300)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(150));
              var inner = request(random).limit(1 + random.nextInt(60));
              if (random.nextBoolean()) {
                inner = inner.diversity(d -> d.maxPerCreator(1));
              }
              var outer = request(random).limit(1_000);
              var hits = new HashSet<>(ids(world.ask(inner)));
              var within = world.ask(outer.within(inner));
              var filtered = world.ask(outer.filter(outer.filter().and(new Filter.IdIn(hits))));
              assertThat(hits).containsAll(ids(within));
              assertThat(within.hits()).isEqualTo(filtered.hits());
            });
  }

  @Test
  void anInnerQueryGoesDeeperThanAnyPage() {
    var world = new FakeWorld();
    for (int i = 0; i < 5_000; i++) {
      world.add(i, FakeWorld.NOW - i);
    }
    // Ranked orders end at 2,000 hits where they have pages.
    var inner = Retrieve.items().sortBy(Sort.SHUFFLE).seed(1).limit(4_500);
    var page = world.ask(Retrieve.items().within(inner).sortBy(Sort.NEW).limit(1));
    assertThat(page.stats().allowed()).isEqualTo(4_500);
  }

  @Test
  void whatTheInnerQueryNamesIsMissedByName() {
    assertThatThrownBy(
            () -> new FakeWorld().ask(Retrieve.items().within(Retrieve.items().profile("hoot"))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageStartingWith("inner query: profile not found: name=hoot; did you mean hot?");
  }
}
