package io.tidaldb.engine;

import io.tidaldb.log.SessionEvent.SessionRefused;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.session.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Refused calls of sessions, counted here at once and logged later: by session and reason the
/// total since the session began, of which the log holds a part.
///
/// **Threads.** The writer counts; any thread reads.
final class Refusals {

  private static final int REASONS = RefusalReason.values().length;

  private final ConcurrentHashMap<Long, @Nullable Total[]> sessions = new ConcurrentHashMap<>();
  private final Map<RefusalReason, LongAdder> counters = new ConcurrentHashMap<>();
  private final AtomicBoolean unlogged = new AtomicBoolean();

  /// A refused call.
  ///
  /// @param session whose call it was
  /// @param user the session's
  /// @param signal its signal; empty if it was none
  /// @param entity its target if that is an item, else 0
  record Call(long session, long user, String signal, long entity) {}

  /// All refusals of one reason, and the last of them.
  ///
  /// @param count since the session began
  /// @param time of the last
  record Total(long count, long time, Call last) {}

  Refusals() {
    for (var reason : RefusalReason.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  /// Counts one.
  ///
  /// @param logged how many of this reason the log holds
  void note(RefusalReason reason, Call call, long logged, long now) {
    var before = sessions.get(call.session());
    var after = new @Nullable Total[REASONS];
    if (before != null) {
      System.arraycopy(before, 0, after, 0, REASONS);
    }
    int at = reason.code() - 1;
    var last = after[at];
    after[at] = new Total((last == null ? logged : last.count()) + 1, now, call);
    sessions.put(call.session(), after);
    counter(reason).increment();
    unlogged.set(true);
  }

  /// Counts of this process, by reason.
  LongAdder counter(RefusalReason reason) {
    var counter = counters.get(reason);
    if (counter == null) {
      throw new IllegalStateException("no counter: reason=" + reason);
    }
    return counter;
  }

  /// The total of a reason that was counted here; empty if none was.
  Optional<Total> total(long session, RefusalReason reason) {
    var totals = sessions.get(session);
    return totals == null ? Optional.empty() : Optional.ofNullable(totals[reason.code() - 1]);
  }

  /// How many refusals a session has, logged or not.
  long count(SessionState state, RefusalReason reason) {
    long logged = state.refusals(reason.code());
    return total(state.head().session(), reason)
        .map(total -> Math.max(total.count(), logged))
        .orElse(logged);
  }

  /// What of a session is not in the log.
  ///
  /// @param logged how many of a reason the log holds
  List<SessionRefused> unlogged(long session, ToLongFunction<RefusalReason> logged) {
    List<SessionRefused> events = new ArrayList<>();
    for (var reason : RefusalReason.values()) {
      total(session, reason)
          .ifPresent(
              total -> {
                long missing = total.count() - logged.applyAsLong(reason);
                if (missing > 0) {
                  var call = total.last();
                  events.add(
                      new SessionRefused(
                          total.time(),
                          call.user(),
                          session,
                          reason.code(),
                          (int) Math.min(missing, Integer.MAX_VALUE),
                          call.signal(),
                          call.entity()));
                }
              });
    }
    return events;
  }

  /// Whether anything was refused since this was asked last.
  boolean takeUnlogged() {
    return unlogged.getAndSet(false);
  }

  boolean hasUnlogged() {
    return unlogged.get();
  }

  /// Something could not be logged: ask again.
  void retry() {
    unlogged.set(true);
  }

  /// Sessions with refusals.
  Set<Long> sessions() {
    return sessions.keySet();
  }

  /// Forgets sessions that do not run.
  void forget(LongPredicate running) {
    sessions.keySet().removeIf(session -> !running.test(session));
  }
}
