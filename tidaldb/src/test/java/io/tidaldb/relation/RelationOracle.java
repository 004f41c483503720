package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Relations and told states, as plain as can be: what was decided last about each.
final class RelationOracle {

  /// What is decided: a relation, or with a state in place of the type what was told of an item.
  record Key(long user, Object what, EntityKind kind, long target) {}

  /// How, and when.
  record Decision(boolean holds, double weight, long since, long time) {}

  private final Map<Key, Decision> decided = new HashMap<>();
  private long newest;

  void fold(Event event) {
    newest = Math.max(newest, event.time());
    switch (event) {
      case RelationEvent.RelationSet set -> {
        decide(
            new Key(set.user(), set.type(), set.kind(), set.target()),
            true,
            set.weight(),
            set.time());
        if (set.type() == RelationType.BLOCK) {
          for (var kind : List.of(EntityKind.USER, EntityKind.CREATOR)) {
            endFollow(set.user(), kind, set.target(), set.time());
            endFollow(set.target(), kind, set.user(), set.time());
          }
        }
      }
      case RelationEvent.RelationRemoved removed ->
          decide(
              new Key(removed.user(), removed.type(), removed.kind(), removed.target()),
              false,
              0,
              removed.time());
      case Event.SignalRecorded signal -> signal(signal);
      case Event.EntityDeleted deleted ->
          forget(key -> key.what instanceof UserState && key.target == deleted.id());
      case Event.UserErased erased ->
          forget(
              key ->
                  key.user == erased.user()
                      || (key.kind == EntityKind.USER && key.target == erased.user()));
      case RelationEvent.StateCleared cleared ->
          forget(
              key ->
                  key.what == cleared.state()
                      && key.user == cleared.user()
                      && (cleared.all() || key.target == cleared.item()));
      default -> {}
    }
  }

  private void endFollow(long user, EntityKind kind, long target, long time) {
    decide(new Key(user, RelationType.FOLLOW, kind, target), false, 0, time);
  }

  private void signal(Event.SignalRecorded signal) {
    switch (RelationWorld.meaning(signal.type())) {
      case LIKE -> {
        tell(signal, UserState.LIKED, true);
        tell(signal, UserState.DISLIKED, false);
      }
      case DISLIKE -> {
        tell(signal, UserState.DISLIKED, true);
        tell(signal, UserState.LIKED, false);
      }
      case UNLIKE -> tell(signal, UserState.LIKED, false);
      case SAVE -> tell(signal, UserState.SAVED, true);
      case UNSAVE -> tell(signal, UserState.SAVED, false);
      case HIDE, REPORT ->
          decide(
              new Key(signal.user(), RelationType.HIDE, EntityKind.ITEM, signal.entity()),
              true,
              1,
              signal.time());
      default -> {}
    }
  }

  private void tell(Event.SignalRecorded signal, UserState state, boolean holds) {
    decide(
        new Key(signal.user(), state, EntityKind.ITEM, signal.entity()), holds, 0, signal.time());
  }

  private void decide(Key key, boolean holds, double weight, long time) {
    var before = decided.get(key);
    if (before != null && isForgotten(before)) {
      before = null;
    }
    boolean isHard = key.what == RelationType.BLOCK || key.what == RelationType.HIDE;
    if (before != null
        && (time < before.time || (time == before.time && isHard && before.holds && !holds))) {
      return;
    }
    boolean goesOn = before != null && before.holds && holds && key.what instanceof RelationType;
    decided.put(key, new Decision(holds, weight, goesOn ? before.since : time, time));
  }

  private boolean isForgotten(Decision decision) {
    return !decision.holds && decision.time < newest - 30 * RelationWorld.DAY;
  }

  private void forget(Predicate<Key> which) {
    decided.keySet().removeIf(which);
  }

  /// What holds, or null.
  @Nullable Decision holding(long user, Object what, EntityKind kind, long target) {
    var decision = decided.get(new Key(user, what, kind, target));
    return decision != null && decision.holds ? decision : null;
  }

  /// What of one kind holds of a user: newest first, ties by unsigned target, users before
  /// creators.
  List<Key> list(long user, Object what) {
    var found = new ArrayList<Key>();
    decided.forEach(
        (key, decision) -> {
          if (key.user == user && key.what.equals(what) && decision.holds) {
            found.add(key);
          }
        });
    found.sort(
        Comparator.<Key>comparingLong(key -> -decided.get(key).since)
            .thenComparing(Key::target, Long::compareUnsigned)
            .thenComparing(Key::kind));
    return found;
  }

  /// Who stands in a relation to a target, in unsigned order.
  List<Long> reverse(EntityKind kind, long target, RelationType type) {
    return decided.entrySet().stream()
        .filter(entry -> entry.getValue().holds)
        .map(Map.Entry::getKey)
        .filter(key -> key.what == type && key.kind == kind && key.target == target)
        .map(Key::user)
        .sorted(Long::compareUnsigned)
        .toList();
  }

  /// Accounts that are blocked from a user in either direction.
  Set<Long> blocked(long user) {
    var found = new TreeSet<Long>();
    decided.forEach(
        (key, decision) -> {
          if (key.what == RelationType.BLOCK && decision.holds) {
            if (key.user == user) {
              found.add(key.target);
            }
            if (key.target == user) {
              found.add(key.user);
            }
          }
        });
    return found;
  }

  /// How many hold of one kind, over all users.
  long total(Object what) {
    return decided.entrySet().stream()
        .filter(entry -> entry.getKey().what.equals(what) && entry.getValue().holds)
        .count();
  }

  /// A walk over follows as told: newest follow first, each once, never the user or the blocked.
  List<Long> network(long user, int depth, int fanOut) {
    var blocked = blocked(user);
    var found = new ArrayList<Long>();
    for (var key : list(user, RelationType.FOLLOW)) {
      visit(user, key.target, blocked, found);
    }
    var first = found.stream().limit(fanOut).toList();
    if (depth == 2) {
      for (long member : first) {
        list(member, RelationType.FOLLOW).stream()
            .limit(100)
            .forEach(key -> visit(user, key.target, blocked, found));
      }
    }
    return found;
  }

  private static void visit(long user, long other, Set<Long> blocked, List<Long> found) {
    if (other != user && !blocked.contains(other) && !found.contains(other)) {
      found.add(other);
    }
  }
}
