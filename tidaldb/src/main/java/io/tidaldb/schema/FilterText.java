package io.tidaldb.schema;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.schema.Filter.NumberRange;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/// Filters as TidalQL: keywords in capitals, values sorted, parentheses only where they are needed.
final class FilterText {

  private final StringBuilder out;

  private FilterText(StringBuilder out) {
    this.out = out;
  }

  static String write(Filter filter) {
    var out = new StringBuilder();
    write(filter, out);
    return out.toString();
  }

  /// @param filter in its canonical form
  static void write(Filter filter, StringBuilder out) {
    new FilterText(out).expression(filter);
  }

  private void expression(Filter filter) {
    switch (filter) {
      case Filter.Or(var parts) when parts.isEmpty() -> out.append("NOT unblocked");
      case Filter.Or(var parts) -> join(parts, " OR ", false);
      case Filter.And(var parts) when parts.isEmpty() -> out.append("unblocked");
      case Filter.And(var parts) -> join(parts, " AND ", true);
      case Filter.Not(var part) -> negation(part);
      case Filter.KeywordIn(var field, var values) -> keywords(field, values);
      case Filter.HasAll(var field, var values) -> {
        name(field).append(" HAS ALL ");
        strings(values);
      }
      case Filter.Exists(var field) -> {
        out.append("EXISTS ");
        name(field);
      }
      case NumberRange range -> range(range);
      case Filter.TimeRange range -> times(range);
      case Filter.FromNow from -> fromNow(from);
      case Filter.Within(var field, var span) ->
          name(field).append(" WITHIN ").append(QueryWords.span(span));
      case Filter.BooleanIs(var field, var value) -> name(field).append(" = ").append(value);
      case Filter.IdIn(var ids) -> ids("id", ids);
      case Filter.RefersTo(var field, var ids) -> ids(field, ids);
      case Filter.StateIs is -> {
        out.append(is.state().label());
        within(is);
      }
      case Filter.RelatedBy(var type) -> out.append(relation(type));
      case Filter.InCollection(var collection) ->
          out.append("in_collection(id:").append(collection).append(')');
      case Filter.InMyCollections() -> out.append("in_my_collections()");
      case Filter.InNetwork(int depth) -> out.append("in_network(depth:").append(depth).append(')');
      case Filter.AffinityAtLeast(double min) ->
          out.append("affinity(min:").append(QueryWords.number(min)).append(')');
      case Filter.RateThreshold(var rate, var comparison, double value) -> {
        out.append(rate.label()).append("()");
        compared(comparison, value);
      }
      case Filter.SignalThreshold threshold -> threshold(threshold);
    }
  }

  private void join(List<Filter> parts, String between, boolean conjunction) {
    var first = true;
    for (var part : parts) {
      if (!first) {
        out.append(between);
      }
      first = false;
      if (conjunction && part instanceof Filter.Or) {
        parentheses(part);
      } else {
        expression(part);
      }
    }
  }

  private void parentheses(Filter part) {
    out.append('(');
    expression(part);
    out.append(')');
  }

  private void negation(Filter part) {
    switch (part) {
      case Filter.StateIs is when is.state() == UserState.SEEN && is.within().isEmpty() ->
          out.append("unseen");
      case Filter.StateIs is when is.state() == UserState.SHOWN -> {
        out.append("unshown");
        within(is);
      }
      case Filter.And(var parts) when !parts.isEmpty() -> {
        out.append("NOT ");
        parentheses(part);
      }
      case Filter.Or _ -> {
        out.append("NOT ");
        parentheses(part);
      }
      default -> {
        out.append("NOT ");
        expression(part);
      }
    }
  }

  private void within(Filter.StateIs is) {
    is.within().ifPresent(span -> out.append(" WITHIN ").append(QueryWords.span(span)));
  }

  private static String relation(RelationType type) {
    return switch (type) {
      case FOLLOW -> "followed";
      case MUTE -> "muted";
      default -> "related(type:" + type.label() + ")";
    };
  }

  private void keywords(String field, Collection<String> values) {
    if (values.size() == 1) {
      name(field).append(" = ").append(QueryWords.quoted(values.iterator().next()));
      return;
    }
    name(field).append(" IN ");
    strings(values);
  }

  private void strings(Collection<String> values) {
    out.append('(');
    var between = "";
    for (var value : values) {
      out.append(between).append(QueryWords.quoted(value));
      between = ", ";
    }
    out.append(')');
  }

  /// One id of `id` and `creator` is an equality; of other fields an equality would be one of
  /// numbers.
  private void ids(String field, Collection<EntityId> ids) {
    if (ids.size() == 1 && (field.equals("id") || field.equals("creator"))) {
      name(field).append(" = ").append(ids.iterator().next());
      return;
    }
    name(field).append(" IN (");
    var between = "";
    for (var id : ids) {
      out.append(between).append(id);
      between = ", ";
    }
    out.append(')');
  }

  private void range(NumberRange range) {
    if (range.min().isPresent() && range.max().isPresent()) {
      double min = range.min().getAsDouble();
      double max = range.max().getAsDouble();
      name(range.field());
      if (min == max) {
        out.append(" = ").append(QueryWords.number(min));
      } else {
        out.append(" BETWEEN ").append(QueryWords.number(min));
        out.append(" AND ").append(QueryWords.number(max));
      }
      return;
    }
    end(range.field(), range.min(), range.minInclusive() ? " >= " : " > ");
    end(range.field(), range.max(), range.maxInclusive() ? " <= " : " < ");
  }

  private void end(String field, OptionalDouble end, String symbol) {
    if (end.isPresent()) {
      name(field).append(symbol).append(QueryWords.number(end.getAsDouble()));
    }
  }

  private void times(Filter.TimeRange range) {
    range
        .from()
        .ifPresent(from -> name(range.field()).append(" AFTER \"").append(from).append('"'));
    range
        .before()
        .ifPresent(before -> name(range.field()).append(" BEFORE \"").append(before).append('"'));
  }

  private void fromNow(Filter.FromNow from) {
    name(from.field()).append(from.before() ? " BEFORE now" : " AFTER now");
    QueryText.offset(from.offset(), out);
  }

  private void threshold(Filter.SignalThreshold threshold) {
    out.append("signal(name:");
    name(threshold.signal()).append(", measure:").append(threshold.measure().label());
    if (threshold.measure() != Measure.DECAYED) {
      out.append(", window:").append(threshold.window().label());
    }
    out.append(')');
    compared(threshold.comparison(), threshold.value());
  }

  private void compared(Filter.Comparison comparison, double value) {
    out.append(' ').append(comparison.symbol()).append(' ').append(QueryWords.number(value));
  }

  /// A name; of a field of the item's creator, two.
  @CanIgnoreReturnValue
  private StringBuilder name(String name) {
    int dot = name.indexOf('.');
    return dot < 0
        ? out.append(QueryWords.name(name))
        : out.append(QueryWords.name(name.substring(0, dot)))
            .append('.')
            .append(QueryWords.name(name.substring(dot + 1)));
  }
}
