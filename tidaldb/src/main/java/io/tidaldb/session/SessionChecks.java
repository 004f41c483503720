package io.tidaldb.session;

import io.tidaldb.log.StateSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The canonical form of running sessions, and what must hold for them.
final class SessionChecks {

  private SessionChecks() {}

  static void digest(StateSink sink, long nextId, List<SessionState> sessions, SessionView view) {
    sink.entry("session", "counter").value("next", nextId);
    for (var state : sessions) {
      var head = state.head();
      var entry = sink.entry("session", Long.toString(head.session()));
      entry.value("user", head.user());
      entry.value("agent", head.agent());
      entry.value("policy", head.policy());
      head.metadata().forEach(entry::value);
      entry.value("position", head.position());
      entry.value("started", head.started());
      entry.value("last position", state.position());
      entry.value("last event", state.lastEvent());
      for (int reason = 1; reason <= state.reasons(); reason++) {
        entry.value("refused", state.refusals(reason));
      }
      state.forEachSignal(
          (i, type, kind, slot) -> {
            entry.value("signal", state.signalPosition(i));
            entry.value("at", state.signalTime(i));
            entry.value("type", type);
            entry.value(kind.name(), view.id(kind, slot).value());
            entry.value("weight", state.signalWeight(i));
          });
      for (int i = 0; i < state.noteCount(); i++) {
        var note = state.note(i);
        entry.value("annotation", note.position());
        entry.value("at", note.time());
        entry.value(note.about() ? note.kind().name() : "none", note.entity());
        entry.value("text", note.text());
      }
      for (var refused : state.audit()) {
        entry.value("audit", refused.toString());
      }
    }
  }

  static List<String> verify(long nextId, List<SessionState> sessions, SessionView view) {
    var findings = new ArrayList<String>();
    for (var state : sessions) {
      long id = state.head().session();
      if (id >= nextId) {
        findings.add("a session has an id that was not given yet: session=" + id);
      }
      if (Arrays.binarySearch(view.active(state.head().user()), id) < 0) {
        findings.add("a session is not among its user's: session=" + id);
      }
      long counted = Arrays.stream(state.types()).mapToLong(state::count).sum();
      if (counted != state.signalCount()) {
        findings.add(
            "signals by type are not all signals: session="
                + id
                + " expected="
                + state.signalCount()
                + " actual="
                + counted);
      }
      if (view.terms().policy(state.head().policy()).isEmpty()) {
        findings.add("a session runs under no policy: session=" + id);
      }
    }
    return findings;
  }
}
