package io.tidaldb.query;

import io.tidaldb.ranking.Network;
import io.tidaldb.schema.UserState;
import org.roaringbitmap.RoaringBitmap;

/// What is known of the user that a query is for, at one moment. Bitmaps are over the slots of
/// items and the caller's own. Used by one thread.
public interface Viewer {

  /// Items that the user hid or reported.
  RoaringBitmap hidden();

  /// Accounts that the user blocked or that blocked the user, rising as signed numbers.
  long[] blocked();

  /// Creators that the user muted, rising as signed numbers.
  long[] muted();

  /// Creators that the user follows, rising as signed numbers.
  long[] followed();

  /// Items to which the user stands in a state.
  RoaringBitmap items(UserState state);

  /// Items that were shown to the user at or after a time, nanoseconds since 1970.
  RoaringBitmap shownSince(long from);

  /// What was notified to the user after `from` and up to `to`, nanoseconds since 1970.
  void notices(long from, long to, NoticeConsumer consumer);

  /// Takes what was notified.
  @FunctionalInterface
  interface NoticeConsumer {
    /// @param creator the item's creator, if it has one
    void accept(boolean hasCreator, long creator);
  }

  /// Slots of the latest distinct items that the user engaged with positively, newest first.
  int[] positives(int count);

  /// How much the user engages with a creator; 0 if not at all.
  double affinity(long creator);

  /// The creators whom the user engages with most, the closest first, ties by unsigned id.
  long[] closest(int count);

  /// What was shown to the user lately: each item as often as it was.
  void impressions(SlotTime consumer);

  /// When the user saved what is saved: each item once.
  void saved(SlotTime consumer);

  /// Takes an item's slot and a time, nanoseconds since 1970.
  @FunctionalInterface
  interface SlotTime {
    /// One of them.
    void accept(int slot, long time);
  }

  /// What the users behind the user's follows engaged with positively.
  ///
  /// @param depth 1, or 2 for those whom they follow, too
  Network network(int depth);
}
