package io.tidaldb.relation;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.Slots;
import org.jspecify.annotations.Nullable;

/// How events change relations and told states (liked, disliked, saved).
///
/// Of contradicting events the later event time wins, of equal times the later position, but block
/// and hide win ties. A removal leaves a mark with its time; marks older than 30 days before the
/// newest event are as if they were not there.
///
/// **Threads.** The writer only.
final class RelationFold {

  /// How long the mark of a removal counts.
  static final long MARK_NANOS = 30L * 24 * 3_600 * 1_000_000_000;

  private static final double SIGNALLED = 1;
  private static final EntityKind[] ACCOUNTS = {EntityKind.USER, EntityKind.CREATOR};

  private final RowOverlay rows;
  private final Slots slots;
  private long newest;
  private Meanings meanings = Meanings.NONE;

  RelationFold(RowOverlay rows, Slots slots) {
    this.rows = rows;
    this.slots = slots;
  }

  /// Goes on from here.
  void start(long newestEvent, Meanings known) {
    newest = newestEvent;
    meanings = known;
  }

  /// The newest event time.
  long newest() {
    return newest;
  }

  Meanings meanings() {
    return meanings;
  }

  /// Whether a row is a mark that counts no more.
  static boolean isForgotten(Row row, long newest) {
    return row.removed() && row.changed() < newest - MARK_NANOS;
  }

  void fold(Event event) {
    newest = Math.max(newest, event.time());
    switch (event) {
      case Event.SignalRecorded signal -> {
        if (signal.hasUser() && signal.kind() == EntityKind.ITEM) {
          signal(signal);
        }
      }
      case RelationEvent.RelationSet set -> set(set);
      case RelationEvent.RelationRemoved removed -> {
        if (removed.type() != RelationType.AFFINITY) {
          var key = RowKey.edge(removed.user(), removed.type(), removed.kind(), removed.target());
          remove(key, removed.time(), -1);
        }
      }
      case RelationEvent.StateCleared cleared -> clear(cleared);
      case Event.UserErased erased -> erase(erased.user());
      case Event.SchemaChanged changed -> meanings = Meanings.of(changed);
      case Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.EntityDeleted _,
          Event.Blank _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  private void set(RelationEvent.RelationSet set) {
    if (set.type() == RelationType.AFFINITY) {
      return;
    }
    put(
        RowKey.edge(set.user(), set.type(), set.kind(), set.target()),
        set.weight(),
        set.time(),
        -1);
    if (set.type() == RelationType.BLOCK) {
      for (var kind : ACCOUNTS) {
        var follow = RelationType.FOLLOW;
        remove(RowKey.edge(set.user(), follow, kind, set.target()), set.time(), -1);
        remove(RowKey.edge(set.target(), follow, kind, set.user()), set.time(), -1);
      }
    }
  }

  private void signal(Event.SignalRecorded signal) {
    var meaning = meanings.of(signal.type());
    if (meaning == null) {
      return;
    }
    long user = signal.user();
    long item = signal.entity();
    long time = signal.time();
    switch (meaning) {
      case LIKE -> {
        told(user, UserState.LIKED, item, time, true);
        told(user, UserState.DISLIKED, item, time, false);
      }
      case DISLIKE -> {
        told(user, UserState.DISLIKED, item, time, true);
        told(user, UserState.LIKED, item, time, false);
      }
      case UNLIKE -> told(user, UserState.LIKED, item, time, false);
      case SAVE -> told(user, UserState.SAVED, item, time, true);
      case UNSAVE -> told(user, UserState.SAVED, item, time, false);
      case HIDE, REPORT ->
          put(RowKey.edge(user, RelationType.HIDE, EntityKind.ITEM, item), SIGNALLED, time, -1);
      case IMPRESSION,
          VIEW,
          COMPLETION,
          SHARE,
          COMMENT,
          PURCHASE,
          SKIP,
          NOT_INTERESTED,
          NOTIFIED -> {}
    }
  }

  private void told(long user, UserState state, long item, long time, boolean holds) {
    int slot = slots.slot(EntityKind.ITEM, item);
    var key = RowKey.state(user, state, item);
    if (holds) {
      put(key, 0, time, slot);
    } else {
      remove(key, time, slot);
    }
  }

  private void put(RowKey key, double weight, long time, int slot) {
    var before = rows.get(key);
    var known = known(before, slot);
    if (known != null && time < known.changed()) {
      return;
    }
    if (key.isState()) {
      rows.put(key, before, Row.state(time, slot));
    } else if (known == null || known.removed()) {
      rows.put(key, before, Row.edge(weight, time, time));
    } else {
      rows.put(key, before, known.again(weight, time));
    }
  }

  private void remove(RowKey key, long time, int slot) {
    var before = rows.get(key);
    var known = known(before, slot);
    if (known != null
        && (time < known.changed()
            || (time == known.changed() && key.isHard() && !known.removed()))) {
      return;
    }
    var mark = Row.mark(time, slot);
    if (!isForgotten(mark, newest)) {
      rows.put(key, before, mark);
    } else if (before != null) {
      rows.put(key, before, null);
    }
  }

  /// What still counts of a row: not a forgotten mark, not an earlier life of the item.
  private @Nullable Row known(@Nullable Row row, int slot) {
    return row == null || row.slot() != slot || isForgotten(row, newest) ? null : row;
  }

  private void clear(RelationEvent.StateCleared cleared) {
    switch (cleared.state()) {
      case LIKED, DISLIKED, SAVED -> {
        if (cleared.all()) {
          int list = RelationCodec.STATE | cleared.state().code();
          rows.rowsOf(cleared.user(), list).forEach(this::drop);
        } else {
          drop(RowKey.state(cleared.user(), cleared.state(), cleared.item()));
        }
      }
      case SEEN, COMPLETED, NOT_INTERESTED, SHOWN, IN_PROGRESS, HISTORY -> {}
    }
  }

  private void erase(long user) {
    rows.rowsOf(user, 0).forEach(this::drop);
    for (var type : new RelationType[] {RelationType.FOLLOW, RelationType.BLOCK}) {
      rows.rowsTo(ListKey.reverse(EntityKind.USER, user, type)).forEach(this::drop);
    }
  }

  private void drop(RowKey key) {
    var before = rows.get(key);
    if (before != null) {
      rows.put(key, before, null);
    }
  }
}
