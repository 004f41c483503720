package io.tidaldb.ranking;

/// What a candidate must beat to reach the page: the worst place that is kept, once the page is
/// full.
///
/// @param isSet whether the page is full; if not, everything reaches it
/// @param score the score of the worst
/// @param key its sort key
/// @param created when it was created, nanoseconds: of two with one key the older loses
public record Floor(boolean isSet, double score, long key, long created) {

  /// Everything reaches the page.
  public static final Floor NONE = new Floor(false, 0, 0, 0);

  /// The place of the worst that is kept.
  public static Floor of(double score, long key, long created) {
    return new Floor(true, score, key, created);
  }
}
