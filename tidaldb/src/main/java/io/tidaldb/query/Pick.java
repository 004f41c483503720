package io.tidaldb.query;

import io.tidaldb.query.Diversifier.Limit;
import org.jspecify.annotations.Nullable;

/// A candidate that reached the page.
///
/// @param top holds its inputs
/// @param entry where
/// @param from its rank by score alone, if it had to wait
/// @param waitedFor the limit that it had to wait for, or null
record Pick(TopHits top, int entry, int from, @Nullable Limit waitedFor) {

  Pick(TopHits top, int entry) {
    this(top, entry, 0, null);
  }

  int slot() {
    return top.slot(entry);
  }

  /// The same, after it had to wait.
  Pick waited(int rank, Limit limit) {
    return new Pick(top, entry, rank, limit);
  }
}
