package io.tidaldb.query;

import io.tidaldb.ranking.CreatorFacts;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// The leaves of a filter that ask about a field of an item's creator, `creator.verified`: the same
/// leaf, asked of creators. How many follow a creator is computed, so it is asked of those alone
/// whose items are left.
final class CreatorLeaves {

  private static final String PREFIX = "creator.";

  private final FilterScope scope;

  CreatorLeaves(FilterScope scope) {
    this.scope = scope;
  }

  /// The leaf as creators are asked it; empty if it asks about the item itself.
  static Optional<Filter> ofCreator(Filter leaf) {
    return switch (leaf) {
      case Filter.KeywordIn(var field, var values) when isTheirs(field) ->
          Optional.of(new Filter.KeywordIn(own(field), values));
      case Filter.HasAll(var field, var values) when isTheirs(field) ->
          Optional.of(new Filter.HasAll(own(field), values));
      case Filter.Exists(var field) when isTheirs(field) ->
          Optional.of(new Filter.Exists(own(field)));
      case Filter.NumberRange(var field, var min, var withMin, var max, var withMax)
          when isTheirs(field) ->
          Optional.of(new Filter.NumberRange(own(field), min, withMin, max, withMax));
      case Filter.TimeRange(var field, var from, var before) when isTheirs(field) ->
          Optional.of(new Filter.TimeRange(own(field), from, before));
      case Filter.FromNow(var field, var before, var offset) when isTheirs(field) ->
          Optional.of(new Filter.FromNow(own(field), before, offset));
      case Filter.Within(var field, var span) when isTheirs(field) ->
          Optional.of(new Filter.Within(own(field), span));
      case Filter.BooleanIs(var field, var value) when isTheirs(field) ->
          Optional.of(new Filter.BooleanIs(own(field), value));
      case Filter.RefersTo(var field, var ids) when isTheirs(field) ->
          Optional.of(new Filter.RefersTo(own(field), ids));
      default -> Optional.empty();
    };
  }

  private static boolean isTheirs(String field) {
    return field.startsWith(PREFIX);
  }

  private static String own(String field) {
    return field.substring(PREFIX.length());
  }

  /// Binds a leaf that asks about creators; empty if it asks about something else.
  Optional<FilterNode> bind(Filter leaf) {
    return switch (scope.kind()) {
      case ITEM -> ofCreator(leaf).map(ofCreator -> node(leaf, ofCreator));
      case CREATOR -> followers(leaf).map(fits -> byFollowers(leaf, fits));
      case USER -> Optional.empty();
    };
  }

  private FilterNode byFollowers(Filter leaf, LongPredicate fits) {
    return new FilterNode.ByCreator(FilterNode.shortened(leaf.text()), scope.items(), fits);
  }

  /// @param leaf as it was asked
  /// @param ofCreator the same, as creators are asked it
  private FilterNode node(Filter leaf, Filter ofCreator) {
    var label = FilterNode.shortened(leaf.text());
    var followers = followers(ofCreator);
    if (followers.isPresent()) {
      return byFollowers(leaf, followers.get());
    }
    var creators = scope.ofCreators();
    var plan = FilterPlan.of(ofCreator, creators);
    return new FilterNode.Creators(
        label, scope.items(), () -> ids(plan.select(creators.items().live(), new HashMap<>())));
  }

  private long[] ids(RoaringBitmap creators) {
    return Arrays.stream(creators.toArray())
        .mapToLong(slot -> scope.slots().id(EntityKind.CREATOR, slot))
        .sorted()
        .toArray();
  }

  /// Which creators have as many followers as a leaf asks for; empty if it asks for something else.
  private Optional<LongPredicate> followers(Filter leaf) {
    var facts = scope.ranking().creators();
    return switch (leaf) {
      case Filter.Exists(var field) when isFollowers(field) -> Optional.of(creator -> true);
      case Filter.NumberRange range when isFollowers(range.field()) -> {
        FilterPlan.checkNumbers(range);
        yield Optional.of(creator -> isIn(range, (double) facts.followers(creator)));
      }
      case Filter.RefersTo(var field, var ids) when isFollowers(field) ->
          Optional.of(creator -> ids.contains(EntityId.of(facts.followers(creator))));
      case Filter.KeywordIn(var field, var values) when isFollowers(field) && values.isEmpty() ->
          Optional.of(creator -> false);
      case Filter.KeywordIn(var field, var _) when isFollowers(field) -> throw wrongType();
      case Filter.HasAll(var field, var _) when isFollowers(field) -> throw wrongType();
      case Filter.TimeRange(var field, var _, var _) when isFollowers(field) -> throw wrongType();
      case Filter.FromNow(var field, var _, var _) when isFollowers(field) -> throw wrongType();
      case Filter.Within(var field, var _) when isFollowers(field) -> throw wrongType();
      case Filter.BooleanIs(var field, var _) when isFollowers(field) -> throw wrongType();
      default -> Optional.empty();
    };
  }

  private static boolean isFollowers(String field) {
    return field.equals(CreatorFacts.FOLLOWERS);
  }

  private static boolean isIn(Filter.NumberRange range, double number) {
    double min = range.min().orElse(Double.NEGATIVE_INFINITY);
    double max = range.max().orElse(Double.POSITIVE_INFINITY);
    return (range.minInclusive() ? number >= min : number > min)
        && (range.maxInclusive() ? number <= max : number < max);
  }

  private static InvalidRequestException wrongType() {
    return new InvalidRequestException(
        "FIELD_TYPE",
        "field has another type: field=followers kind=creator type=INTEGER; compare it with a"
            + " number");
  }
}
