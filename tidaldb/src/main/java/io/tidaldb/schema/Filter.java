package io.tidaldb.schema;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// Which entities a query may return. Immutable, composable, two-valued: a leaf on an absent value
/// is false, so its NOT is true.
///
/// ```java
/// field("category").in("jazz", "folk").and(field("duration").atMost(600)).and(signal("view").count(ONE_HOUR).atLeast(10))
/// ```
public sealed interface Filter {

  /// Everything.
  static Filter all() {
    return new And(List.of());
  }

  /// Begins a condition on a metadata field; `created` is the item's creation time, `creator` its
  /// creator's id, `creator.verified` a field of its creator, `creator.followers` how many follow
  /// that one.
  static FieldCondition field(String name) {
    return new FieldCondition(name);
  }

  /// Begins a condition on a signal.
  static SignalCondition signal(String name) {
    return new SignalCondition(name);
  }

  /// These entities.
  static Filter ids(EntityId... ids) {
    return new IdIn(Set.of(ids));
  }

  /// The negation.
  static Filter not(Filter filter) {
    return new Not(filter);
  }

  /// What the user of the query has viewed.
  static Filter seen() {
    return new StateIs(UserState.SEEN, Optional.empty());
  }

  /// What the user of the query has not viewed.
  static Filter unseen() {
    return not(seen());
  }

  /// What the user of the query likes.
  static Filter liked() {
    return new StateIs(UserState.LIKED, Optional.empty());
  }

  /// What the user of the query dislikes.
  static Filter disliked() {
    return new StateIs(UserState.DISLIKED, Optional.empty());
  }

  /// What the user of the query has saved.
  static Filter saved() {
    return new StateIs(UserState.SAVED, Optional.empty());
  }

  /// What the user of the query has begun and not finished.
  static Filter inProgress() {
    return new StateIs(UserState.IN_PROGRESS, Optional.empty());
  }

  /// What the user of the query has finished.
  static Filter completed() {
    return new StateIs(UserState.COMPLETED, Optional.empty());
  }

  /// What was shown to the user of the query lately.
  static Filter shown() {
    return new StateIs(UserState.SHOWN, Optional.empty());
  }

  /// What was shown to the user of the query within this span.
  static Filter shownWithin(Duration span) {
    return new StateIs(UserState.SHOWN, Optional.of(span));
  }

  /// What was not shown to the user of the query lately.
  static Filter unshown() {
    return not(shown());
  }

  /// Items of creators whom the user of the query follows.
  static Filter followed() {
    return new RelatedBy(RelationType.FOLLOW);
  }

  /// Items of creators whom the user of the query has muted; muting leaves them out elsewhere.
  static Filter muted() {
    return new RelatedBy(RelationType.MUTE);
  }

  /// Everything: what is blocked is never shown, asked for or not.
  static Filter unblocked() {
    return all();
  }

  /// Members of a collection that the user of the query may see; without a user, of any.
  static Filter inCollection(CollectionId collection) {
    return new InCollection(collection);
  }

  /// Members of any collection of the user of the query.
  static Filter inMyCollections() {
    return new InMyCollections();
  }

  /// Items among the last 50 positives of the users whom the user of the query follows.
  ///
  /// @param depth 1, or 2 for those whom they follow, too
  static Filter inNetwork(int depth) {
    return new InNetwork(depth);
  }

  /// Items of creators whom the user of the query engages with at least so much.
  ///
  /// @param min above 0
  static Filter affinity(double min) {
    return new AffinityAtLeast(min);
  }

  /// Begins a condition on how well the item is received, in [0, 1].
  static MeasureCondition quality() {
    return new MeasureCondition((how, value) -> new RateThreshold(Rate.QUALITY, how, value));
  }

  /// Begins a condition on the share of views that were finished, in [0, 1].
  static MeasureCondition completionRate() {
    return new MeasureCondition(
        (how, value) -> new RateThreshold(Rate.COMPLETION_RATE, how, value));
  }

  /// Both.
  default Filter and(Filter other) {
    return new And(List.of(this, other));
  }

  /// Either.
  default Filter or(Filter other) {
    return new Or(List.of(this, other));
  }

  /// The negation.
  default Filter negate() {
    return new Not(this);
  }

  /// The same filter in the one form that all filters have that are put together alike: chains
  /// flat, a composition of two parts at least, a range with one end or two inclusive ones.
  default Filter canonical() {
    return FilterForm.canonical(this);
  }

