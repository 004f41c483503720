package io.tidaldb.query;

import io.tidaldb.ranking.Conditions;
import io.tidaldb.ranking.NearNames;
import io.tidaldb.ranking.RateReader;
import io.tidaldb.ranking.Windows;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Field;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.QueryPlan;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// A filter, checked against the schema and bound to the indexes of one query. Nothing is read
/// before [#select].
final class FilterPlan {

  private static final String CREATED = "created";
  private static final String CREATOR = "creator";
  private static final String CREATOR_FIELD = "creator_id";
  private static final int SAMPLE_MAX = 1_024;
  private static final double EXACT_MAX = 1L << 53;
  private static final Set<FieldType> NUMBERS =
      Set.of(FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION);

  private final FilterScope scope;
  private final ViewerLeaves viewer;
  private final FilterNode.All root;

  /// Whether a leaf that cannot be bound never holds; else it is refused.
  private boolean lenient;

  private FilterPlan(Filter filter, Filter profiles, FilterScope scope) {
    this.scope = scope;
    this.viewer = new ViewerLeaves(scope);
    var parts = new ArrayList<FilterNode>(parts(filter));
    lenient = true;
    parts.addAll(parts(profiles));
    this.root = new FilterNode.All(parts);
  }

  private FilterPlan(Filter condition, FilterScope scope) {
    this.scope = scope;
    this.viewer = new ViewerLeaves(scope);
    lenient = true;
    this.root = new FilterNode.All(parts(condition));
  }

  private List<FilterNode> parts(Filter filter) {
    var node = node(filter);
    return node instanceof FilterNode.All all ? all.parts() : List.of(node);
  }

  /// Checks and binds a filter.
  ///
  /// @throws InvalidRequestException if it names a field that does not exist or has another type
  /// @throws NotFoundException if it names a signal that does not exist
  static FilterPlan of(Filter filter, FilterScope scope) {
    return new FilterPlan(filter, Filter.all(), scope);
  }

  /// Checks and binds the filters of a request and of its profile.
  ///
  /// @param profiles that of the profile, in which what nobody knows never holds, nor does a state
  ///   without a user
  /// @throws InvalidRequestException if it names a field that does not exist or has another type
  /// @throws NotFoundException if it names a signal that does not exist
  static FilterPlan of(Filter filter, Filter profiles, FilterScope scope) {
    return new FilterPlan(filter, profiles, scope);
  }

  /// Binds a condition of a profile. What it names and nobody knows never holds, nor does a state
  /// without a user.
  static Conditions.Condition condition(Filter when, FilterScope scope) {
    var plan = new FilterPlan(when, scope);
    return (slots, count, out) -> {
      var found = plan.root.select(RoaringBitmap.bitmapOf(Arrays.copyOf(slots, count)));
      for (int i = 0; i < count; i++) {
        out[i] = found.contains(slots[i]) ? 1 : 0;
      }
    };
  }

  /// The slots of `set` that the filter allows; counts in `removed` what each part took.
  RoaringBitmap select(RoaringBitmap set, Map<String, Long> removed) {
    return root.select(set, removed);
  }

  /// The parts that all must hold, each with the share of a set that it allows, as far as a sample
  /// tells.
  List<QueryPlan.Leaf> leaves(RoaringBitmap set) {
    var sample = sample(set);
    double size = Math.max(1, sample.getLongCardinality());
    return root.parts().stream()
        .map(
            part ->
                new QueryPlan.Leaf(part.label(), part.select(sample).getLongCardinality() / size))
        .toList();
  }

  /// Every n-th slot.
  private static RoaringBitmap sample(RoaringBitmap set) {
    long size = set.getLongCardinality();
    if (size <= SAMPLE_MAX) {
      return set;
    }
    var sample = new RoaringBitmap();
    for (long i = 0; i < SAMPLE_MAX; i++) {
      sample.add(set.select((int) (i * size / SAMPLE_MAX)));
    }
    return sample;
  }

