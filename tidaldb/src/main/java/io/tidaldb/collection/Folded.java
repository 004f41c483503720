package io.tidaldb.collection;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One collection as the writer folds it, and which of its rows the batch to come must hold.
///
/// **Threads.** The writer only.
final class Folded {

  private static final long BYTES = 512;
  private static final long MEMBER_BYTES = 160;

  final long id;

  /// The owner, which stays known when the collection is gone until its rows are.
  final long owner;

  /// Null when the collection is gone.
  @Nullable Header header;

  /// Null until the members are asked for.
  @Nullable Sequence members;

  boolean headerChanged;

  /// Items whose member row changed.
  final Set<Long> rows = new HashSet<>();

  /// Items that came or went: their reverse row changed.
  final Set<Long> reverse = new HashSet<>();

  /// Users with whom sharing began or ended.
  final Set<Long> shares = new HashSet<>();

  Folded(long id, long owner, @Nullable Header header) {
    this.id = id;
    this.owner = owner;
    this.header = header;
  }

  /// A bound of the rows that the batch to come holds for it.
  int changedRows() {
    return rows.size() + reverse.size() + shares.size();
  }

  void written() {
    headerChanged = false;
    rows.clear();
    reverse.clear();
    shares.clear();
  }

  long weight() {
    return BYTES + (members == null ? 0 : members.size() * MEMBER_BYTES);
  }
}
