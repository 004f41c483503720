package io.tidaldb.query;

import io.tidaldb.query.Diversifier.Limit;
import io.tidaldb.schema.Part;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A candidate that reached the page.
///
/// @param top holds its inputs
/// @param entry where
/// @param from its rank by score alone, if it had to wait
/// @param waitedFor the limit that it had to wait for, or null
/// @param draw how exploration drew it, or null
record Pick(
    TopHits top,
    int entry,
    int from,
    @Nullable Limit waitedFor,
    ExplorationPool.@Nullable Draw draw) {

  Pick(TopHits top, int entry) {
    this(top, entry, 0, null, null);
  }

  int slot() {
    return top.slot(entry);
  }

  /// The same, after it had to wait.
  Pick waited(int rank, Limit limit) {
    return new Pick(top, entry, rank, limit, draw);
  }

  /// The same, where exploration drew it.
  Pick drawn(ExplorationPool.Draw how) {
    return new Pick(top, entry, from, waitedFor, how);
  }

  /// Says which rule gave the hit its place, if it was not its score.
  Part explained(Part score, int rank) {
    if (waitedFor == null && draw == null) {
      return score;
    }
    var why =
        draw != null
            ? draw.toString()
            : "moved from "
                + from
                + " to "
                + rank
                + " by "
                + Objects.requireNonNull(waitedFor).label();
    var detail = score.detail().isEmpty() ? why : score.detail() + "; " + why;
    return new Part(score.name(), score.contribution(), detail, score.children());
  }
}
