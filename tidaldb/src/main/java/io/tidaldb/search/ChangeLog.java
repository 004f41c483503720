package io.tidaldb.search;

import java.util.Arrays;

/// Which entities' vectors changed, and at which position, in log order: what an index that is
/// behind has missed.
///
/// **Threads.** The writer adds and drops; any thread reads a [Suffix], whose part of the arrays
/// never changes.
final class ChangeLog {

  private static final int CAPACITY_MIN = 64;

  /// Beyond this the older half is forgotten: an index so far behind compares whole columns.
  private static final int CHANGES_MAX = 1 << 16;

  private int[] entities = new int[CAPACITY_MIN];
  private long[] positions = new long[CAPACITY_MIN];
  private int from;
  private int to;
  private long forgotten;

  void add(int entity, long position) {
    if (to - from == CHANGES_MAX) {
      from += CHANGES_MAX / 2;
      forgotten = positions[from - 1];
    }
    if (to == entities.length) {
      move(Math.max(CAPACITY_MIN, 2 * (to - from)));
    }
    entities[to] = entity;
    positions[to++] = position;
  }

  /// Drops what an index holds that is at a position. Old arrays stay as they are for readers.
  void drop(long indexed) {
    while (from < to && positions[from] <= indexed) {
      from++;
    }
    if (from > CAPACITY_MIN && from > to / 2) {
      move(Math.max(CAPACITY_MIN, 2 * (to - from)));
    }
  }

  /// Forgets everything up to a position.
  void forget(long position) {
    drop(Long.MAX_VALUE);
    forgotten = position;
  }

  private void move(int capacity) {
    entities = Arrays.copyOf(Arrays.copyOfRange(entities, from, to), capacity);
    positions = Arrays.copyOf(Arrays.copyOfRange(positions, from, to), capacity);
    to -= from;
    from = 0;
  }

  /// Everything that was added and not dropped.
  Suffix suffix() {
    return new Suffix(entities, positions, from, to, forgotten);
  }

  /// A part of the changes. Immutable.
  ///
  /// @param forgotten up to this position changes may be missing
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Suffix(int[] entities, long[] positions, int from, int to, long forgotten) {

    /// Only what changed behind a position.
    Suffix after(long position) {
      int low = from;
      int high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (positions[middle] <= position) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return new Suffix(entities, positions, low, to, forgotten <= position ? 0 : forgotten);
    }

    /// Whether something behind that position was forgotten.
    boolean isTorn() {
      return forgotten > 0;
    }

    int size() {
      return to - from;
    }

    /// The entity of the n-th change.
    int entity(int n) {
      return entities[from + n];
    }
  }
}
