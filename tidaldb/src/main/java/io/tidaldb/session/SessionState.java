package io.tidaldb.session;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A session as of one position: everything that was said and done in it.
///
/// **Threads.** Any: it never changes.
public final class SessionState {

  private static final Note[] NO_NOTES = new Note[0];
  private static final double NANOS = 1e9;

  private final SessionHead head;
  final SignalRows signals;
  final Note[] notes;
  final int noteCount;
  private final int[] types;
  private final long[] typeCounts;
  private final long[] refusals;
  private final Refused[] audit;
  private final int notesEver;
  private final long position;
  private final long lastEvent;
  private final Hints hints;
  private final Optional<End> end;

  /// How a session ended.
  ///
  /// @param time when
  /// @param reason the code of a `SessionEnd`
  public record End(long time, int reason) {}

  /// Takes the signals one by one.
  @FunctionalInterface
  public interface SignalWalk {
    /// One signal.
    ///
    /// @param index its place among the session's signals, for [SessionState]'s accessors
    /// @param type signal type
    /// @param kind kind of its target
    /// @param slot the target's life
    void signal(int index, int type, EntityKind kind, int slot);
  }

  /// What changes as a session goes on, beside signals and annotations.
  ///
  /// @param types signal types that occurred
  /// @param typeCounts how often each
  /// @param refusals by reason code − 1
  /// @param audit the latest refusals, oldest first
  /// @param notes annotations
  /// @param position of the last event
  /// @param lastEvent the newest event's time, never before the start
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never written again.
  record Tally(
      int[] types,
      long[] typeCounts,
      long[] refusals,
      Refused[] audit,
      int notes,
      long position,
      long lastEvent) {}

  SessionState(
      SessionHead head,
      SignalRows signals,
      Hints hints,
      NoteRows notes,
      Tally tally,
      Optional<End> end) {
    this.head = head;
    this.signals = signals;
    this.notes = notes.notes();
    this.noteCount = notes.count();
    this.types = tally.types();
    this.typeCounts = tally.typeCounts();
    this.refusals = tally.refusals();
    this.audit = tally.audit();
    this.notesEver = tally.notes();
    this.position = tally.position();
    this.lastEvent = tally.lastEvent();
    this.hints = hints;
    this.end = end;
  }

  /// Annotations in log order.
  ///
  /// @param notes appended behind `count` only
  @SuppressWarnings("ArrayRecordComponent")
  record NoteRows(Note[] notes, int count) {
    static final NoteRows NONE = new NoteRows(NO_NOTES, 0);

    NoteRows plus(Note note) {
      var to = notes;
      if (count == notes.length) {
        to = Arrays.copyOf(notes, Math.max(2, count + count / 2));
      }
      to[count] = note;
      return new NoteRows(to, count + 1);
    }
  }

  /// What was said at its start.
  public SessionHead head() {
    return head;
  }

  /// The position of its last event.
  public long position() {
    return position;
  }

  /// The time of its newest event, never before the start.
  public long lastEvent() {
    return lastEvent;
  }

  /// How it ended; empty while it runs.
  public Optional<End> end() {
    return end;
  }

  /// When it expires under a policy; saturated.
  public long expires(SessionPolicy policy) {
    return expires(head.started(), lastEvent, policy);
  }

  /// When a session expires under a policy; saturated.
  ///
  /// @param lastEvent time of its newest event, never before the start
  public static long expires(long started, long lastEvent, SessionPolicy policy) {
    long byDuration = plus(started, policy.maxDuration());
    return policy.maxIdle().isEmpty()
        ? byDuration
        : Math.min(byDuration, plus(lastEvent, policy.maxIdle().get()));
  }

  static long plus(long nanos, Duration span) {
    long sum = nanos + span.toNanos();
    return sum < nanos ? Long.MAX_VALUE : sum;
  }

  /* --- signals --- */

  /// How many signals it has.
  public int signalCount() {
    return signals.count();
  }

  /// How many signals of a type it has.
  public long count(int type) {
    for (int i = 0; i < types.length; i++) {
      if (types[i] == type) {
        return typeCounts[i];
      }
    }
    return 0;
  }

  /// The types that occurred, in order of their first signal.
  public int[] types() {
    return types.clone();
  }

  /// The position of a signal.
  public long signalPosition(int index) {
    return head.position() + signals.delta(index);
  }

  /// The time of a signal.
  public long signalTime(int index) {
    return signals.time(index);
  }

  /// The weight of a signal.
  public double signalWeight(int index) {
    return signals.weight(index);
  }

  /// The type of a signal.
  public int signalType(int index) {
    return signals.type(index);
  }

  /// The kind of a signal's target.
  public EntityKind signalKind(int index) {
    return signals.kind(index);
  }

  /// The life of a signal's target.
  public int signalSlot(int index) {
    return signals.slot(index);
  }

  /// The creator's slot as of a signal, −1 without one.
  public int signalCreator(int index) {
    return signals.creator(index);
  }

  /// Walks over all signals in log order.
  public void forEachSignal(SignalWalk walk) {
    for (int i = 0; i < signals.count(); i++) {
      walk.signal(i, signals.type(i), signals.kind(i), signals.slot(i));
    }
  }

  /// The signals of a type about one life of an entity in a window that ends at a time.
  public long windowedCount(int type, EntityKind kind, int slot, Window window, long at) {
    long count = 0;
    long granule = window.granuleNanos();
    long newest = window.isFinite() ? Math.floorDiv(at, granule) : 0;
    for (int i = 0; i < signals.count(); i++) {
      if (is(i, type, kind, slot)) {
        long bucket = window.isFinite() ? Math.floorDiv(signals.time(i), granule) : 0;
        if (!window.isFinite() || (bucket <= newest && bucket > newest - window.buckets())) {
          count++;
        }
      }
    }
    return count;
  }

  /// The decayed score of a type's signals about one life of an entity at a time; a signal later
  /// than that counts whole.
  public double decayScore(int type, EntityKind kind, int slot, Duration halfLife, long at) {
    double score = 0;
    for (int i = 0; i < signals.count(); i++) {
      if (is(i, type, kind, slot)) {
        score += signals.weight(i) * remaining(signals.time(i), halfLife, at);
      }
    }
    return score;
  }

  /// What is left at a time of an event's value, 0 … 1.
  public static double remaining(long time, Duration halfLife, long at) {
    double age = Math.max(0, at - time) / NANOS;
    return StrictMath.pow(2, -age / (halfLife.toNanos() / NANOS));
  }

  private boolean is(int i, int type, EntityKind kind, int slot) {
    return signals.slot(i) == slot && signals.type(i) == type && signals.kind(i) == kind;
  }

  /* --- annotations and refusals --- */

  /// How many annotations it has.
  public int noteCount() {
    return noteCount;
  }

  /// How many annotations it has, also where they are left out.
  public int notesEver() {
    return notesEver;
  }

  /// An annotation, in log order from 0.
  public Note note(int index) {
    if (index >= noteCount) {
      throw new IndexOutOfBoundsException(index);
    }
    return notes[index];
  }

  /// The words that its latest annotations leave to queries, newest first.
  public List<String> hints() {
    return hints.words();
  }

  /// How many refusals of a reason are logged.
  public long refusals(int reason) {
    return reason > refusals.length ? 0 : refusals[reason - 1];
  }

  /// How many refusals are logged.
  public long refusals() {
    return Arrays.stream(refusals).sum();
  }

  /// The highest reason code that may have refusals.
  int reasons() {
    return refusals.length;
  }

  /// The latest refusals, oldest first.
  public List<Refused> audit() {
    return List.of(audit);
  }
}
