package io.tidaldb.schema;

import java.util.Locale;

/// A fixed order of entities. Every sort mode is also a profile of the same name. Ties: created
/// descending, then unsigned id ascending.
public enum Sort {
  /// Created descending.
  NEW,
  /// Created ascending.
  OLD,
  /// sign(s) · log10(max(|s|, 1)) / (age in hours + 2)^1.8 with s = likes − dislikes (views where
  /// likes are undeclared).
  HOT,
  /// 0.5·u(velocity share) + 0.3·u(velocity view) + 0.2·u(velocity reach) in the query's window.
  TRENDING,
  /// Views of the last hour against the 23 hours before.
  RISING,
  /// l·d/n² · n/(n + 10) with l likes, d dislikes, n both.
  CONTROVERSIAL,
  /// quality / log10(views + 10).
  HIDDEN_GEMS,
  /// Engagement of the last hour.
  TOP_HOUR,
  /// Engagement of the last 24 hours.
  TOP_TODAY,
  /// Engagement of the last 7 days.
  TOP_WEEK,
  /// Engagement of the last 30 days.
  TOP_MONTH,
  /// All-time engagement of items created in the last 365 days.
  TOP_YEAR,
  /// All-time engagement.
  TOP_ALL_TIME,
  /// Views in the query's window, default all.
  MOST_VIEWED,
  /// Likes in the query's window, default all.
  MOST_LIKED,
  /// Comments in the query's window, default all.
  MOST_COMMENTED,
  /// Shares in the query's window, default all.
  MOST_SHARED,
  /// Duration ascending.
  SHORTEST,
  /// Duration descending.
  LONGEST,
  /// Title ascending.
  ALPHABETICAL_ASC,
  /// Title descending.
  ALPHABETICAL_DESC,
  /// random(seed) · √completion rate.
  SHUFFLE,
  /// The field `live_viewer_count`, only above 0.
  LIVE_VIEWER_COUNT,
  /// The score of the profile `for_you`, over everything allowed up to 10,000.
  PERSONALIZED,
  /// When the user saved it last, newest first; only what is saved.
  DATE_SAVED;

  /// The sort mode's name in queries: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
