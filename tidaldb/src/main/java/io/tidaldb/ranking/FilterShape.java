package io.tidaldb.ranking;

import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/// The limits on the shape of a filter. A conjunction inside a conjunction is the same level, so a
/// long chain of `and` is not deep.
public final class FilterShape {

  static final int LEAVES_MAX = 256;
  static final int DEPTH_MAX = 16;
  static final int VALUES_MAX = 10_000;

  // Beyond it not even chains are followed, so that no nesting exhausts the stack.
  private static final int NESTING_MAX = 1_024;

  private int leaves;

  private FilterShape() {}

  /// The same filter with chains flattened.
  ///
  /// @throws InvalidRequestException if it has too many leaves, levels, or values in a leaf
  public static Filter flatten(Filter filter) {
    return new FilterShape().flatten(filter, 1, 1);
  }

  private Filter flatten(Filter filter, int depth, int nesting) {
    if (depth > DEPTH_MAX || nesting > NESTING_MAX) {
      throw new InvalidRequestException(
          "FILTER_TOO_DEEP", "filter is nested too deep: limit=" + DEPTH_MAX);
    }
    return switch (filter) {
      case Filter.And and -> {
        var parts = new ArrayList<Filter>();
        for (var part : and.parts()) {
          boolean chain = part instanceof Filter.And;
          var flat = flatten(part, chain ? depth : depth + 1, nesting + 1);
          parts.addAll(flat instanceof Filter.And(List<Filter> inner) ? inner : List.of(flat));
        }
        yield new Filter.And(parts);
      }
      case Filter.Or or -> {
        var parts = new ArrayList<Filter>();
        for (var part : or.parts()) {
          boolean chain = part instanceof Filter.Or;
          var flat = flatten(part, chain ? depth : depth + 1, nesting + 1);
          parts.addAll(flat instanceof Filter.Or(List<Filter> inner) ? inner : List.of(flat));
        }
        yield new Filter.Or(parts);
      }
      case Filter.Not(Filter part) -> new Filter.Not(flatten(part, depth + 1, nesting + 1));
      case Filter.KeywordIn(String field, var values) -> leaf(filter, field, values.size());
      case Filter.HasAll(String field, var values) -> leaf(filter, field, values.size());
      case Filter.IdIn(var ids) -> leaf(filter, "id", ids.size());
      case Filter.RefersTo(String field, var ids) -> leaf(filter, field, ids.size());
      case Filter.Exists(String field) -> leaf(filter, field, 1);
      case Filter.NumberRange range -> leaf(filter, range.field(), 1);
      case Filter.TimeRange range -> leaf(filter, range.field(), 1);
      case Filter.FromNow from -> leaf(filter, from.field(), 1);
      case Filter.Within within -> leaf(filter, within.field(), 1);
      case Filter.BooleanIs is -> leaf(filter, is.field(), 1);
      case Filter.StateIs is -> leaf(filter, is.state().label(), 1);
      case Filter.RelatedBy by -> leaf(filter, by.type().label(), 1);
      case Filter.InCollection in -> leaf(filter, "in_collection", 1);
      case Filter.InMyCollections _ -> leaf(filter, "in_my_collections", 1);
      case Filter.InNetwork _ -> leaf(filter, "in_network", 1);
      case Filter.AffinityAtLeast _ -> leaf(filter, "affinity", 1);
      case Filter.RateThreshold threshold -> leaf(filter, threshold.rate().label(), 1);
      case Filter.SignalThreshold threshold -> leaf(filter, threshold.signal(), 1);
    };
  }

  private Filter leaf(Filter leaf, String field, int values) {
    leaves++;
    if (leaves > LEAVES_MAX) {
      throw new InvalidRequestException(
          "FILTER_TOO_MANY_LEAVES", "filter has too many leaves: limit=" + LEAVES_MAX);
    }
    if (values > VALUES_MAX) {
      throw new InvalidRequestException(
          "FILTER_TOO_MANY_VALUES",
          "filter lists too many values: field="
              + field
              + " given="
              + values
              + " limit="
              + VALUES_MAX);
    }
    return leaf;
  }
}
