package io.tidaldb.ranking;

/// What hits are ordered by. Whatever it is, ties go by creation time (newest first), then unsigned
/// id (least first).
public enum Order {
  /// The score, greatest first.
  SCORE,
  /// Creation time, newest first.
  CREATED_DESCENDING,
  /// Creation time, oldest first.
  CREATED_ASCENDING,
  /// When the user saved it, newest first.
  SAVED_DESCENDING,
  /// A number, least first; absent last.
  NUMBER_ASCENDING,
  /// A number, greatest first; absent last.
  NUMBER_DESCENDING,
  /// The title's sort key, then the raw title; absent last.
  TITLE_ASCENDING,
  /// The title's sort key, then the raw title, backwards; absent last.
  TITLE_DESCENDING;

  /// The sort key of what has nothing to sort by: behind everything.
  public static final long ABSENT = Long.MIN_VALUE;

  /// Whether the place of an entity depends on nothing but its own key, so that a page can go on
  /// after a key.
  public boolean isKey() {
    return this != SCORE;
  }

  /// Whether titles decide, beyond their 8-byte prefix.
  public boolean isTitle() {
    return this == TITLE_ASCENDING || this == TITLE_DESCENDING;
  }

  /// A number whose signed order is the order of doubles; both zeros are one.
  static long sortable(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
