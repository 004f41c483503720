package io.tidaldb.engine;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Exported;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionExport;
import io.tidaldb.session.Note;
import io.tidaldb.session.Refused;
import io.tidaldb.session.SessionHead;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// Sessions as JSON Lines, from the views: what the log has lost is told all the same.
///
/// **Threads.** The caller's.
final class SessionExports {

  private final SessionView view;
  private final SessionExport wanted;
  private final JsonLines out;

  private SessionExports(SessionView view, SessionExport wanted, JsonLines out) {
    this.view = view;
    this.wanted = wanted;
    this.out = out;
  }

  /// Which session, and where its order is.
  private record Place(long started, long session, long user) {
    static Place of(SessionHead head) {
      return new Place(head.started(), head.session(), head.user());
    }
  }

  static Exported export(SessionView view, SessionExport wanted, Appendable to) {
    if (!wanted.isBounded()) {
      throw new InvalidRequestException(
          "EXPORT_UNBOUNDED",
          "an export needs a bound: allowed=user, agent, policy, sessions, since, until");
    }
    var out = new JsonLines(to, wanted.limit());
    new SessionExports(view, wanted, out).run();
    return new Exported(out.lines(), out.isComplete());
  }

  private void run() {
    for (var place : places()) {
      var state =
          view.running(place.session)
              .or(() -> view.archive().read(place.user, place.session))
              .orElse(null);
      // Erased or dropped since it was found.
      if (state != null && !session(state)) {
        return;
      }
    }
  }

  private List<Place> places() {
    var places = new ArrayList<Place>();
    if (!wanted.sessions().isEmpty()) {
      for (var id : wanted.sessions()) {
        var running = view.running(id.value());
        var user = running.isPresent() ? OptionalLong.empty() : view.archive().user(id.value());
        running
            .or(
                () ->
                    user.isEmpty()
                        ? java.util.Optional.empty()
                        : view.archive().read(user.getAsLong(), id.value()))
            .ifPresent(state -> add(state, places));
      }
    } else if (wanted.user().isPresent()) {
      long user = wanted.user().get().value();
      for (long id : view.active(user)) {
        view.running(id).ifPresent(state -> add(state, places));
      }
      view.archive().summaries(user, 0, Integer.MAX_VALUE).forEach(state -> add(state, places));
    } else {
      view.running().forEach(state -> add(state, places));
      view.archive().forEachSummary(state -> add(state, places));
    }
    return places.stream()
        .distinct()
        .sorted(Comparator.comparingLong(Place::started).thenComparingLong(Place::session))
        .toList();
  }

  private void add(SessionState state, List<Place> places) {
    var head = state.head();
    boolean isWanted =
        wanted.user().filter(user -> user.value() != head.user()).isEmpty()
            && wanted.agent().filter(agent -> !agent.equals(head.agent())).isEmpty()
            && wanted.policy().filter(policy -> !policy.equals(head.policy())).isEmpty()
            && wanted.since().filter(since -> head.started() < since.nanos()).isEmpty()
            && wanted.until().filter(until -> head.started() >= until.nanos()).isEmpty();
    if (isWanted) {
      places.add(Place.of(head));
    }
  }

  /// One session, its events in the order of their positions; false if the limit is reached.
  private boolean session(SessionState state) {
    var head = state.head();
    var start = line("session", head, head.position(), head.started()).open("metadata");
    for (var entry : head.metadata().entrySet()) {
      start = start.text(entry.getKey(), entry.getValue());
    }
    if (!start.close().end()) {
      return false;
    }
    int signal = 0;
    int note = 0;
    int refusal = 0;
    var audit = state.audit();
    while (signal < state.signalCount() || note < state.noteCount() || refusal < audit.size()) {
      long ofSignal = signal < state.signalCount() ? state.signalPosition(signal) : Long.MAX_VALUE;
      long ofNote = note < state.noteCount() ? state.note(note).position() : Long.MAX_VALUE;
      long ofRefusal = refusal < audit.size() ? audit.get(refusal).position() : Long.MAX_VALUE;
      long next = Math.min(ofSignal, Math.min(ofNote, ofRefusal));
      boolean written;
      if (next == ofSignal) {
        written = signal(state, signal++);
      } else if (next == ofNote) {
        written = note(head, state.note(note++));
      } else {
        written = refusal(head, audit.get(refusal++));
      }
      if (!written) {
        return false;
      }
    }
    return state.end().isEmpty() || end(state);
  }

  private JsonLines line(String type, SessionHead head, long position, long at) {
    return out.begin(type)
        .id("session", head.session())
        .id("user", head.user())
        .text("agent", head.agent())
        .text("policy", head.policy())
        .number("position", position)
        .time("at", at);
  }

  private boolean signal(SessionState state, int i) {
    var name = view.terms().name(state.signalType(i));
    var kind = state.signalKind(i);
    int slot = state.signalSlot(i);
    if (!view.lives(kind, slot)
        || (!wanted.signals().isEmpty() && !wanted.signals().contains(name))) {
      return true;
    }
    return line("signal", state.head(), state.signalPosition(i), state.signalTime(i))
        .text("signal", name)
        .text("kind", Admission.label(kind))
        .id("entity", view.id(kind, slot).value())
        .number("weight", state.signalWeight(i))
        .end();
  }

  private boolean note(SessionHead head, Note note) {
    if (note.slot() >= 0 && !view.lives(note.kind(), note.slot())) {
      return true;
    }
    var line = line("annotation", head, note.position(), note.time());
    if (note.about()) {
      line = line.text("kind", Admission.label(EntityKind.ITEM)).id("entity", note.entity());
    }
    return line.text("text", note.text()).end();
  }

  private boolean refusal(SessionHead head, Refused refused) {
    var line =
        line("refusal", head, refused.position(), refused.time())
            .text("reason", RefusalReason.ofCode(refused.reason()).label())
            .number("count", refused.count());
    if (!refused.signal().isEmpty()) {
      line = line.text("signal", refused.signal());
    }
    return (refused.entity() == 0 ? line : line.id("entity", refused.entity())).end();
  }

  private boolean end(SessionState state) {
    var end = state.end().orElseThrow();
    var reason = SessionEnd.ofCode(end.reason());
    long signals = 0;
    for (int type : state.types()) {
      signals += state.count(type);
    }
    return line("end", state.head(), state.position(), end.time())
        .number("duration_nanos", end.time() - state.head().started())
        .number("signals", signals)
        .number("annotations", state.notesEver())
        .number("refusals", state.refusals())
        .flag("auto_closed", reason != SessionEnd.CALLER)
        .text("reason", reason.label())
        .end();
  }
}
