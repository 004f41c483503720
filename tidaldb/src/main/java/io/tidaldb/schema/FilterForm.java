package io.tidaldb.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// The one form of filters that mean the same by the way they are put together: chains are flat, a
/// composition has two parts at least, a range one end or two inclusive ones. What fields exist and
/// what they hold is not looked at.
final class FilterForm {

  /// Beyond it a filter is left as it is: it is refused anyway, and no nesting may exhaust the
  /// stack.
  private static final int NESTING_MAX = 512;

  private static final String ID = "id";
  private static final String CREATOR = "creator";
  private static final double EXACT_MAX = 1L << 53;
  private static final double IDS = 0x1p64;

  private FilterForm() {}

  /// The filter in its one form; the same object if it has it already.
  static Filter canonical(Filter filter) {
    return isTooDeep(filter, 0) ? filter : form(filter);
  }

  private static boolean isTooDeep(Filter filter, int nesting) {
    if (nesting > NESTING_MAX) {
      return true;
    }
    return switch (filter) {
      case Filter.And(var parts) -> anyTooDeep(parts, nesting);
      case Filter.Or(var parts) -> anyTooDeep(parts, nesting);
      case Filter.Not(var part) -> isTooDeep(part, nesting + 1);
      default -> false;
    };
  }

  private static boolean anyTooDeep(List<Filter> parts, int nesting) {
    for (var part : parts) {
      if (isTooDeep(part, nesting + 1)) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // What is the same object needs no new one around it.
  private static Filter form(Filter filter) {
    return switch (filter) {
      case Filter.And and -> conjunction(and);
      case Filter.Or or -> disjunction(or);
      case Filter.Not not -> {
        var part = form(not.part());
        yield part == not.part() ? not : new Filter.Not(part);
      }
      case Filter.HasAll(var field, var values) when values.isEmpty() -> new Filter.Exists(field);
      case Filter.KeywordIn(var field, var values) when values.isEmpty() -> nothing(field);
      case Filter.NumberRange range -> range(range);
      case Filter.TimeRange range -> times(range);
      case Filter.RefersTo(var field, var ids) when field.equals(ID) -> new Filter.IdIn(ids);
      case Filter.RefersTo(var field, var ids) when ids.isEmpty() && !field.equals(CREATOR) ->
          nothing(field);
      case Filter.SignalThreshold threshold -> threshold(threshold);
      case Filter.RateThreshold(var rate, var comparison, double value) when value == 0 ->
          new Filter.RateThreshold(rate, comparison, 0.0);
      case Filter.AffinityAtLeast(double min) when min == 0 -> new Filter.AffinityAtLeast(0.0);
      default -> filter;
    };
  }

  private static Filter conjunction(Filter.And and) {
    var parts = new ArrayList<Filter>(and.parts().size());
    for (var part : and.parts()) {
      var form = form(part);
      if (form instanceof Filter.And(var inner)) {
        parts.addAll(inner);
      } else {
        parts.add(form);
      }
    }
    return parts.size() == 1
        ? parts.getFirst()
        : same(parts, and.parts()) ? and : new Filter.And(parts);
  }

  private static Filter disjunction(Filter.Or or) {
    var parts = new ArrayList<Filter>(or.parts().size());
    for (var part : or.parts()) {
      var form = form(part);
      if (form instanceof Filter.Or(var inner)) {
        parts.addAll(inner);
      } else {
        parts.add(form);
      }
    }
    return switch (parts.size()) {
      case 0 -> new Filter.Not(Filter.all());
      case 1 -> parts.getFirst();
      default -> same(parts, or.parts()) ? or : new Filter.Or(parts);
    };
  }

  @SuppressWarnings("ReferenceEquality") // What is the same object needs no new one around it.
  private static boolean same(List<Filter> left, List<Filter> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i) != right.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static Filter range(Filter.NumberRange range) {
    var field = range.field();
    var min = end(range.min(), Double.NEGATIVE_INFINITY);
    var max = end(range.max(), Double.POSITIVE_INFINITY);
    if (min.isEmpty() && max.isEmpty()) {
      return new Filter.Exists(field);
    }
    if (isInfinite(min) || isInfinite(max)) {
      return nothing(field);
    }
    boolean minInclusive = min.isEmpty() || range.minInclusive();
    boolean maxInclusive = max.isEmpty() || range.maxInclusive();
    if (min.isPresent() && max.isPresent()) {
      if (!minInclusive || !maxInclusive) {
        return new Filter.And(
            List.of(
                new Filter.NumberRange(field, min, minInclusive, OptionalDouble.empty(), true),
                new Filter.NumberRange(field, OptionalDouble.empty(), true, max, maxInclusive)));
      }
      if (isId(field, min.getAsDouble(), max.getAsDouble())) {
        var exact = new BigDecimal(min.getAsDouble()).toBigInteger();
        return ids(field, Set.of(EntityId.of(exact.longValue())));
      }
    }
    var form = new Filter.NumberRange(field, min, minInclusive, max, maxInclusive);
    return form.equals(range) ? range : form;
  }

  /// No end where it bounds nothing; no negative zero.
  private static OptionalDouble end(OptionalDouble end, double unbounded) {
    if (end.isEmpty() || end.getAsDouble() == unbounded) {
      return OptionalDouble.empty();
    }
    return end.getAsDouble() == 0 ? OptionalDouble.of(0.0) : end;
  }

  private static boolean isInfinite(OptionalDouble end) {
    return end.isPresent() && Double.isInfinite(end.getAsDouble());
  }

  /// Whether an equality is one of ids: of a field of ids, or of a number so great that only an id
  /// is written in full. What it is compared with says the schema.
  private static boolean isId(String field, double min, double max) {
    boolean named = field.equals(ID) || field.equals(CREATOR);
    return min == max && min >= (named ? 0 : EXACT_MAX) && min < IDS && min == Math.rint(min);
  }

  /// Entities, or what refers to them.
  private static Filter ids(String field, Set<EntityId> ids) {
    return field.equals(ID) ? new Filter.IdIn(ids) : new Filter.RefersTo(field, ids);
  }

  /// A list without values, which nothing fits.
  private static Filter nothing(String field) {
    return field.equals(ID) || field.equals(CREATOR)
        ? ids(field, Set.of())
        : new Filter.KeywordIn(field, Set.of());
  }

  private static Filter times(Filter.TimeRange range) {
    if (range.from().isPresent() && range.before().isPresent()) {
      return new Filter.And(
          List.of(
              new Filter.TimeRange(range.field(), range.from(), Optional.empty()),
              new Filter.TimeRange(range.field(), Optional.empty(), range.before())));
    }
    return range.from().isEmpty() && range.before().isEmpty()
        ? new Filter.Exists(range.field())
        : range;
  }

  private static Filter threshold(Filter.SignalThreshold threshold) {
    boolean windowed = threshold.measure() != Measure.DECAYED;
    var window = windowed ? threshold.window() : Window.ALL_TIME;
    double value = threshold.value() == 0 ? 0.0 : threshold.value();
    var form =
        new Filter.SignalThreshold(
            threshold.signal(), threshold.measure(), window, threshold.comparison(), value);
    return form.equals(threshold) ? threshold : form;
  }
}
