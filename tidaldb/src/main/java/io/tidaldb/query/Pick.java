package io.tidaldb.query;

import io.tidaldb.schema.Part;
import org.jspecify.annotations.Nullable;

/// A candidate that reached the page.
///
/// @param top holds its inputs
/// @param entry where
/// @param from its rank by score alone, if something else chose its place
/// @param by what that was: the limit that it had to wait for, or `mmr`; or null
/// @param draw how exploration drew it, or null
record Pick(
    TopHits top, int entry, int from, @Nullable String by, ExplorationPool.@Nullable Draw draw) {

  Pick(TopHits top, int entry) {
    this(top, entry, 0, null, null);
  }

  int slot() {
    return top.slot(entry);
  }

  Place place() {
    return top.place(entry);
  }

  /// The same at a place that something chose.
  Pick moved(int rank, String rule) {
    return new Pick(top, entry, rank, rule, draw);
  }

  /// The same, where exploration drew it.
  Pick drawn(ExplorationPool.Draw how) {
    return new Pick(top, entry, from, by, how);
  }

  /// Says which rule gave the hit its place, if it was not its score.
  Part explained(Part score, int rank) {
    if (draw == null && (by == null || from == rank)) {
      return score;
    }
    var why = draw != null ? draw.toString() : "moved from " + from + " to " + rank + " by " + by;
    var detail = score.detail().isEmpty() ? why : score.detail() + "; " + why;
    return new Part(score.name(), score.contribution(), detail, score.children());
  }
}
