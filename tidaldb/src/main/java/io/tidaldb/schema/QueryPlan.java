package io.tidaldb.schema;

import io.tidaldb.schema.Results.Warning;
import java.util.List;

/// What a query would do.
///
/// @param query the request as canonical TidalQL
/// @param profile name@version that would rank
/// @param at the query's time
/// @param position the log position that is applied
/// @param order what hits are ordered by: a sort mode's name, or `score`
/// @param strategy how candidates would be found: `sources`, `head` or `scan`
/// @param sources where candidates would come from, in the order in which they are asked; none
///   where everything allowed is looked at
/// @param filter the parts of the filter that all must hold
/// @param universe live entities of the kind
/// @param warnings what the caller should know
public record QueryPlan(
    String query,
    String profile,
    Timestamp at,
    long position,
    String order,
    String strategy,
    List<String> sources,
    List<Leaf> filter,
    long universe,
    List<Warning> warnings)
    implements Explanation {

  public QueryPlan {
    sources = List.copyOf(sources);
    filter = List.copyOf(filter);
    warnings = List.copyOf(warnings);
  }

  /// A part of a filter.
  ///
  /// @param text what it asks
  /// @param selectivity the estimated share of live entities that fit, 0 … 1
  public record Leaf(String text, double selectivity) {}
}
