package io.tidaldb.ranking;

/// How well items fit what was said in a session.
public interface SessionMatch {

  /// The share of the session's hint words found in the item's title, tags or category, in [0, 1].
  double hints(int slot);

  /// Whether the session says what kind of items is preferred in it.
  boolean hasTaste();

  /// max(0, cos) of the item with what is preferred in the session; 0 without.
  double taste(int slot);

  /// How many hint words there are.
  int words();
}