  private FilterNode node(Filter filter) {
    if (!lenient
        || filter instanceof Filter.And
        || filter instanceof Filter.Or
        || filter instanceof Filter.Not) {
      return bound(filter);
    }
    try {
      return bound(filter);
    } catch (InvalidRequestException | NotFoundException e) {
      return FilterNode.indexed(filter.text(), RoaringBitmap::new);
    }
  }

  private FilterNode bound(Filter filter) {
    var ofCreators = new CreatorLeaves(scope).bind(filter);
    if (ofCreators.isPresent()) {
      return ofCreators.get();
    }
    return switch (filter) {
      case Filter.And and -> new FilterNode.All(and.parts().stream().map(this::node).toList());
      case Filter.Or or -> new FilterNode.Any(or.parts().stream().map(this::node).toList());
      case Filter.Not(Filter part) -> new FilterNode.Negated(node(part));
      case Filter.KeywordIn in -> keywords(in);
      case Filter.HasAll all -> hasAll(all);
      case Filter.Exists(String field) -> exists(field);
      case Filter.NumberRange range -> numbers(range);
      case Filter.TimeRange range -> times(range);
      case Filter.FromNow from -> times(RequestRules.fixed(from, scope.at()));
      case Filter.Within within -> within(within);
      case Filter.BooleanIs(String field, boolean value) -> {
        require(field, FieldType.BOOLEAN);
        yield FilterNode.indexed(field + " = " + value, () -> scope.items().booleans(field, value));
      }
      case Filter.IdIn in -> FilterNode.indexed("id IN (" + in.ids().size() + ")", () -> ids(in));
      case Filter.RefersTo refers -> references(refers);
      case Filter.StateIs is -> {
        requireItems(is.state().label());
        yield viewer.state(is);
      }
      case Filter.RelatedBy by -> viewer.related(by);
      case Filter.InNetwork in -> {
        requireItems("in_network");
        yield viewer.network(in);
      }
      case Filter.AffinityAtLeast atLeast -> viewer.affinity(atLeast);
      case Filter.InMyCollections() -> {
        requireItems("in_my_collections");
        yield viewer.ownCollections();
      }
      case Filter.InCollection in -> {
        requireItems("in_collection");
        // Whether the viewer may see it is part of the question, so it is asked at once.
        var members = scope.people().collection(in.collection());
        yield FilterNode.indexed("in_collection(id:" + in.collection() + ")", () -> members);
      }
      case Filter.SignalThreshold threshold -> threshold(threshold);
      case Filter.RateThreshold threshold -> rate(threshold);
    };
  }

  private void requireItems(String leaf) {
    if (scope.kind() != EntityKind.ITEM) {
      throw new InvalidRequestException(
          "FILTER_OF_ITEMS",
          "only items can be filtered by: filter=" + leaf + " kind=" + scope.kind());
    }
  }

  private FilterNode keywords(Filter.KeywordIn in) {
    if (in.values().isEmpty()) {
      // Nothing is in an empty list, whatever it would be a list of.
      var empty = field(in.field().equals(CREATOR) ? CREATOR_FIELD : in.field());
      return FilterNode.indexed(empty.name() + " IN ()", RoaringBitmap::new);
    }
    require(in.field(), FieldType.KEYWORD, FieldType.TAGS);
    return FilterNode.indexed(
        in.field() + " IN " + in.values(),
        () -> {
          var found = new RoaringBitmap();
          in.values().forEach(value -> found.or(scope.items().keyword(in.field(), value)));
          return found;
        });
  }

  private FilterNode hasAll(Filter.HasAll all) {
    require(all.field(), FieldType.TAGS, FieldType.KEYWORD);
    return FilterNode.indexed(
        all.field() + " HAS ALL " + all.values(),
        () -> {
          // All of nothing still asks for a present field: a leaf on an absent value is false.
          var found = scope.items().present(all.field());
          all.values().forEach(value -> found.and(scope.items().keyword(all.field(), value)));
          return found;
        });
  }

