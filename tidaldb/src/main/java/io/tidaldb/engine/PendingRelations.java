package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.RelationEvent.StateCleared;
import io.tidaldb.relation.RelationsAhead;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Relations and states of users as they will be when what is pending is applied.
///
/// **Threads.** The writer only.
final class PendingRelations {

  static final int SAVED_MAX = 100_000;

  private final Views views;
  private final RelationsAhead ahead;
  private final List<StateCleared> forgotten = new ArrayList<>();
  private final Set<Long> erased = new HashSet<>();

  PendingRelations(Views views) {
    this.views = views;
    this.ahead = views.relations().ahead();
  }

  void clear() {
    ahead.clear();
    if (!forgotten.isEmpty()) {
      forgotten.clear();
    }
    if (!erased.isEmpty()) {
      erased.clear();
    }
  }

  void record(Event.SignalRecorded signal) {
    if (signal.hasUser() && signal.kind() == EntityKind.ITEM && decidesRoom(signal.type())) {
      ahead.fold(signal);
    }
  }

  void record(Event.UserErased event) {
    ahead.fold(event);
    var _ = erased.add(event.user());
  }

  void record(RelationEvent event) {
    ahead.fold(event);
    if (event instanceof StateCleared cleared && cleared.state() == UserState.SEEN) {
      forgotten.add(cleared);
    }
  }

  private boolean decidesRoom(int type) {
    return type == views.typeOf(Meaning.SAVE)
        || type == views.typeOf(Meaning.UNSAVE)
        || type == views.typeOf(Meaning.HIDE)
        || type == views.typeOf(Meaning.REPORT);
  }

  /// What will hold.
  RelationsAhead ahead() {
    return ahead;
  }

  /// Whether a clearing makes a user's view of an item forgotten.
  static boolean forgets(StateCleared cleared, long user, long item) {
    return cleared.state() == UserState.SEEN
        && cleared.user() == user
        && (cleared.all() || cleared.item() == item);
  }

  /// Whether what was seen before is about to be forgotten.
  boolean forgotSeen(long user, long item) {
    if (!erased.isEmpty() && erased.contains(user)) {
      return true;
    }
    for (var cleared : forgotten) {
      if (forgets(cleared, user, item)) {
        return true;
      }
    }
    return false;
  }

  /// Refuses a signal that would save or hide one item too many.
  void requireRoom(Event.SignalRecorded signal, int relationsMax) {
    long user = signal.user();
    if (signal.type() == views.typeOf(Meaning.SAVE)) {
      if (ahead.saved(user, signal.entity())) {
        return;
      }
      long count = ahead.savedCount(user, SAVED_MAX);
      if (count >= SAVED_MAX) {
        throw new LimitExceededException("saved", SAVED_MAX, count + 1, facts(user));
      }
    } else if (signal.type() == views.typeOf(Meaning.HIDE)
        || signal.type() == views.typeOf(Meaning.REPORT)) {
      requireRoom(user, RelationType.HIDE, EntityKind.ITEM, signal.entity(), relationsMax);
    }
  }

  /// Refuses a relation that would be one too many of its type.
  void requireRoom(long user, RelationType type, EntityKind kind, long target, int relationsMax) {
    if (type == RelationType.AFFINITY || ahead.holds(user, type, kind, target)) {
      return;
    }
    long count = ahead.count(user, type);
    if (count >= relationsMax) {
      throw new LimitExceededException(
          "relationsPerUser", relationsMax, count + 1, facts(user) + " type=" + type.label());
    }
  }

  private static String facts(long user) {
    return "user=" + EntityId.of(user);
  }
}
