package io.tidaldb.session;

import io.tidaldb.schema.EntityKind;

/// The signals of one session in log order, packed, as of one moment.
///
/// ```
///  0               8               16        20          24
/// +---------------+---------------+---------+-----------+------------------------------+
/// | time          | weight, f64   | slot    | creator+1 | delta 46 | type 16 | kind 2  |
/// +---------------+---------------+---------+-----------+------------------------------+
/// ```
///
/// `delta` is the position behind that of the session's start. Targets and creators are slots: a
/// slot is one life of an entity, so a later life of an id inherits nothing.
///
/// **Threads.** The writer appends behind `count` and hands out a new value; what a value shows
/// never changes.
@SuppressWarnings("ArrayRecordComponent") // Grown by copying; never written below the count.
record SignalRows(long[][] chunks, int count) {

  static final int CHUNK = 256;
  static final int LONGS = 4;
  static final SignalRows NONE = new SignalRows(new long[0][], 0);

  private static final int TYPE_SHIFT = 2;
  private static final int DELTA_SHIFT = 18;
  private static final int KIND_MASK = 3;
  private static final int TYPE_MASK = 0xFFFF;

  /// A signal's facts before they are packed.
  ///
  /// @param delta positions behind the session's start
  /// @param creator slot of the creator, −1 without one
  record Row(
      long delta, long time, double weight, int type, EntityKind kind, int slot, int creator) {}

  /// These and one more. Writer only.
  SignalRows plus(Row row) {
    int chunk = count / CHUNK;
    int at = count % CHUNK * LONGS;
    var grown = chunks;
    if (at == 0) {
      grown = java.util.Arrays.copyOf(chunks, chunk + 1);
      grown[chunk] = new long[2 * LONGS];
    } else if (at == chunks[chunk].length) {
      // Slowly, so that a session never takes much more than its signals do.
      int capacity = Math.min(CHUNK, count % CHUNK + Math.max(2, count % CHUNK / 5));
      grown = chunks.clone();
      grown[chunk] = java.util.Arrays.copyOf(chunks[chunk], capacity * LONGS);
    }
    long[] to = grown[chunk];
    to[at] = row.time();
    to[at + 1] = Double.doubleToRawLongBits(row.weight());
    to[at + 2] = ((long) row.slot() << 32) | (row.creator() + 1 & 0xFFFF_FFFFL);
    to[at + 3] =
        (row.delta() << DELTA_SHIFT) | ((long) row.type() << TYPE_SHIFT) | row.kind().code();
    return new SignalRows(grown, count + 1);
  }

  long delta(int i) {
    return at(i, 3) >>> DELTA_SHIFT;
  }

  long time(int i) {
    return at(i, 0);
  }

  double weight(int i) {
    return Double.longBitsToDouble(at(i, 1));
  }

  int type(int i) {
    return (int) (at(i, 3) >>> TYPE_SHIFT) & TYPE_MASK;
  }

  EntityKind kind(int i) {
    return EntityKind.ofCode((int) at(i, 3) & KIND_MASK);
  }

  int slot(int i) {
    return (int) (at(i, 2) >>> 32);
  }

  /// Slot of the creator, −1 without one.
  int creator(int i) {
    return (int) at(i, 2) - 1;
  }

  private long at(int i, int field) {
    return chunks[i / CHUNK][i % CHUNK * LONGS + field];
  }

  /// How many chunks there are.
  int chunkCount() {
    return (count + CHUNK - 1) / CHUNK;
  }

  /// How many signals a chunk holds.
  int inChunk(int chunk) {
    return Math.min(CHUNK, count - chunk * CHUNK);
  }
}
