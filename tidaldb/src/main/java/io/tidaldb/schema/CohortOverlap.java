package io.tidaldb.schema;

/// How many users two cohorts have, together and apart.
///
/// @param first users of the first
/// @param second users of the second
/// @param common users of both
/// @param jaccard common divided by all of them; 0 if there are none
public record CohortOverlap(long first, long second, long common, double jaccard) {

  /// The overlap of two cohorts.
  public static CohortOverlap of(long first, long second, long common) {
    long all = first + second - common;
    return new CohortOverlap(first, second, common, all == 0 ? 0 : (double) common / (double) all);
  }
}
