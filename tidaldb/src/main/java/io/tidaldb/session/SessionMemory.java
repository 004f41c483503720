package io.tidaldb.session;

import io.tidaldb.session.SessionState.End;
import io.tidaldb.session.SessionState.NoteRows;
import io.tidaldb.session.SessionState.Tally;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A running session as the writer folds it, and its state as readers see it.
///
/// **Threads.** The writer; `published` is read by any thread and is null before the first frame
/// that holds the session is published.
final class SessionMemory {

  final SessionHead head;
  private SignalRows signals = SignalRows.NONE;
  private NoteRows notes = NoteRows.NONE;
  private Hints hints = new Hints(new Note[0], 0);
  private int[] types = new int[0];
  private long[] typeCounts = new long[0];
  private long[] refusals = new long[0];
  private final Deque<Refused> audit = new ArrayDeque<>(0);
  private Refused[] auditShown = new Refused[0];
  private long position;
  private long lastEvent;

  /// Folded in the frame under way, not published.
  boolean touched;

  /// Ended in the fold.
  boolean ended;

  /// Chunks of signals that are saved and have not changed.
  int cleanSignals;

  /// Chunks of annotations that are saved and have not changed.
  int cleanNotes;

  /// Chunks that a checkpoint may hold.
  int savedSignals;

  int savedNotes;
  boolean saved;

  volatile @Nullable SessionState published;

  SessionMemory(SessionHead head) {
    this.head = head;
    this.position = head.position();
    this.lastEvent = head.started();
  }

  /// As it was saved.
  static SessionMemory loaded(SessionState state) {
    var memory = new SessionMemory(state.head());
    memory.signals = state.signals;
    memory.notes = new NoteRows(state.notes, state.noteCount);
    memory.hints = new Hints(state.notes, state.noteCount);
    memory.types = state.types();
    memory.typeCounts = Arrays.stream(memory.types).mapToLong(state::count).toArray();
    memory.refusals = new long[state.reasons()];
    Arrays.setAll(memory.refusals, i -> state.refusals(i + 1));
    memory.audit.addAll(state.audit());
    memory.auditShown = memory.audit.toArray(Refused[]::new);
    memory.position = state.position();
    memory.lastEvent = state.lastEvent();
    memory.cleanSignals = state.signalCount() / SignalRows.CHUNK;
    memory.cleanNotes = state.noteCount() / SessionCodec.NOTES_CHUNK;
    memory.savedSignals = state.signals.chunkCount();
    memory.savedNotes = SessionCodec.noteChunks(state.noteCount());
    memory.saved = true;
    memory.published = state;
    return memory;
  }

  void signal(long at, SignalRows.Row row) {
    signals = signals.plus(row);
    count(row.type());
    seen(at, row.time());
  }

  private void count(int type) {
    for (int i = 0; i < types.length; i++) {
      if (types[i] == type) {
        typeCounts[i]++;
        return;
      }
    }
    types = Arrays.copyOf(types, types.length + 1);
    types[types.length - 1] = type;
    typeCounts = Arrays.copyOf(typeCounts, types.length);
    typeCounts[types.length - 1] = 1;
  }

  void note(Note note) {
    notes = notes.plus(note);
    hints = new Hints(notes.notes(), notes.count());
    seen(note.position(), note.time());
  }

  /// A refusal is no event of the session's life: it does not keep it from being idle.
  void refused(Refused refused, int entriesMax) {
    if (refused.reason() > refusals.length) {
      refusals = Arrays.copyOf(refusals, refused.reason());
    }
    refusals[refused.reason() - 1] += refused.count();
    audit.addLast(refused);
    trimAudit(entriesMax);
    position = refused.position();
  }

  void trimAudit(int entriesMax) {
    while (audit.size() > entriesMax) {
      audit.removeFirst();
    }
    auditShown = audit.toArray(Refused[]::new);
  }

  private void seen(long at, long time) {
    position = at;
    lastEvent = Math.max(lastEvent, time);
  }

  /// How it is now, ended or not.
  SessionState state(Optional<End> end) {
    var tally =
        new Tally(
            types,
            typeCounts.clone(),
            refusals.clone(),
            auditShown,
            notes.count(),
            position,
            lastEvent);
    return new SessionState(head, signals, hints, notes, tally, end);
  }

  /// Ended by the event at a position.
  SessionState ended(End end, long at) {
    ended = true;
    position = at;
    return state(Optional.of(end));
  }

  void publish() {
    published = state(Optional.empty());
  }

  /// The ids of these, in order.
  static long[] ids(Collection<SessionMemory> sessions) {
    return sessions.stream().mapToLong(session -> session.head.session()).sorted().toArray();
  }
}
