package io.tidaldb.query;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Rate;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Filters of a [FakeWorld], evaluated one item after the other as they read.
///
/// @param signals the world whose signals count: a cohort's, or the same
/// @param viewer the user [#ME]
record NaiveFilter(FakeWorld world, FakeWorld signals, FakeViewer viewer) {

  static final EntityId ME = EntityId.of(42);

  /// Without a user.
  NaiveFilter(FakeWorld world) {
    this(world, world, new FakeViewer());
  }

  private SortOracle oracle() {
    return new SortOracle(world, signals, viewer, 0);
  }

  private boolean ofCreator(Filter leaf, FakeItem item) {
    if (!(item.fields.get("creator_id") instanceof Long id)) {
      return false;
    }
    double followers = world.followers(id);
    return switch (leaf) {
      case Filter.Exists(var field) when field.equals("followers") -> true;
      case Filter.NumberRange range when range.field().equals("followers") ->
          isIn(range, followers);
      case Filter.RefersTo(var field, var ids) when field.equals("followers") ->
          ids.contains(EntityId.of((long) followers));
      default -> world.creator(id).filter(creator -> allows(leaf, creator)).isPresent();
    };
  }

  /// The definition, one item at a time.
  boolean allows(Filter filter, FakeItem item) {
    var theirs = CreatorLeaves.ofCreator(filter);
    if (theirs.isPresent()) {
      return ofCreator(theirs.get(), item);
    }
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
          item.fields.get(range.field()) instanceof Double x && isIn(range, x);
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
      case Filter.RateThreshold(var rate, var comparison, double value) ->
          comparison.test(
              rate == Rate.QUALITY ? oracle().qualityOf(item) : oracle().completionRate(item),
              value);
      case Filter.SignalThreshold t ->
          t.comparison()
              .test(
                  switch (t.measure()) {
                    case COUNT -> signals.items.get(item.slot).count(t.signal(), t.window());
                    case VELOCITY -> signals.items.get(item.slot).velocity(t.signal(), t.window());
                    case DECAYED -> signals.items.get(item.slot).decayed(t.signal());
                  },
                  t.value());
      default -> isMine(filter, item);
    };
  }

  /// What asks for the user.
  private boolean isMine(Filter filter, FakeItem item) {
    return switch (filter) {
      case Filter.StateIs(var state, var within) when within.isPresent() ->
          viewer.shown.getOrDefault(item.slot, Long.MIN_VALUE)
              > FakeWorld.NOW - within.get().toNanos();
      case Filter.StateIs(var state, var _) when state == UserState.SHOWN ->
          viewer.shown.containsKey(item.slot);
      case Filter.StateIs(var state, var _) -> viewer.states.get(state).contains(item.slot);
      case Filter.RelatedBy(var type) ->
          item.fields.get("creator_id") instanceof Long creator
              && (type == RelationType.FOLLOW ? viewer.followed : viewer.muted).contains(creator);
      case Filter.InCollection(var collection) ->
          Arrays.stream(world.collections.get(collection.value())).anyMatch(s -> s == item.slot);
      case Filter.InMyCollections() -> world.owned.get(ME.value()).contains(item.slot);
      case Filter.InNetwork(int depth) ->
          viewer.members(depth).stream().anyMatch(engaged -> engaged.contains(item.slot));
      case Filter.AffinityAtLeast(double min) ->
          item.fields.get("creator_id") instanceof Long creator && viewer.affinity(creator) >= min;
      default -> throw new IllegalArgumentException("no such filter: " + filter);
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

  private static boolean isIn(Filter.NumberRange range, double x) {
    return (range.min().isEmpty()
            || x > range.min().getAsDouble()
            || (range.minInclusive() && x == range.min().getAsDouble()))
        && (range.max().isEmpty()
            || x < range.max().getAsDouble()
            || (range.maxInclusive() && x == range.max().getAsDouble()));
  }
}
