package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.Catalogs;
import io.tidaldb.ranking.Mix;
import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Two profiles that take turns.
class InterleavingProperties {

  private static Retrieve request(FakeWorld world, SplittableRandom random) {
    var first = RandomProfiles.draw(random);
    var second = RandomProfiles.draw(random);
    world.profiles = Catalogs.with(first, second);
    world.experiments =
        Catalogs.experiments(
            Experiment.named("duel")
                .interleave()
                .variant(first.name(), 1, 0.5)
                .variant(second.name(), second.name().equals(first.name()) ? 2 : 1, 0.5)
                .build());
    var _ = FilterProperties.withMe(world, random);
    return Retrieve.items()
        .forUser(NaiveFilter.ME)
        .experiment("duel")
        .filter(FilterProperties.tree(random, 1))
        .seed(random.nextLong());
  }

  private static Retrieve alone(FakeWorld world, Retrieve request, int variant) {
    var one = world.experiments.find("duel").variants().get(variant);
    return request.profile(one.profile(), one.version().orElseThrow());
  }

  private static void each(int tries, Consumer<SplittableRandom> statement) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(tries)
        .check(seed -> statement.accept(new SplittableRandom(seed)));
  }

  @Test
  void pagesJoinedAreTheWhole() {
    each(
        200,
        random -> {
          var world = FakeWorld.random(random, 1 + random.nextInt(120));
          var request = request(world, random);
          var first = 1 + random.nextInt(40);
          // Blocks of diversity are those of the first page.
          var hits = new ArrayList<Hit>();
          var page = world.ask(request.limit(first));
          hits.addAll(page.hits());
          while (page.next().isPresent()) {
            page = world.ask(request.limit(1 + random.nextInt(40)).after(page.next().get()));
            hits.addAll(page.hits());
          }
          assertThat(hits).extracting(Hit::rank).doesNotHaveDuplicates();
          assertThat(hits.stream().map(Hit::id).toList()).isEqualTo(naive(world, request, first));
        });
  }

  /// Drafts from the two whole orders, by the words of the rule.
  private static List<EntityId> naive(FakeWorld world, Retrieve request, int first) {
    var one = order(world, alone(world, request, 0), first);
    var two = order(world, alone(world, request, 1), first);
    var drafted = new ArrayList<EntityId>();
    int[] taken = new int[2];
    while (true) {
      one.removeAll(drafted);
      two.removeAll(drafted);
      if (one.isEmpty() && two.isEmpty()) {
        return drafted;
      }
      boolean coin = (Mix.hash(request.seed().orElseThrow(), drafted.size()) & 1) == 0;
      boolean mine = taken[0] < taken[1] || (taken[0] == taken[1] && coin);
      boolean firstTakes = mine ? !one.isEmpty() : two.isEmpty();
      taken[firstTakes ? 0 : 1]++;
      drafted.add((firstTakes ? one : two).getFirst());
    }
  }

  private static List<EntityId> order(FakeWorld world, Retrieve request, int per) {
    var ids = new ArrayList<EntityId>();
    var page = world.ask(request.limit(per));
    page.hits().forEach(hit -> ids.add(hit.id()));
    while (page.next().isPresent()) {
      page = world.ask(request.limit(1_000).after(page.next().get()));
      page.hits().forEach(hit -> ids.add(hit.id()));
    }
    return ids;
  }

  @Test
  void neitherTeamIsEverMoreThanOneHitAhead() {
    each(
        200,
        random -> {
          var world = FakeWorld.random(random, 40 + random.nextInt(80));
          var request = request(world, random).limit(1 + random.nextInt(20));
          var one = order(world, alone(world, request, 0), request.limit());
          var two = order(world, alone(world, request, 1), request.limit());
          var page = world.ask(request);
          int ahead = 0;
          for (var hit : page) {
            ahead += hit.team().orElseThrow() == 0 ? 1 : -1;
            if (hit.rank() <= Math.min(one.size(), two.size())) {
              assertThat(Math.abs(ahead)).isLessThanOrEqualTo(1);
            }
            assertThat(hit.team().getAsInt() == 0 ? one : two).contains(hit.id());
          }
          assertThat(page.stats().experiment())
              .hasValueSatisfying(part -> assertThat(part.interleaved()).isTrue());
          assertThat(page.stats().profile()).contains("|");
        });
  }

  @Test
  void signalsBetweenPagesBringNoRepeats() {
    each(
        50,
        random -> {
          var world = FakeWorld.random(random, 100);
          var request = request(world, random).diversity(Diversity.NONE).limit(10);
          var seen = new HashSet<EntityId>();
          var page = world.ask(request);
          page.hits().forEach(hit -> assertThat(seen.add(hit.id())).isTrue());
          while (page.next().isPresent()) {
            var lucky = world.items.get(random.nextInt(world.items.size()));
            lucky.counts.put(
                "share", java.util.Map.of(io.tidaldb.schema.Window.TWENTY_FOUR_HOURS, 1_000L));
            page = world.ask(request.after(page.next().get()));
            page.hits().forEach(hit -> assertThat(seen.add(hit.id())).isTrue());
          }
        });
  }
}
