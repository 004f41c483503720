package io.tidaldb.relation;

import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.Slots;
import java.nio.ByteBuffer;

/// What one user did lately and how much the user engages with creators.
///
/// Saved, integers big-endian, each list with its count first:
///
/// ```
///  shown      count i32, count × (slot i32, time i64), oldest first
///  notices    count i32, count × (slot i32, time i64, has creator u8, creator u64)
///  history    count i32, count × (slot i32, time i64, fraction f64, time of the fraction i64)
///  progress   as history
///  finished   as history: when what was in progress came to an end
///  positives  count i32, count × slot i32, oldest first
///  affinities count i32, landmark i64, count × (creator u64, sum f64, since i64, changed i64)
/// ```
///
/// **Threads.** As [Sequence]: the writer changes it between `begin` and `end`, any thread copies.
final class UserMemory extends Sequence {

  static final int SHOWN_MAX = 5_000;
  static final int NOTICES_MAX = 1_000;
  static final int WATCHED_MAX = 1_000;

  /// A completion from here to [SeenItems#COMPLETED] is in progress.
  private static final double BEGUN = 0.05;

  final Moments shown = new Moments(SHOWN_MAX, false);
  final Moments notices = new Moments(NOTICES_MAX, true);
  final Watched history = new Watched(WATCHED_MAX);
  final Watched progress = new Watched(WATCHED_MAX);
  final Watched finished = new Watched(WATCHED_MAX);
  final Positives positives = new Positives();
  final Affinities affinities;

  /// @param decay of affinities
  UserMemory(ForwardDecay decay) {
    affinities = new Affinities(decay);
  }

  /// When the end of an item counts.
  ///
  /// @param earliest ends before this time are forgotten
  /// @param deletions how many items were deleted
  record Moment(long earliest, long deletions) {}

  /// An item was completed in part.
  void complete(int slot, long time, double fraction, Slots lookup, Moment moment) {
    history.complete(slot, time, fraction, lookup, moment.deletions);
    if (fraction < BEGUN) {
      return;
    }
    int before = progress.find(slot);
    int end = finished.find(slot);
    boolean isLate =
        (before >= 0 && time < progress.time(before))
            || (end >= 0 && finished.time(end) >= moment.earliest && time < finished.time(end));
    if (isLate) {
      return;
    }
    if (fraction >= SeenItems.COMPLETED) {
      progress.remove(slot);
      finished.complete(slot, time, fraction, lookup, moment.deletions);
    } else {
      finished.remove(slot);
      progress.complete(slot, time, fraction, lookup, moment.deletions);
    }
  }

  /// Forgets a state about all items.
  void clear(UserState state) {
    switch (state) {
      case SHOWN -> shown.clear();
      case HISTORY -> history.clear();
      case IN_PROGRESS -> {
        progress.clear();
        finished.clear();
      }
      case SEEN, COMPLETED, NOT_INTERESTED, LIKED, DISLIKED, SAVED -> {}
    }
  }

  /// Forgets a state about one item.
  void clear(UserState state, int slot) {
    switch (state) {
      case SHOWN -> shown.remove(slot);
      case HISTORY -> history.remove(slot);
      case IN_PROGRESS -> {
        progress.remove(slot);
        finished.remove(slot);
      }
      case SEEN, COMPLETED, NOT_INTERESTED, LIKED, DISLIKED, SAVED -> {}
    }
  }

  /// Entries of all lists.
  int entries() {
    return shown.size()
        + notices.size()
        + history.size()
        + progress.size()
        + finished.size()
        + positives.size()
        + affinities.size();
  }

  int sizeBytes() {
    return shown.sizeBytes()
        + notices.sizeBytes()
        + history.sizeBytes()
        + progress.sizeBytes()
        + finished.sizeBytes()
        + positives.sizeBytes()
        + affinities.sizeBytes();
  }

  /// The bytes as they are between two changes; empty without content. Any thread.
  byte[] encode() {
    var parts = read(() -> new Parts(this));
    return parts.encode();
  }

  /// Copies of the lists, of one moment.
  private static final class Parts {

    private final Moments shown;
    private final Moments notices;
    private final Watched history;
    private final Watched progress;
    private final Watched finished;
    private final Positives positives;
    private final Affinities affinities;

    Parts(UserMemory of) {
      shown = of.shown.copy();
      notices = of.notices.copy();
      history = of.history.copy();
      progress = of.progress.copy();
      finished = of.finished.copy();
      positives = of.positives.copy();
      affinities = of.affinities.copy();
    }

    byte[] encode() {
      int size =
          shown.sizeBytes()
              + notices.sizeBytes()
              + history.sizeBytes()
              + progress.sizeBytes()
              + finished.sizeBytes()
              + positives.sizeBytes()
              + affinities.sizeBytes();
      int entries =
          shown.size()
              + notices.size()
              + history.size()
              + progress.size()
              + finished.size()
              + positives.size()
              + affinities.size();
      if (entries == 0) {
        return new byte[0];
      }
      var out = ByteBuffer.allocate(size);
      shown.encode(out);
      notices.encode(out);
      history.encode(out);
      progress.encode(out);
      finished.encode(out);
      positives.encode(out);
      affinities.encode(out);
      return out.array();
    }
  }

  /// Takes what [#encode] made, into an empty memory.
  ///
  /// @throws IllegalArgumentException if these are not such bytes
  void decode(ByteBuffer in) {
    shown.decode(in);
    notices.decode(in);
    history.decode(in);
    progress.decode(in);
    finished.decode(in);
    positives.decode(in);
    affinities.decode(in);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("a user's states end late: bytes=" + in.remaining());
    }
  }

  /// What cannot be, in words; slots must be below the count.
  String wrong(int itemCount) {
    for (int i = 0; i < history.size(); i++) {
      if (history.slot(i) < 0 || history.slot(i) >= itemCount) {
        return "history has a slot without an item: slot=" + history.slot(i);
      }
    }
    for (int i = 0; i < affinities.size(); i++) {
      if (!(affinities.sum(i) > 0) || !Double.isFinite(affinities.sum(i))) {
        return "an affinity is no positive number: sum=" + affinities.sum(i);
      }
    }
    return "";
  }

  /// Whether an item lives.
  static boolean lives(Slots lookup, int slot) {
    return !lookup.isDead(EntityKind.ITEM, slot);
  }
}