  private FilterNode exists(String field) {
    var label = "EXISTS " + field;
    if (field.equals(CREATED)) {
      return FilterNode.indexed(label, () -> scope.items().live());
    }
    var name = field.equals(CREATOR) ? CREATOR_FIELD : field;
    var declared = field(name);
    if (declared.type() == FieldType.PLAIN || declared.type() == FieldType.TEXT) {
      throw wrongType(declared, "an indexed type");
    }
    return FilterNode.indexed(label, () -> scope.items().present(name));
  }

  private FilterNode numbers(Filter.NumberRange range) {
    var id = asId(range);
    if (id.isPresent()) {
      return references(new Filter.RefersTo(range.field(), Set.of(id.get())));
    }
    require(range.field(), FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION);
    checkNumbers(range);
    double min = range.min().orElse(Double.NEGATIVE_INFINITY);
    double max = range.max().orElse(Double.POSITIVE_INFINITY);
    var label =
        range.field()
            + " IN "
            + (range.minInclusive() ? "[" : "(")
            + min
            + ", "
            + max
            + (range.maxInclusive() ? "]" : ")");
    return FilterNode.indexed(
        label,
        () ->
            scope
                .items()
                .numbers(range.field(), min, range.minInclusive(), max, range.maxInclusive()));
  }

  /// Refuses ends that nothing compares with.
  static void checkNumbers(Filter.NumberRange range) {
    if (Double.isNaN(range.min().orElse(0)) || Double.isNaN(range.max().orElse(0))) {
      throw new InvalidRequestException(
          "FILTER_NOT_A_NUMBER",
          "filter compares with what is not a number: field=" + range.field());
    }
  }

  /// What a whole number that something equals says of a field of ids.
  private Optional<EntityId> asId(Filter.NumberRange range) {
    boolean equality = range.min().isPresent() && range.min().equals(range.max());
    if (!equality || field(range.field()).type() != FieldType.ID) {
      return Optional.empty();
    }
    double number = range.min().getAsDouble();
    return number >= 0 && number <= EXACT_MAX && number == Math.rint(number)
        ? Optional.of(EntityId.of((long) number))
        : Optional.empty();
  }

  private FilterNode times(Filter.TimeRange range) {
    requireTime(range.field());
    long from = range.from().map(Timestamp::nanos).orElse(0L);
    var label =
        range.field()
            + " IN ["
            + from
            + ", "
            + range.before().map(Timestamp::nanos).map(String::valueOf).orElse("")
            + ")";
    return FilterNode.indexed(
        label,
        () ->
            range.before().isPresent()
                ? scope.items().times(range.field(), from, range.before().get().nanos())
                : notBefore(range.field(), from));
  }

  /// The index's ranges have an exclusive end, which cannot express the last nanosecond: the rest
  /// of what is earlier.
  private RoaringBitmap notBefore(String field, long from) {
    var found = field.equals(CREATED) ? scope.items().live() : scope.items().present(field);
    if (from > 0) {
      found.andNot(scope.items().times(field, 0, from));
    }
    return found;
  }

  private FilterNode within(Filter.Within within) {
    requireTime(within.field());
    if (within.span().isNegative()) {
      throw new InvalidRequestException(
          "FILTER_SPAN_NEGATIVE",
          "filter looks into the future: field=" + within.field() + " within=" + within.span());
    }
    long from = Math.max(0, scope.at() - saturatedNanos(within.span()) + 1);
    long before = scope.at() == Long.MAX_VALUE ? scope.at() : scope.at() + 1;
    return FilterNode.indexed(
        within.field() + " WITHIN " + within.span(),
        () ->
            from < before
                ? scope.items().times(within.field(), from, before)
                : new RoaringBitmap());
  }

