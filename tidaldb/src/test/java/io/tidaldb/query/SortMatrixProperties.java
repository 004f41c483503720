package io.tidaldb.query;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.signal;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every order in every group of filters and every scope, in worlds with silence, crowds, what was
/// made this moment and what comes from the future, against an oracle that sorts everything.
class SortMatrixProperties {

  private static final long HUGE = 1L << 45;

  private static final Filter STATE = Filter.unseen().or(Filter.shownWithin(Duration.ofHours(9)));
  private static final Filter RELATION =
      Filter.followed().or(Filter.inNetwork(2)).or(Filter.affinity(2));
  private static final Filter COLLECTION =
      Filter.inMyCollections().or(Filter.inCollection(CollectionId.of(17)));

  private enum Scope {
    EVERYTHING,
    USER,
    CREATOR,
    COHORT
  }

  @ParameterizedTest
  @EnumSource(Sort.class)
  void anOrderIsItsDefinitionInEveryFilterGroupAndScope(Sort sort) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(8)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = extreme(FakeWorld.random(random, 50), random);
              var me = FilterProperties.withMe(world, random).viewer();
              var members = members(world, random);
              var active = FakeViewer.slots(random, world, 2);
              world.cohorts.put("some", new FakeCohort(members, FakeWorld.NOW, active));
              for (var scope : Scope.values()) {
                var counted = scope == Scope.COHORT ? members : world;
                var oracle = new SortOracle(world, counted, me, seed);
                var naive = new NaiveFilter(world, counted, me);
                for (var filter : groups(random)) {
                  var request =
                      scoped(scope, filter, sort)
                          .filter(filter)
                          .sortBy(sort)
                          .seed(seed)
                          .limit(1 + random.nextInt(60));
                  var expected =
                      world.visible().stream()
                          .filter(item -> isIn(scope, item, active))
                          .filter(item -> naive.allows(filter, item) && oracle.shows(sort, item))
                          .sorted(oracle.order(sort))
                          .limit(request.limit())
                          .toList();
                  SortProperties.check(world.ask(request).hits(), expected, oracle, sort);
                }
              }
            });
  }

  private static Retrieve scoped(Scope scope, Filter filter, Sort sort) {
    boolean isMine =
        scope == Scope.USER
            || sort == Sort.DATE_SAVED
            || filter.equals(STATE)
            || filter.equals(RELATION)
            || filter.equals(COLLECTION);
    var request = isMine ? Retrieve.items().forUser(NaiveFilter.ME) : Retrieve.items();
    return switch (scope) {
      case EVERYTHING, USER -> request;
      case CREATOR -> request.forCreator(EntityId.of(2));
      case COHORT -> request.forCohort("some");
    };
  }

  private static boolean isIn(Scope scope, FakeItem item, Set<Integer> active) {
    return switch (scope) {
      case EVERYTHING, USER -> true;
      case CREATOR -> Long.valueOf(2).equals(item.fields.get("creator_id"));
      case COHORT -> active.contains(item.slot);
    };
  }

  /// One of each group, but for texts.
  private static List<Filter> groups(SplittableRandom random) {
    return List.of(
        Filter.all(),
        field("category").in("jazz", "folk").or(field("tags").hasAll("live", "loud")),
        field("price").between(1, 3).or(field("subtitled").is(true)),
        field("created").within(Duration.ofDays(200)),
        field("creator").in(EntityId.of(1), EntityId.of(2)),
        field("creator.verified").is(true).or(field("creator.followers").atLeast(2)),
        STATE,
        RELATION,
        Filter.quality()
            .atLeast(0.1 + random.nextDouble() / 2)
            .or(Filter.completionRate().atLeast(random.nextDouble())),
        signal("view").count(Window.SEVEN_DAYS).atLeast(1),
        COLLECTION);
  }

  /// Some without any signal, some with very many, some made now and some in the future.
  private static FakeWorld extreme(FakeWorld world, SplittableRandom random) {
    for (var item : world.items) {
      switch (random.nextInt(6)) {
        case 0 -> {
          item.counts.clear();
          item.decayed.clear();
          item.weights.clear();
        }
        case 1 -> {
          for (var counts : item.counts.values()) {
            counts.replaceAll((_, count) -> count + HUGE);
          }
          item.weights.replaceAll((_, weight) -> weight + (double) HUGE / 3);
        }
        case 2 -> item.created = FakeWorld.NOW;
        case 3 -> item.created = FakeWorld.NOW + random.nextInt(1, 3) * FakeWorld.HOUR;
        default -> {}
      }
    }
    return world;
  }

  /// What a cohort's members did: about half of everything.
  private static FakeWorld members(FakeWorld world, SplittableRandom random) {
    var members = new FakeWorld();
    for (var item : world.items) {
      var same = members.add(item.id, item.created);
      same.live = item.live;
      item.counts.forEach(
          (signal, counts) -> {
            if (random.nextBoolean()) {
              same.counts.put(signal, new HashMap<>(counts));
            }
          });
      item.decayed.forEach((signal, score) -> same.decayed.put(signal, score / 2));
      item.weights.forEach((signal, weight) -> same.weights.put(signal, weight / 2));
    }
    return members;
  }
}
