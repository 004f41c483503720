package io.tidaldb.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a query really did.
///
/// @param profile name@version that ranked
/// @param experiment the experiment that assigned the profile; empty without one
/// @param at the query's time
/// @param position the log position that was applied when it began
/// @param level how much it was allowed to spend
/// @param strategy how candidates were found: `head`, `bitmap` or `scan`, with detail
/// @param exact whether the page equals sorting everything that is allowed
/// @param universe live entities of the kind
/// @param allowed entities that the filter allows
/// @param scored candidates that got a score
/// @param removed candidates removed, per reason (gates, exclude, unavailable …)
/// @param returned hits on the page
/// @param surface the request's label; empty without one
/// @param since since when the cohort that was asked for counts; empty without one
/// @param sources what each source of candidates gave, in the order they were asked; none where
///   everything allowed was looked at
/// @param vectorPlans how nearest vectors were looked for, search by search
/// @param stageMicros microseconds per stage: plan, candidates, filter, score, page, total
public record QueryStats(
    String profile,
    Optional<InExperiment> experiment,
    Timestamp at,
    long position,
    LoadLevel level,
    String strategy,
    boolean exact,
    long universe,
    long allowed,
    long scored,
    Map<String, Long> removed,
    int returned,
    Optional<String> surface,
    Optional<Timestamp> since,
    List<FromSource> sources,
    List<String> vectorPlans,
    Map<String, Long> stageMicros) {

  public QueryStats {
    removed = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(removed));
    sources = List.copyOf(sources);
    vectorPlans = List.copyOf(vectorPlans);
    stageMicros = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(stageMicros));
  }

  /// The part of a query in an experiment.
  ///
  /// @param name the experiment
  /// @param variant the variant that ranked, from 0; 0 where two are interleaved
  /// @param interleaved whether the hits of the first two variants stand in turn
  public record InExperiment(String name, int variant, boolean interleaved) {}

  /// What one source of candidates gave.
  ///
  /// @param source its text
  /// @param asked how many it was asked for
  /// @param produced how many it gave
  /// @param fresh those that no source before it gave
  /// @param returned hits on the page that it gave
  /// @param micros microseconds that it took
  public record FromSource(
      String source, int asked, int produced, int fresh, int returned, long micros) {}

  /// What two queries did that share one page: sums of counts, and both lists of sources.
  ///
  /// @param rival the second; the first says what both have in common
  /// @param hits hits on the page
  /// @param micros microseconds per stage, of both together
  public QueryStats interleavedWith(QueryStats rival, int hits, Map<String, Long> micros) {
    var both = new java.util.TreeMap<>(removed);
    rival.removed.forEach((reason, count) -> both.merge(reason, count, Long::sum));
    var asked = new java.util.ArrayList<>(sources);
    asked.addAll(rival.sources);
    var plans = new java.util.ArrayList<>(vectorPlans);
    plans.addAll(rival.vectorPlans);
    return new QueryStats(
        profile + "|" + rival.profile,
        experiment,
        at,
        position,
        level,
        strategy + "|" + rival.strategy,
        exact && rival.exact,
        universe,
        allowed,
        scored + rival.scored,
        both,
        hits,
        surface,
        since,
        asked,
        plans,
        micros);
  }
}
