package io.tidaldb.engine;

import io.tidaldb.schema.ClosedSession;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.SessionAnnotation;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.SessionQuota;
import io.tidaldb.schema.SessionRefusal;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionTerms;
import io.tidaldb.session.SessionView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// Sessions in the words of the vocabulary. What is about an entity that was deleted or erased is
/// left out; counts stay.
///
/// **Threads.** Any.
final class SessionShapes {

  static final int LATEST = 100;

  private final SessionView view;
  private final PendingSessions known;

  /// @param known rates and refusals that the log does not hold
  SessionShapes(SessionView view, PendingSessions known) {
    this.view = view;
    this.known = known;
  }

  SessionSnapshot snapshot(SessionState state, SessionPolicy policy, long now) {
    var head = state.head();
    var terms = view.terms();
    Map<RefusalReason, Long> refusals = new EnumMap<>(RefusalReason.class);
    for (var reason : RefusalReason.values()) {
      long count = refusals(state, reason);
      if (count > 0) {
        refusals.put(reason, count);
      }
    }
    var tokens =
        policy
            .rate()
            .map(rate -> OptionalDouble.of(known.rates().tokens(head.session(), rate, now)))
            .orElseGet(OptionalDouble::empty);
    return new SessionSnapshot(
        SessionId.of(head.session()),
        EntityId.of(head.user()),
        head.agent(),
        head.policy(),
        head.metadata(),
        Timestamp.ofNanos(head.started()),
        Timestamp.ofNanos(state.expires(policy)),
        counts(state, terms),
        signals(state, LATEST),
        annotations(state, LATEST),
        state.hints(),
        new SessionQuota(
            Math.max(0, policy.maxSignals() - (long) state.signalCount()),
            Math.max(0, policy.maxAnnotations() - (long) state.noteCount()),
            tokens),
        refusals,
        audit(state, policy.auditEntries()),
        state.position());
  }

  /// How many refusals a session has, logged or not.
  long refusals(SessionState state, RefusalReason reason) {
    return known.refusals().count(state, reason);
  }

  SortedMap<String, Long> counts(SessionState state, SessionTerms terms) {
    var counts = new TreeMap<String, Long>();
    for (int type : state.types()) {
      counts.put(terms.name(type), state.count(type));
    }
    return counts;
  }

  /// The latest signals, oldest first.
  List<SessionSignal> signals(SessionState state, int limit) {
    var terms = view.terms();
    var latest = new ArrayList<SessionSignal>(Math.min(limit, state.signalCount()));
    for (int i = state.signalCount() - 1; i >= 0 && latest.size() < limit; i--) {
      var kind = state.signalKind(i);
      int slot = state.signalSlot(i);
      if (view.lives(kind, slot)) {
        latest.add(
            new SessionSignal(
                state.signalPosition(i),
                Timestamp.ofNanos(state.signalTime(i)),
                terms.name(state.signalType(i)),
                kind,
                view.id(kind, slot),
                state.signalWeight(i)));
      }
    }
    Collections.reverse(latest);
    return latest;
  }

  /// The latest annotations, oldest first.
  List<SessionAnnotation> annotations(SessionState state, int limit) {
    var latest = new ArrayList<SessionAnnotation>(Math.min(limit, state.noteCount()));
    for (int i = state.noteCount() - 1; i >= 0 && latest.size() < limit; i--) {
      var note = state.note(i);
      if (note.slot() < 0 || view.lives(note.kind(), note.slot())) {
        latest.add(
            new SessionAnnotation(
                note.position(),
                Timestamp.ofNanos(note.time()),
                note.about() ? Optional.of(EntityId.of(note.entity())) : Optional.empty(),
                note.text()));
      }
    }
    Collections.reverse(latest);
    return latest;
  }

  /// The latest refusals, oldest first, with those that are not logged yet.
  List<SessionRefusal> audit(SessionState state, int entriesMax) {
    var audit = new ArrayList<SessionRefusal>();
    for (var refused : state.audit()) {
      audit.add(
          refusal(
              refused.time(),
              refused.reason(),
              refused.count(),
              refused.signal(),
              refused.entity()));
    }
    for (var refused :
        known
            .refusals()
            .unlogged(state.head().session(), reason -> state.refusals(reason.code()))) {
      audit.add(
          refusal(
              refused.time(),
              refused.reason(),
              refused.count(),
              refused.signal(),
              refused.entity()));
    }
    audit.sort(Comparator.comparing(SessionRefusal::at));
    return audit.subList(Math.max(0, audit.size() - entriesMax), audit.size());
  }

  private static SessionRefusal refusal(
      long time, int reason, int count, String signal, long entity) {
    return new SessionRefusal(
        Timestamp.ofNanos(time),
        RefusalReason.ofCode(reason),
        count,
        Optional.of(signal).filter(name -> !name.isEmpty()),
        entity == 0 ? Optional.empty() : Optional.of(EntityId.of(entity)));
  }

  /// @param state of an ended session
  SessionSummary summary(SessionState state) {
    var head = state.head();
    var end = state.end().orElseThrow();
    long signals = 0;
    for (int type : state.types()) {
      signals += state.count(type);
    }
    return new SessionSummary(
        SessionId.of(head.session()),
        EntityId.of(head.user()),
        head.agent(),
        head.policy(),
        Timestamp.ofNanos(head.started()),
        Timestamp.ofNanos(end.time()),
        SessionEnd.ofCode(end.reason()),
        signals,
        state.notesEver(),
        state.refusals());
  }

  /// @param state of an ended session, whole
  ClosedSession closed(SessionState state) {
    return new ClosedSession(
        summary(state),
        state.head().metadata(),
        signals(state, Integer.MAX_VALUE),
        annotations(state, Integer.MAX_VALUE),
        audit(state, Integer.MAX_VALUE));
  }
}
