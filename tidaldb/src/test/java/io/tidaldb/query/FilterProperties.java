package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Rate;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Filters against an evaluator that looks at one item after the other.
class FilterProperties {

  private static final EntityId ME = NaiveFilter.ME;

  private static final int TREES_PER_WORLD = 50;

  @Test
  void aFilterAllowsWhatANaiveEvaluatorAllows() {
    // 200 worlds of 50 trees each: 10,000 trees.
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 60);
              var naive = withMe(world, random);
              for (int i = 0; i < TREES_PER_WORLD; i++) {
                boolean personal = random.nextBoolean();
                var filter = personal ? personalTree(random, 4) : tree(random, 4);
                var expected =
                    world.visible().stream()
                        .filter(item -> naive.allows(filter, item))
                        .map(item -> item.id)
                        .collect(Collectors.toSet());
                var anybody = Retrieve.items().filter(filter).sortBy(Sort.NEW).limit(1000);
                var page = world.ask(personal ? anybody.forUser(ME) : anybody);
                assertThat(
                        page.hits().stream().map(h -> h.id().value()).collect(Collectors.toSet()))
                    .as("%s", filter)
                    .isEqualTo(expected);
                assertThat(page.stats().allowed()).isEqualTo(expected.size());
                assertThat(page.stats().removed().values().stream().mapToLong(v -> v).sum())
                    .isEqualTo(page.stats().universe() - page.stats().allowed());
              }
            });
  }

  @Test
  void addingAFilterGivesTheOldHitsThatSatisfyIt() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 60);
              var naive = withMe(world, random);
              var first = personalTree(random, 3);
              var second = personalTree(random, 3);
              var request = Retrieve.items().forUser(ME).sortBy(Sort.HOT).limit(1000);
              var before = world.ask(request.filter(first)).hits();
              var after = world.ask(request.filter(first.and(second))).hits();
              assertThat(after.stream().map(h -> h.id()))
                  .containsExactlyElementsOf(
                      before.stream()
                          .map(h -> h.id())
                          .filter(
                              id ->
                                  naive.allows(
                                      second, world.items.get(world.slots.get(id.value()))))
                          .toList());
            });
  }

  /// A user with this and that, a collection, and who is asked to evaluate filters of it.
  static NaiveFilter withMe(FakeWorld world, SplittableRandom random) {
    var me = FakeViewer.random(random, world);
    world.viewers.put(ME.value(), me);
    world.interests.put(
        ME.value(), random.nextBoolean() ? List.of() : List.of("jazz", "LIVE", "nothing"));
    world.owned.put(ME.value(), FakeViewer.slots(random, world, 4));
    world.collections.put(
        17L,
        FakeViewer.slots(random, world, 3).stream().mapToInt(Integer::intValue).sorted().toArray());
    return new NaiveFilter(world, world, me);
  }

  /// A tree that may need a user.
  static Filter personalTree(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 1 : 5)) {
      case 1 -> new Filter.And(List.of(personalTree(random, depth - 1), tree(random, depth - 1)));
      case 2 -> new Filter.Or(List.of(tree(random, depth - 1), personalTree(random, depth - 1)));
      case 3 -> new Filter.Not(personalTree(random, depth - 1));
      default -> personalLeaf(random);
    };
  }

  static Filter personalLeaf(SplittableRandom random) {
    return switch (random.nextInt(7)) {
      case 0 ->
          new Filter.StateIs(RandomProfiles.pick(random, UserState.values()), Optional.empty());
      case 1 -> Filter.shownWithin(Duration.ofHours(random.nextInt(40)));
      case 2 ->
          new Filter.RelatedBy(random.nextBoolean() ? RelationType.FOLLOW : RelationType.MUTE);
      case 3 -> Filter.inNetwork(random.nextInt(1, 3));
      case 4 -> Filter.affinity(random.nextInt(1, 8) / 2.0);
      case 5 -> Filter.inCollection(CollectionId.of(17));
      default -> Filter.inMyCollections();
    };
  }

  static Filter tree(SplittableRandom random, int depth) {
    int choice = random.nextInt(depth == 0 ? 1 : 5);
    return switch (choice) {
      case 1 -> new Filter.And(trees(random, depth - 1));
      case 2 -> new Filter.Or(trees(random, depth - 1));
      case 3 -> new Filter.Not(tree(random, depth - 1));
      default -> leaf(random);
    };
  }

  private static List<Filter> trees(SplittableRandom random, int depth) {
    var parts = new ArrayList<Filter>();
    for (int n = random.nextInt(4); n > 0; n--) {
      parts.add(tree(random, depth));
    }
    return parts;
  }

  private static Filter leaf(SplittableRandom random) {
    double low = random.nextInt(8) / 2.0;
    return switch (random.nextInt(20)) {
      case 14 -> rate(random);
      case 15, 16 -> ofCreator(random, low);
      case 0 ->
          new Filter.KeywordIn(
              "category", Set.of(FakeWorld.pick(random, "jazz", "folk", "none"), "Rock"));
      case 1 -> new Filter.KeywordIn("tags", Set.of(FakeWorld.pick(random, "live", "loud")));
      case 2 -> new Filter.HasAll("tags", Set.of("live", FakeWorld.pick(random, "loud", "soft")));
      case 3 ->
          new Filter.Exists(
              FakeWorld.pick(random, "category", "price", "created", "creator", "duration"));
      case 4 ->
          new Filter.NumberRange(
              FakeWorld.pick(random, "price", "episode"),
              random.nextBoolean() ? OptionalDouble.of(low) : OptionalDouble.empty(),
              random.nextBoolean(),
              random.nextBoolean()
                  ? OptionalDouble.of(low + random.nextInt(3) - 0.5)
                  : OptionalDouble.empty(),
              random.nextBoolean());
      case 5 ->
          new Filter.TimeRange(
              FakeWorld.pick(random, "created", "created_at"),
              random.nextBoolean() ? Optional.of(time(random)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(time(random)) : Optional.empty());
      case 6 ->
          new Filter.Within(
              FakeWorld.pick(random, "created", "created_at"),
              Duration.ofHours(random.nextInt(3_000)));
      case 7 -> new Filter.BooleanIs("subtitled", random.nextBoolean());
      case 8 ->
          new Filter.IdIn(
              Set.of(
                  EntityId.of(random.nextInt(10_000)),
                  EntityId.of(random.nextInt(10_000) + 10_000L)));
      case 9 ->
          new Filter.RefersTo(
              FakeWorld.pick(random, "sequel_of", "creator", "creator_id"),
              Set.of(EntityId.of(random.nextInt(4)), EntityId.of(9)));
      case 10 ->
          new Filter.FromNow(
              FakeWorld.pick(random, "created", "created_at"),
              random.nextBoolean(),
              Duration.ofHours(random.nextInt(4_000) - 3_000L));
      // In a text, numbers and ids look alike: what the field is says the schema.
      case 11 ->
          Filter.field(FakeWorld.pick(random, "sequel_of", "episode")).is((double) (long) low);
      case 12 -> new Filter.RefersTo("episode", Set.of(EntityId.of((long) low), EntityId.of(-1)));
      case 13 -> new Filter.KeywordIn(FakeWorld.pick(random, "price", "category"), Set.of());
      default -> threshold(random);
    };
  }

  private static Filter rate(SplittableRandom random) {
    return new Filter.RateThreshold(
        RandomProfiles.pick(random, Rate.values()),
        RandomProfiles.pick(random, Filter.Comparison.values()),
        0.01 + random.nextDouble());
  }

  private static Filter ofCreator(SplittableRandom random, double low) {
    return switch (random.nextInt(10)) {
      case 0 -> Filter.field("creator.verified").is(random.nextBoolean());
      case 1 -> Filter.field("creator.language").in("EN", "fr");
      case 2 -> Filter.field("creator.genres").hasAll("live", "jazz");
      case 3 ->
          Filter.field(
                  "creator."
                      + FakeWorld.pick(
                          random, "verified", "genres", "prizes", "created", "followers"))
              .exists();
      case 4 ->
          new Filter.NumberRange(
              FakeWorld.pick(random, "creator.prizes", "creator.followers"),
              OptionalDouble.of(low),
              random.nextBoolean(),
              random.nextBoolean() ? OptionalDouble.of(low + 1.5) : OptionalDouble.empty(),
              random.nextBoolean());
      case 5 ->
          new Filter.TimeRange(
              FakeWorld.pick(random, "creator.created", "creator.joined"),
              Optional.of(time(random)),
              Optional.empty());
      case 6 -> Filter.field("creator.joined").within(Duration.ofHours(random.nextInt(3_000)));
      case 7 -> Filter.field("creator.created").beforeNow(Duration.ofHours(-random.nextInt(3_000)));
      case 8 -> Filter.field("creator.label_id").in(EntityId.of(random.nextInt(4)));
      default ->
          Filter.field(FakeWorld.pick(random, "creator.prizes", "creator.followers"))
              .in(EntityId.of((long) low), EntityId.of(7));
    };
  }

  private static Filter threshold(SplittableRandom random) {
    var comparison = RandomProfiles.pick(random, Filter.Comparison.values());
    return switch (random.nextInt(3)) {
      case 0 ->
          new Filter.SignalThreshold(
              FakeWorld.pick(random, "view", "dislike"),
              Measure.COUNT,
              RandomProfiles.pick(random, Window.values()),
              comparison,
              random.nextInt(5));
      case 1 ->
          new Filter.SignalThreshold(
              FakeWorld.pick(random, "view", "share"),
              Measure.VELOCITY,
              RandomProfiles.pick(random, Window.values(), 4),
              comparison,
              random.nextInt(3) / 3600.0);
      default ->
          new Filter.SignalThreshold(
              FakeWorld.pick(random, "like", "hide"),
              Measure.DECAYED,
              Window.ALL_TIME,
              comparison,
              random.nextInt(3));
    };
  }

  private static Timestamp time(SplittableRandom random) {
    return Timestamp.ofNanos(FakeWorld.NOW - random.nextInt(5_000) * FakeWorld.HOUR);
  }
}
