package io.tidaldb.schema;

import java.util.Optional;

/// What became of one item in a query, and the score that it has or would have.
///
/// @param item which
/// @param verdict what became of it
/// @param facts why, as `key=value`; empty where the verdict says everything
/// @param score the parts of the score that it has or would have; empty for what is not known
public record ItemVerdict(EntityId item, Verdict verdict, String facts, Optional<Part> score)
    implements Explanation {

  /// What can become of an item.
  public enum Verdict {
    /// It is a hit.
    RETURNED,
    /// It comes behind the page.
    BELOW_LIMIT,
    /// Its score is one of the page, but a limit of diversity put others before it.
    MOVED,
    /// No source proposed it.
    NOT_PROPOSED,
    /// A gate of the profile dropped it.
    GATED,
    /// It does not fit the filter or the scope.
    FILTERED,
    /// No more of its creator, or no more at all, may be sent to the user.
    CAPPED,
    /// The user must not see it: hidden, reported, declared to be of no interest, or rejected or
    /// seen in the session.
    HIDDEN,
    /// User and creator are apart: one blocked the other.
    BLOCKED,
    /// The user muted its creator.
    MUTED,
    /// It is not available at the query's time.
    UNAVAILABLE,
    /// The request leaves it out, it is a seed, or a page before gave it.
    EXCLUDED,
    /// There is no such item.
    UNKNOWN_ITEM
  }
}