  /// The filter as TidalQL; reading it gives its canonical form.
  default String text() {
    return FilterText.write(canonical());
  }

  /// @param parts all must hold; none is always true
  record And(List<Filter> parts) implements Filter {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /// @param parts one must hold; none is always false
  record Or(List<Filter> parts) implements Filter {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /// @param part must not hold
  record Not(Filter part) implements Filter {}

  /// A keyword or tag field has one of these values, compared after NFC and lower case.
  record KeywordIn(String field, Set<String> values) implements Filter {
    public KeywordIn {
      values = java.util.Collections.unmodifiableSet(new TreeSet<>(values));
    }
  }

  /// A tag field has all of these values.
  record HasAll(String field, Set<String> values) implements Filter {
    public HasAll {
      values = java.util.Collections.unmodifiableSet(new TreeSet<>(values));
    }
  }

  /// The field is present.
  record Exists(String field) implements Filter {}

  /// A number, duration (seconds) or integer lies in a range.
  ///
  /// @param min lower end, empty for none
  /// @param minInclusive whether `min` itself fits
  /// @param max upper end, empty for none
  /// @param maxInclusive whether `max` itself fits
  record NumberRange(
      String field,
      OptionalDouble min,
      boolean minInclusive,
      OptionalDouble max,
      boolean maxInclusive)
      implements Filter {}

  /// A time lies in `from ≤ t < before`.
  record TimeRange(String field, Optional<Timestamp> from, Optional<Timestamp> before)
      implements Filter {}

  /// A time lies at or behind, or before, a moment that is counted from the query's time.
  ///
  /// @param before whether it lies before it
  /// @param offset added to the query's time; negative for earlier
  record FromNow(String field, boolean before, Duration offset) implements Filter {}

  /// A time lies in `at − span < t ≤ at`, at being the query's time.
  record Within(String field, Duration span) implements Filter {}

  /// A boolean field has this value.
  record BooleanIs(String field, boolean value) implements Filter {}

  /// The entity is one of these.
  record IdIn(Set<EntityId> ids) implements Filter {
    public IdIn {
      ids = java.util.Collections.unmodifiableSet(new TreeSet<>(ids));
    }
  }

  /// A field of ids, or `creator`, holds one of these.
  record RefersTo(String field, Set<EntityId> ids) implements Filter {
    public RefersTo {
      ids = java.util.Collections.unmodifiableSet(new TreeSet<>(ids));
    }
  }

  /// The user of the query stands in this state to the item.
  ///
  /// @param within only since this span before the query's time; for [UserState#SHOWN] only
  record StateIs(UserState state, Optional<Duration> within) implements Filter {}

  /// The user of the query stands in this relation to the item's creator.
  ///
  /// @param type [RelationType#FOLLOW] or [RelationType#MUTE]
  record RelatedBy(RelationType type) implements Filter {}

  /// The item is a member of this collection.
  record InCollection(CollectionId collection) implements Filter {}

  /// The item is a member of a collection of the user of the query.
  record InMyCollections() implements Filter {}

  /// The item is among the last positives of the users whom the user of the query follows.
  ///
  /// @param depth 1, or 2 for those whom they follow, too
  record InNetwork(int depth) implements Filter {}

  /// The user of the query engages with the item's creator at least so much.
  record AffinityAtLeast(double min) implements Filter {}

  /// A rate compares with a number.
  record RateThreshold(Rate rate, Comparison comparison, double value) implements Filter {}

  /// A signal's measure compares with a number.
  ///
  /// @param window the window of a count or velocity; ignored for [Measure#DECAYED]
  record SignalThreshold(
      String signal, Measure measure, Window window, Comparison comparison, double value)
      implements Filter {}

  /// How a measure is compared.
  enum Comparison {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String symbol;

    Comparison(String symbol) {
      this.symbol = symbol;
    }

    /// The operator in queries.
    public String symbol() {
      return symbol;
    }

    /// Whether `left` stands in this relation to `right`.
    public boolean test(double left, double right) {
      return switch (this) {
        case EQUAL -> left == right;
        case NOT_EQUAL -> left != right;
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case GREATER -> left > right;
        case AT_LEAST -> left >= right;
      };
    }
  }

  /// The beginning of a condition on a field.
  final class FieldCondition {
    private final String field;

