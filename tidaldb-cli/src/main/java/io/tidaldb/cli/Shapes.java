package io.tidaldb.cli;

import io.tidaldb.cli.load.Loaded;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.Window;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// The JSON shapes of what the library gives. Ids are strings, since JSON's numbers end at 2^53;
/// moments are ISO-8601.
public final class Shapes {

  private Shapes() {}

  /// A page.
  ///
  /// @param entities finds the entity of a hit
  public static Map<String, Object> results(
      Results results, Function<Hit, Optional<Entity>> entities) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("hits", results.hits().stream().map(hit -> hit(hit, entities.apply(hit))).toList());
    shape.put("next", results.next().orElse(null));
    shape.put("constraints_satisfied", results.constraintsSatisfied());
    shape.put(
        "warnings",
        results.warnings().stream()
            .map(warning -> Map.of("code", warning.code(), "facts", warning.facts()))
            .toList());
    shape.put("stats", stats(results.stats()));
    shape.put("request_id", results.requestId());
    return shape;
  }

  private static Map<String, Object> hit(Hit hit, Optional<Entity> entity) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("id", hit.id().toString());
    shape.put("rank", hit.rank());
    shape.put("score", hit.score());
    shape.put("slot", hit.slot().name().toLowerCase(Locale.ROOT));
    entity.ifPresent(found -> shape.put("metadata", metadata(found)));
    shape.put("sources", hit.sources());
    shape.put("snapshot", hit.snapshot());
    shape.put("explanation", part(hit.explanation()));
    return shape;
  }

  /// A tree of parts.
  public static Map<String, Object> part(Part part) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("name", part.name());
    shape.put("contribution", part.contribution());
    shape.put("detail", part.detail());
    shape.put("children", part.children().stream().map(Shapes::part).toList());
    return shape;
  }

  private static Map<String, Object> stats(QueryStats stats) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("profile", stats.profile());
    shape.put("at", stats.at().toString());
    shape.put("position", stats.position());
    shape.put("strategy", stats.strategy());
    shape.put("exact", stats.exact());
    shape.put("universe", stats.universe());
    shape.put("allowed", stats.allowed());
    shape.put("scored", stats.scored());
    shape.put("removed", stats.removed());
    shape.put("returned", stats.returned());
    stats.surface().ifPresent(surface -> shape.put("surface", surface));
    stats.since().ifPresent(since -> shape.put("since", since.toString()));
    shape.put("sources", stats.sources().stream().map(Shapes::source).toList());
    shape.put("stage_micros", stats.stageMicros());
    return shape;
  }

  private static Map<String, Object> source(QueryStats.FromSource source) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("source", source.source());
    shape.put("asked", source.asked());
    shape.put("produced", source.produced());
    shape.put("fresh", source.fresh());
    shape.put("returned", source.returned());
    shape.put("micros", source.micros());
    return shape;
  }

  /// An entity.
  public static Map<String, Object> entity(Entity entity) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("kind", entity.kind().name().toLowerCase(java.util.Locale.ROOT));
    shape.put("id", entity.id().toString());
    shape.put("metadata", metadata(entity));
    shape.put("created", entity.created().toString());
    shape.put("first_position", entity.firstPosition());
    shape.put("last_position", entity.lastPosition());
    return shape;
  }

  private static Map<String, Object> metadata(Entity entity) {
    var shape = new LinkedHashMap<String, Object>();
    entity.metadata().values().forEach((key, value) -> shape.put(key, value(value)));
    return shape;
  }

  private static Object value(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Tags tags -> tags.keywords();
      case MetadataValue.Whole whole -> whole.value();
      case MetadataValue.Real real -> real.value();
      case MetadataValue.Flag flag -> flag.value();
      case MetadataValue.Text text -> text.text();
      case MetadataValue.Span span -> span.text();
      case MetadataValue.Moment moment -> moment.text();
      case MetadataValue.Id id -> id.text();
    };
  }

  /// What is kept about a signal of an entity.
  public static Map<String, Object> reading(SignalReading reading) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("decayed_score", reading.decayedScore());
    shape.put("counts", byLabel(reading.counts()));
    shape.put("velocities", byLabel(reading.velocities()));
    return shape;
  }

  private static <V> Map<String, V> byLabel(Map<Window, V> byWindow) {
    var shape = new LinkedHashMap<String, V>();
    new TreeMap<>(byWindow).forEach((window, value) -> shape.put(window.label(), value));
    return shape;
  }

  /// What became of a source.
  static Map<String, Object> loaded(Loaded loaded) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("source", loaded.source());
    shape.put("target", loaded.target());
    shape.put("read", loaded.read());
    shape.put("written", loaded.written());
    shape.put("duplicates", loaded.duplicates());
    shape.put("later", loaded.later());
    shape.put("skipped", loaded.skipped());
    shape.put("rejected", loaded.rejected());
    shape.put("seconds", loaded.nanos() / 1e9);
    return shape;
  }
}
