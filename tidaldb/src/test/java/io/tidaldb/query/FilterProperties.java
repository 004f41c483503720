package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
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

  private static final int TREES_PER_WORLD = 50;

  @Test
  void aFilterAllowsWhatANaiveEvaluatorAllows() {
    // 200 worlds of 50 trees each: 10,000 trees.
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 60);
              for (int i = 0; i < TREES_PER_WORLD; i++) {
                var filter = tree(random, 4);
                var expected =
                    world.visible().stream()
                        .filter(item -> allows(filter, item))
                        .map(item -> item.id)
                        .collect(Collectors.toSet());
                var page = world.ask(Retrieve.items().filter(filter).sortBy(Sort.NEW).limit(1000));
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
              var first = tree(random, 3);
              var second = tree(random, 3);
              var request = Retrieve.items().sortBy(Sort.HOT).limit(1000);
              var before = world.ask(request.filter(first)).hits();
              var after = world.ask(request.filter(first.and(second))).hits();
              assertThat(after.stream().map(h -> h.id()))
                  .containsExactlyElementsOf(
                      before.stream()
                          .map(h -> h.id())
                          .filter(
                              id -> allows(second, world.items.get(world.slots.get(id.value()))))
                          .toList());
            });
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
    return switch (random.nextInt(16)) {
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

  /// The definition, one item at a time.
  static boolean allows(Filter filter, FakeItem item) {
    return switch (filter) {
      case Filter.And and -> and.parts().stream().allMatch(p -> allows(p, item));
      case Filter.Or or -> or.parts().stream().anyMatch(p -> allows(p, item));
      case Filter.Not not -> !allows(not.part(), item);
      case Filter.KeywordIn in -> in.values().stream().anyMatch(v -> has(item, in.field(), v));
      case Filter.HasAll all -> all.values().stream().allMatch(v -> has(item, all.field(), v));
      case Filter.Exists exists ->
          exists.field().equals("created") || item.fields.containsKey(alias(exists.field()));
      case Filter.NumberRange range when item.fields.get(range.field()) instanceof Long id ->
          range.min().orElseThrow() == id;
      case Filter.NumberRange range ->
          item.fields.get(range.field()) instanceof Double x
              && (range.min().isEmpty()
                  || x > range.min().getAsDouble()
                  || (range.minInclusive() && x == range.min().getAsDouble()))
              && (range.max().isEmpty()
                  || x < range.max().getAsDouble()
                  || (range.maxInclusive() && x == range.max().getAsDouble()));
      case Filter.TimeRange range ->
          time(item, range.field())
              .filter(t -> range.from().isEmpty() || t >= range.from().get().nanos())
              .filter(t -> range.before().isEmpty() || t < range.before().get().nanos())
              .isPresent();
      case Filter.FromNow from ->
          time(item, from.field())
              .filter(t -> from.before() == t < FakeWorld.NOW + from.offset().toNanos())
              .isPresent();
      case Filter.Within within ->
          time(item, within.field())
              .filter(t -> t <= FakeWorld.NOW && t > FakeWorld.NOW - within.span().toNanos())
              .isPresent();
      case Filter.BooleanIs is -> Boolean.valueOf(is.value()).equals(item.fields.get(is.field()));
      case Filter.IdIn in -> in.ids().contains(EntityId.of(item.id));
      case Filter.RefersTo refers when item.fields.get(refers.field()) instanceof Double x ->
          x >= 0 && x == Math.rint(x) && refers.ids().contains(EntityId.of(x.longValue()));
      case Filter.RefersTo refers ->
          item.fields.get(alias(refers.field())) instanceof Long id
              && refers.ids().contains(EntityId.of(id));
      case Filter.StateIs _, Filter.RelatedBy _, Filter.InCollection _ ->
          throw new IllegalArgumentException("needs a user: " + filter);
      case Filter.SignalThreshold t ->
          t.comparison()
              .test(
                  switch (t.measure()) {
                    case COUNT -> item.count(t.signal(), t.window());
                    case VELOCITY -> item.velocity(t.signal(), t.window());
                    case DECAYED -> item.decayed(t.signal());
                  },
                  t.value());
    };
  }

  private static String alias(String field) {
    return field.equals("creator") ? "creator_id" : field;
  }

  private static boolean has(FakeItem item, String field, String value) {
    var folded = value.toLowerCase(java.util.Locale.ROOT);
    var given = item.fields.get(field);
    return given instanceof List<?> tags ? tags.contains(folded) : folded.equals(given);
  }

  private static Optional<Long> time(FakeItem item, String field) {
    return field.equals("created")
        ? Optional.of(item.created)
        : Optional.ofNullable((Long) item.fields.get(field));
  }
}