  /// A span in nanoseconds, the longest one if it is longer.
  static long saturatedNanos(Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private RoaringBitmap ids(Filter.IdIn in) {
    var found = new RoaringBitmap();
    for (var id : in.ids()) {
      int slot = scope.slots().slot(scope.kind(), id.value());
      if (slot >= 0) {
        found.add(slot);
      }
    }
    return found;
  }

  private FilterNode references(Filter.RefersTo refers) {
    var name = refers.field().equals(CREATOR) ? CREATOR_FIELD : refers.field();
    if (NUMBERS.contains(field(name).type())) {
      // Whole numbers in a list; the schema says that they are no ids.
      return new FilterNode.Any(
          refers.ids().stream().map(id -> numbers(name, asNumber(id))).toList());
    }
    require(name, FieldType.ID);
    return FilterNode.indexed(
        refers.field() + " IN " + refers.ids(),
        () -> {
          var found = new RoaringBitmap();
          refers.ids().forEach(id -> found.or(scope.items().references(name, id.value())));
          return found;
        });
  }

  private FilterNode numbers(String field, double number) {
    var value = OptionalDouble.of(number);
    return numbers(new Filter.NumberRange(field, value, true, value, true));
  }

  private static double asNumber(EntityId id) {
    return id.value() >= 0 ? id.value() : Double.parseDouble(id.toString());
  }

  private FilterNode threshold(Filter.SignalThreshold threshold) {
    var type = signal(threshold.signal());
    checkNumber(threshold.value(), "signal=" + type.name());
    var window =
        switch (threshold.measure()) {
          case DECAYED -> threshold.window();
          case COUNT -> Windows.forCount(type, threshold.window(), scope.warnings());
          case VELOCITY -> {
            if (!type.velocity()) {
              throw new InvalidRequestException(
                  "VELOCITY_UNDECLARED",
                  "signal declares no velocity: signal="
                      + type.name()
                      + "; declare it in the schema or ask for a count");
            }
            yield Windows.forVelocity(type, threshold.window(), scope.warnings());
          }
        };
    var label =
        threshold.measure().label()
            + "("
            + type.name()
            + (threshold.measure() == Measure.DECAYED ? "" : ", " + window.label())
            + ") "
            + threshold.comparison().symbol()
            + " "
            + threshold.value();
    var numbers =
        new SignalNumbers(scope.signals(), type.id().value(), threshold.measure(), window);
    return new FilterNode.Threshold(label, numbers, threshold.comparison(), threshold.value());
  }

  private FilterNode rate(Filter.RateThreshold threshold) {
    checkNumber(threshold.value(), "rate=" + threshold.rate().label());
    var rates = RateReader.of(threshold.rate(), scope.ranking(), scope.warnings());
    return new FilterNode.Threshold(
        threshold.text(), rates::read, threshold.comparison(), threshold.value());
  }

  private static void checkNumber(double value, String of) {
    if (Double.isNaN(value)) {
      throw new InvalidRequestException(
          "FILTER_NOT_A_NUMBER", "filter compares with what is not a number: " + of);
    }
  }

  private SignalType signal(String name) {
    var type = scope.schema().signal(name).filter(t -> t.target() == scope.kind());
    var names =
        scope.schema().signals().stream()
            .filter(t -> t.target() == scope.kind())
            .map(SignalType::name)
            .toList();
    return type.orElseThrow(
        () ->
            new NotFoundException(
                "signal", name, NearNames.advice(name, names, "declared are " + names)));
  }

  private void requireTime(String field) {
    if (!field.equals(CREATED)) {
      require(field, FieldType.TIME);
    }
  }

  private void require(String name, FieldType... allowed) {
    var field = field(name);
    if (!Set.of(allowed).contains(field.type())) {
      throw wrongType(
          field, String.join(" or ", Set.of(allowed).stream().map(Enum::name).sorted().toList()));
    }
  }

  private Field field(String name) {
    return scope
        .schema()
        .field(scope.kind(), name)
        .orElseThrow(
            () -> {
              var names = scope.schema().fields(scope.kind()).stream().map(Field::name).toList();
              return new InvalidRequestException(
                  "FIELD_UNDECLARED",
                  "field is not declared: field="
                      + name
                      + " kind="
                      + scope.kind().name().toLowerCase(Locale.ROOT)
                      + "; "
                      + NearNames.advice(name, names, "declared are " + names));
            });
  }

  private static InvalidRequestException wrongType(Field field, String allowed) {
    return new InvalidRequestException(
        "FIELD_TYPE",
        "field has another type: field="
            + field.name()
            + " type="
            + field.type()
            + " needed="
            + allowed);
  }
}
