package io.tidaldb.log;

import java.util.List;

/// State folded from events.
///
/// **Threads.** One writer calls [#apply], [#publish] and (for pages) [PageView#freeze], always
/// between two events; any number of threads read. **Contract.** `apply` is total: it never throws
/// for an event the codec accepts. It reads nothing but its arguments and its own state (and the
/// slots, which are folded before it): no clock, no random source.
public interface View {

  /// The view's name, for reports and findings.
  String name();

  /// Folds one event. Positions rise; a view skips nothing by itself, the caller skips what is
  /// already applied.
  void apply(long position, Event event);

  /// Ends a frame: everything applied so far becomes visible to readers, and row views write their
  /// batch.
  ///
  /// @param position the last position applied
  default void publish(long position) {}

  /// The last position whose effect this view already held when it was loaded or restored, 0 if
  /// none.
  long loadedPosition();

  /// How many things that name this user the view holds, as the writer sees it: what erasing the
  /// user removes. Writer only.
  default long countOf(long user) {
    return 0;
  }

  /// Writes the canonical form of the state (sorted, folded, without caches) for the state digest.
  void digest(StateSink sink);

  /// Checks invariants; returns what is wrong, in words.
  default List<String> verify() {
    return List.of();
  }
}
