package io.tidaldb.session;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.session.SessionState.End;
import io.tidaldb.session.SessionState.NoteRows;
import io.tidaldb.session.SessionState.Tally;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// The bytes of a session: a head, and chunks of 256 signals and of 16 annotations. Pages of a
/// running session and rows of an ended one have the same content.
///
/// | Page key | Content |
/// |---|---|
/// | (0, 0, 0) | see [SessionTerms] |
/// | (session, 0, 0) | head |
/// | (session, chunk, 1) | signals: four longs each, as [SignalRows] packs them |
/// | (session, chunk, 2) | annotations: position, time, about u8, kind u8, entity, slot u32, text |
///
/// ```
///  head:  user | agent | policy | count, (key, value) … | position, started
///         | signals u32 | annotations u32 | last position, last event
///         | count, (type u32, count i64) … | count, (refusals i64) …
///         | count, (position, time, reason u8, count u32, signal, entity) …
///         | ended u8 [, time i64, reason u8]
/// ```
///
/// Integers are big-endian, counts u32.
final class SessionCodec {

  static final int NOTES_CHUNK = 16;
  static final int SIGNALS = 1;
  static final int NOTES = 2;

  private SessionCodec() {}

  static int noteChunks(int notes) {
    return (notes + NOTES_CHUNK - 1) / NOTES_CHUNK;
  }

  static byte[] head(SessionState state) {
    var head = state.head();
    var out = new Bytes().i64(head.user()).text(head.agent()).text(head.policy());
    out = out.i32(head.metadata().size());
    for (var entry : head.metadata().entrySet()) {
      out = out.text(entry.getKey()).text(entry.getValue());
    }
    out = out.i64(head.position()).i64(head.started());
    out = out.i32(state.signalCount()).i32(state.noteCount());
    out = out.i64(state.position()).i64(state.lastEvent());
    int[] types = state.types();
    out = out.i32(types.length);
    for (int type : types) {
      out = out.i32(type).i64(state.count(type));
    }
    out = out.i32(state.reasons());
    for (int reason = 1; reason <= state.reasons(); reason++) {
      out = out.i64(state.refusals(reason));
    }
    out = out.i32(state.audit().size());
    for (var refused : state.audit()) {
      out = out.i64(refused.position()).i64(refused.time()).u8(refused.reason());
      out = out.i32(refused.count()).text(refused.signal()).i64(refused.entity());
    }
    if (state.end().isPresent()) {
      var end = state.end().get();
      return out.u8(1).i64(end.time()).u8(end.reason()).toArray();
    }
    return out.u8(0).toArray();
  }

  /// A head that was read: what is not in chunks.
  record Read(SessionHead head, int signals, int notes, Tally tally, Optional<End> end) {

    /// The whole session.
    ///
    /// @param signalChunk gives the bytes of a chunk of signals
    /// @param noteChunk gives the bytes of a chunk of annotations
    SessionState state(IntFunction<byte[]> signalChunk, IntFunction<byte[]> noteChunk) {
      var rows = readSignals(signals, signalChunk);
      var said = readNotes(notes, noteChunk);
      return new SessionState(
          head, rows, new Hints(said, notes), new NoteRows(said, notes), tally, end);
    }

    /// Without signals and annotations.
    SessionState summary() {
      return new SessionState(
          head, SignalRows.NONE, new Hints(new Note[0], 0), NoteRows.NONE, tally, end);
    }
  }

  /// @throws IllegalArgumentException if the bytes are no head
  static Read readHead(long session, byte[] content) {
    var in = new Bytes.In(content);
    long user = in.i64();
    var agent = in.text();
    var policy = in.text();
    var metadata = new TreeMap<String, String>();
    for (int i = in.count(8); i > 0; i--) {
      var key = in.text();
      metadata.put(key, in.text());
    }
    var head = new SessionHead(session, user, agent, policy, metadata, in.i64(), in.i64());
    int signals = notNegative(in.i32());
    int notes = notNegative(in.i32());
    long position = in.i64();
    long lastEvent = in.i64();
    int[] types = new int[in.count(12)];
    long[] counts = new long[types.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = in.i32();
      counts[i] = in.i64();
    }
    if (Arrays.stream(counts).sum() != signals) {
      throw new IllegalArgumentException("signals by type are not all signals: session=" + session);
    }
    long[] refusals = new long[in.count(8)];
    for (int i = 0; i < refusals.length; i++) {
      refusals[i] = in.i64();
    }
    var audit = new Refused[in.count(33)];
    for (int i = 0; i < audit.length; i++) {
      audit[i] = new Refused(in.i64(), in.i64(), in.u8(), in.i32(), in.text(), in.i64());
    }
    Optional<End> end = in.u8() == 0 ? Optional.empty() : Optional.of(new End(in.i64(), in.u8()));
    in.end();
    var tally = new Tally(types, counts, refusals, audit, notes, position, lastEvent);
    return new Read(head, signals, notes, tally, end);
  }

  private static int notNegative(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count is negative: count=" + count);
    }
    return count;
  }

  static byte[] signals(SessionState state, int chunk) {
    var out = new Bytes();
    int longs = state.signals.inChunk(chunk) * SignalRows.LONGS;
    for (int i = 0; i < longs; i++) {
      out = out.i64(state.signals.chunks()[chunk][i]);
    }
    return out.toArray();
  }

  private static SignalRows readSignals(int count, IntFunction<byte[]> chunks) {
    var rows = new SignalRows(new long[(count + SignalRows.CHUNK - 1) / SignalRows.CHUNK][], count);
    for (int chunk = 0; chunk < rows.chunkCount(); chunk++) {
      var in = new Bytes.In(chunks.apply(chunk));
      long[] longs = new long[rows.inChunk(chunk) * SignalRows.LONGS];
      for (int i = 0; i < longs.length; i++) {
        longs[i] = in.i64();
      }
      in.end();
      rows.chunks()[chunk] = longs;
    }
    for (int i = 0; i < count; i++) {
      var _ = rows.kind(i);
    }
    return rows;
  }

  static byte[] notes(SessionState state, int chunk) {
    var out = new Bytes();
    int last = Math.min(state.noteCount(), (chunk + 1) * NOTES_CHUNK);
    for (int i = chunk * NOTES_CHUNK; i < last; i++) {
      var note = state.note(i);
      out = out.i64(note.position()).i64(note.time()).u8(note.about() ? 1 : 0);
      out = out.u8(note.kind().code()).i64(note.entity()).i32(note.slot()).text(note.text());
    }
    return out.toArray();
  }

  private static Note[] readNotes(int count, IntFunction<byte[]> chunks) {
    var notes = new Note[count];
    for (int from = 0; from < count; from += NOTES_CHUNK) {
      var in = new Bytes.In(chunks.apply(from / NOTES_CHUNK));
      for (int i = from; i < Math.min(count, from + NOTES_CHUNK); i++) {
        notes[i] =
            new Note(
                in.i64(),
                in.i64(),
                in.u8() != 0,
                EntityKind.ofCode(in.u8()),
                in.i64(),
                in.i32(),
                in.text());
      }
      in.end();
    }
    return notes;
  }
}
