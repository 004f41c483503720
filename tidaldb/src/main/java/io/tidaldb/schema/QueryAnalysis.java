package io.tidaldb.schema;

import java.util.List;

/// What a query did, and the best of what it dropped.
///
/// @param plan what it was to do
/// @param results what it gave
/// @param dropped the 20 best that each stage dropped: `filter`, `score` (gates), `page` (the
///   limit); nothing that the user must not see
public record QueryAnalysis(QueryPlan plan, Results results, List<Dropped> dropped)
    implements Explanation {

  public QueryAnalysis {
    dropped = List.copyOf(dropped);
  }

  /// A candidate that is not on the page.
  ///
  /// @param stage where it was dropped
  /// @param item which
  /// @param score what it would have been ranked by
  /// @param reason why
  public record Dropped(String stage, EntityId item, double score, String reason) {}
}
