package io.tidaldb.testing;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataValue;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Filters, evaluated one entity at a time as they read.
public final class ModelFilter {

  private final ModelDb model;
  private final EntityKind kind;
  private final long at;

  /// Evaluates filters of this kind at this time.
  public ModelFilter(ModelDb model, EntityKind kind, long at) {
    this.model = model;
    this.kind = kind;
    this.at = at;
  }

  /// Whether a written entity fits.
  public boolean fits(Filter filter, EntityId id) {
    var life = model.entities(kind).get(id);
    return switch (filter) {
      case Filter.And(var parts) -> parts.stream().allMatch(part -> fits(part, id));
      case Filter.Or(var parts) -> parts.stream().anyMatch(part -> fits(part, id));
      case Filter.Not(var part) -> !fits(part, id);
      case Filter.KeywordIn(var field, var values) ->
          keywords(life.metadata(), field).stream()
              .anyMatch(has -> values.stream().anyMatch(v -> folded(v).equals(has)));
      case Filter.HasAll(var field, var values) ->
          values.stream().allMatch(v -> keywords(life.metadata(), field).contains(folded(v)));
      case Filter.Exists(var field) ->
          field.equals("created") || life.metadata().value(alias(field)).isPresent();
      case Filter.NumberRange range -> isIn(range, life.metadata().number(range.field()));
      case Filter.TimeRange(var field, var from, var before) -> {
        var time = time(life, field);
        yield time.isPresent()
            && from.stream().allMatch(f -> f.nanos() <= time.getAsLong())
            && before.stream().allMatch(b -> time.getAsLong() < b.nanos());
      }
      case Filter.FromNow(var field, var before, var offset) -> {
        var time = time(life, field);
        var from = Instant.ofEpochSecond(0, at).plus(offset);
        yield time.isPresent()
            && before == Instant.ofEpochSecond(0, time.getAsLong()).isBefore(from);
      }
      case Filter.Within(var field, var span) -> {
        var time = time(life, field);
        yield time.isPresent() && at - span.toNanos() < time.getAsLong() && time.getAsLong() <= at;
      }
      case Filter.BooleanIs(var field, var value) ->
          life.metadata().flag(field).map(flag -> flag == value).orElse(false);
      case Filter.IdIn(var ids) -> ids.contains(id);
      case Filter.RefersTo(var field, var ids) ->
          life.metadata().id(alias(field)).map(ids::contains).orElse(false);
      case Filter.StateIs _,
          Filter.RelatedBy _,
          Filter.InCollection _,
          Filter.InMyCollections _,
          Filter.InNetwork _,
          Filter.AffinityAtLeast _ ->
          throw new IllegalArgumentException("needs a user: " + filter);
      case Filter.RateThreshold _ ->
          throw new IllegalArgumentException("needs the whole: " + filter);
      case Filter.SignalThreshold threshold ->
          threshold.comparison().test(measure(threshold, id), threshold.value());
    };
  }

  private static String alias(String field) {
    return field.equals("creator") ? "creator_id" : field;
  }

  private static OptionalLong time(ModelDb.Life life, String field) {
    return field.equals("created")
        ? OptionalLong.of(life.created())
        : life.metadata().value(field).orElse(null) instanceof MetadataValue.Moment(var moment)
            ? OptionalLong.of(moment.nanos())
            : OptionalLong.empty();
  }

  private static boolean isIn(Filter.NumberRange range, OptionalDouble number) {
    if (number.isEmpty()) {
      return false;
    }
    double x = number.getAsDouble();
    double min = range.min().orElse(Double.NEGATIVE_INFINITY);
    double max = range.max().orElse(Double.POSITIVE_INFINITY);
    return (range.minInclusive() ? x >= min : x > min)
        && (range.maxInclusive() ? x <= max : x < max);
  }

  private double measure(Filter.SignalThreshold threshold, EntityId id) {
    long count = model.count(id, threshold.signal(), threshold.window(), at);
    return threshold.measure() == Measure.DECAYED
        ? model.decayScore(id, threshold.signal(), at)
        : threshold.measure() == Measure.COUNT
            ? count
            : (double) count / threshold.window().seconds();
  }

  private static List<String> keywords(Metadata metadata, String field) {
    return metadata.keywords(field).stream().map(ModelFilter::folded).toList();
  }

  private static String folded(String value) {
    return Normalizer.normalize(value, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }
}
