package io.tidaldb.schema;

import java.util.Map;

/// What a query really did.
///
/// @param profile name@version that ranked
/// @param at the query's time
/// @param position the log position that was applied when it began
/// @param strategy how candidates were found: `head`, `bitmap` or `scan`, with detail
/// @param exact whether the page equals sorting everything that is allowed
/// @param universe live entities of the kind
/// @param allowed entities that the filter allows
/// @param scored candidates that got a score
/// @param removed candidates removed, per reason (gates, exclude, unavailable …)
/// @param returned hits on the page
/// @param stageMicros microseconds per stage: plan, candidates, filter, score, page, total
public record QueryStats(
    String profile,
    Timestamp at,
    long position,
    String strategy,
    boolean exact,
    long universe,
    long allowed,
    long scored,
    Map<String, Long> removed,
    int returned,
    Map<String, Long> stageMicros) {

  public QueryStats {
    removed = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(removed));
    stageMicros = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(stageMicros));
  }
}