    FieldCondition(String field) {
      this.field = field;
    }

    /// The keyword (or one of the tags) is this.
    public Filter is(String value) {
      return new KeywordIn(field, Set.of(value));
    }

    /// The boolean is this.
    public Filter is(boolean value) {
      return new BooleanIs(field, value);
    }

    /// The id is this.
    public Filter is(EntityId id) {
      return new RefersTo(field, Set.of(id));
    }

    /// The number is this.
    public Filter is(double value) {
      return between(value, value);
    }

    /// The keyword (or one of the tags) is one of these.
    public Filter in(String... values) {
      return new KeywordIn(field, Set.of(values));
    }

    /// The keyword (or one of the tags) is one of these.
    public Filter in(Collection<String> values) {
      return new KeywordIn(field, Set.copyOf(values));
    }

    /// The id is one of these.
    public Filter in(EntityId... ids) {
      return new RefersTo(field, Set.of(ids));
    }

    /// All of these are among the tags.
    public Filter hasAll(String... values) {
      return new HasAll(field, Set.of(values));
    }

    /// The field is present.
    public Filter exists() {
      return new Exists(field);
    }

    /// `min ≤ value ≤ max`; durations count in seconds.
    public Filter between(double min, double max) {
      return new NumberRange(field, OptionalDouble.of(min), true, OptionalDouble.of(max), true);
    }

    /// `value ≥ min`.
    public Filter atLeast(double min) {
      return new NumberRange(field, OptionalDouble.of(min), true, OptionalDouble.empty(), true);
    }

    /// `value > min`.
    public Filter greaterThan(double min) {
      return new NumberRange(field, OptionalDouble.of(min), false, OptionalDouble.empty(), true);
    }

    /// `value ≤ max`.
    public Filter atMost(double max) {
      return new NumberRange(field, OptionalDouble.empty(), true, OptionalDouble.of(max), true);
    }

    /// `value < max`.
    public Filter lessThan(double max) {
      return new NumberRange(field, OptionalDouble.empty(), true, OptionalDouble.of(max), false);
    }

    /// The time is this or later.
    public Filter after(Timestamp from) {
      return new TimeRange(field, Optional.of(from), Optional.empty());
    }

    /// The time is earlier.
    public Filter before(Timestamp before) {
      return new TimeRange(field, Optional.empty(), Optional.of(before));
    }

    /// The time is the query's time plus this or later.
    public Filter afterNow(Duration offset) {
      return new FromNow(field, false, offset);
    }

    /// The time is earlier than the query's time plus this.
    public Filter beforeNow(Duration offset) {
      return new FromNow(field, true, offset);
    }

    /// The time lies within this span before the query's time.
    public Filter within(Duration span) {
      return new Within(field, span);
    }
  }

  /// The beginning of a condition on a signal.
  final class SignalCondition {
    private final String signal;

    SignalCondition(String signal) {
      this.signal = signal;
    }

    /// Its events in a window.
    public MeasureCondition count(Window window) {
      return measure(Measure.COUNT, window);
    }

    /// Its events per second in a window.
    public MeasureCondition velocity(Window window) {
      return measure(Measure.VELOCITY, window);
    }

    /// Its decayed score.
    public MeasureCondition decayed() {
      return measure(Measure.DECAYED, Window.ALL_TIME);
    }

    private MeasureCondition measure(Measure measure, Window window) {
      return new MeasureCondition(
          (how, value) -> new SignalThreshold(signal, measure, window, how, value));
    }
  }

  /// A measure that waits for its comparison.
  final class MeasureCondition {
    private final BiFunction<Comparison, Double, Filter> condition;

    MeasureCondition(BiFunction<Comparison, Double, Filter> condition) {
      this.condition = condition;
    }

    /// `measure ≥ value`.
    public Filter atLeast(double value) {
      return compare(Comparison.AT_LEAST, value);
    }

    /// `measure > value`.
    public Filter greaterThan(double value) {
      return compare(Comparison.GREATER, value);
    }

    /// `measure ≤ value`.
    public Filter atMost(double value) {
      return compare(Comparison.AT_MOST, value);
    }

    /// `measure < value`.
    public Filter lessThan(double value) {
      return compare(Comparison.LESS, value);
    }

    /// Any comparison.
    public Filter compare(Comparison comparison, double value) {
      return condition.apply(comparison, value);
    }
  }
}
