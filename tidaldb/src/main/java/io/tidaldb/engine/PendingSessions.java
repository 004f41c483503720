package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.SessionEvent.SessionAnnotated;
import io.tidaldb.log.SessionEvent.SessionClosed;
import io.tidaldb.log.SessionEvent.SessionRefused;
import io.tidaldb.log.SessionEvent.SessionStarted;
import io.tidaldb.session.SessionHead;
import io.tidaldb.session.SessionState.End;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// What events that are not applied yet will have done to sessions, and what is known of sessions
/// beside the log: rates and refusals that are not logged yet.
///
/// **Threads.** The writer; [#rates] and [#refusals] say what other threads may ask.
final class PendingSessions {

  /// What is pending of one session.
  static final class Change {
    private @Nullable SessionHead head;
    private @Nullable End end;
    private long signals;
    private long annotations;
    private long lastEvent;
    private long[] refusals = new long[0];

    /// Its start, if that is pending.
    Optional<SessionHead> head() {
      return Optional.ofNullable(head);
    }

    /// Its end, if that is pending.
    Optional<End> end() {
      return Optional.ofNullable(end);
    }

    long signals() {
      return signals;
    }

    long annotations() {
      return annotations;
    }

    /// Time of the newest event; 0 without one.
    long lastEvent() {
      return lastEvent;
    }

    long refusals(int reason) {
      return reason > refusals.length ? 0 : refusals[reason - 1];
    }

    private void refused(int reason, int count) {
      if (reason > refusals.length) {
        refusals = java.util.Arrays.copyOf(refusals, reason);
      }
      refusals[reason - 1] += count;
    }
  }

  private static final Change NOTHING = new Change();

  private final Map<Long, Change> changes = new HashMap<>();
  private final Map<Long, Integer> startedBy = new HashMap<>();
  private final Set<Long> erased = new HashSet<>();
  private final RateLimits rates = new RateLimits();
  private final Refusals refusals = new Refusals();
  private long lastId;
  private int balance;

  /// Token buckets.
  RateLimits rates() {
    return rates;
  }

  /// Refused calls.
  Refusals refusals() {
    return refusals;
  }

  void clear() {
    if (!changes.isEmpty()) {
      changes.clear();
      startedBy.clear();
      balance = 0;
      lastId = 0;
    }
    if (!erased.isEmpty()) {
      erased.clear();
    }
  }

  void signal(Event.SignalRecorded signal) {
    if ((signal.flags() & Event.SignalRecorded.SESSION) != 0) {
      var change = touched(signal.session());
      change.signals++;
      change.lastEvent = Math.max(change.lastEvent, signal.time());
    }
  }

  void erased(Event.UserErased gone) {
    var _ = erased.add(gone.user());
    changes.values().removeIf(change -> change.head != null && change.head.user() == gone.user());
  }

  void record(long position, SessionEvent event) {
    switch (event) {
      case SessionStarted started -> {
        touched(started.session()).head =
            new SessionHead(
                started.session(),
                started.user(),
                started.agent(),
                started.policy(),
                started.metadata(),
                position,
                started.time());
        startedBy.merge(started.user(), 1, Integer::sum);
        lastId = Math.max(lastId, started.session());
        balance++;
      }
      case SessionAnnotated said -> {
        var change = touched(said.session());
        change.annotations++;
        change.lastEvent = Math.max(change.lastEvent, said.time());
      }
      case SessionClosed closed -> {
        touched(closed.session()).end = new End(closed.time(), closed.reason());
        startedBy.merge(closed.user(), -1, Integer::sum);
        balance--;
      }
      case SessionRefused refused ->
          touched(refused.session()).refused(refused.reason(), refused.count());
      case SessionEvent.ArchiveCut cut -> {}
    }
  }

  private Change touched(long session) {
    return changes.computeIfAbsent(session, _ -> new Change());
  }

  /// What is pending of a session; nothing, perhaps.
  Change of(long session) {
    return changes.isEmpty() ? NOTHING : changes.getOrDefault(session, NOTHING);
  }

  /// Whether the end of everything about a user is pending.
  boolean erases(long user) {
    return !erased.isEmpty() && erased.contains(user);
  }

  /// Sessions that are about to start, less those about to end.
  int balance() {
    return balance;
  }

  /// The same of one user.
  int balance(long user) {
    return startedBy.getOrDefault(user, 0);
  }

  /// The highest pending session id; 0 without one.
  long lastId() {
    return lastId;
  }

  /// The pending session of a user that starts at a position.
  OptionalLong startedAt(long position) {
    return changes.values().stream()
        .flatMap(change -> change.head().stream())
        .filter(head -> head.position() == position)
        .mapToLong(SessionHead::session)
        .findFirst();
  }

  /// Forgets rates and refusals of what is over. With nothing pending.
  ///
  /// @param running whether a session runs
  void forget(LongPredicate running, long now) {
    rates.forget(running, now);
    refusals.forget(running);
  }
}
