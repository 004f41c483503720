package io.tidaldb.log;

import java.util.Arrays;

/// A hash index over numbered entries that live elsewhere: open addressing, linear probing, no
/// objects. Holds at most half of its size, and doubles.
final class ProbeTable {

  /// Where the hash of an entry comes from when entries move.
  interface Hashes {
    long hash(int entry);
  }

  private static final int SIZE_AT_FIRST = 64;

  private final Hashes hashes;
  private int[] cells;
  private int count;

  ProbeTable(Hashes hashes) {
    this.hashes = hashes;
    this.cells = empty(SIZE_AT_FIRST);
  }

  /// Spreads 64 bits over 64 bits.
  static long mix(long bits) {
    long h = (bits ^ bits >>> 32) * 0xd6e8feb86659fd93L;
    h = (h ^ h >>> 32) * 0xd6e8feb86659fd93L;
    return h ^ h >>> 32;
  }

  int count() {
    return count;
  }

  /// The cell to look at first. Walk: `for (int c = first(h); entry(c) >= 0; c = next(c))`.
  int first(long hash) {
    return (int) hash & cells.length - 1;
  }

  int next(int cell) {
    return cell + 1 & cells.length - 1;
  }

  /// The entry in a cell, −1 if it is empty, where a walk ends.
  int entry(int cell) {
    return cells[cell];
  }

  void add(int entry) {
    if (2 * (count + 1) > cells.length) {
      grow();
    }
    place(entry);
    count++;
  }

  /// Removes an entry that is in the table, and whose hash is still known.
  void remove(int entry) {
    int hole = first(hashes.hash(entry));
    while (cells[hole] != entry) {
      if (cells[hole] < 0) {
        throw new IllegalStateException("entry is not in the table: entry=" + entry);
      }
      hole = next(hole);
    }
    // Entries behind move up when the hole lies on their way, so no marks of deleted cells are
    // needed.
    for (int cell = next(hole); cells[cell] >= 0; cell = next(cell)) {
      int home = first(hashes.hash(cells[cell]));
      int mask = cells.length - 1;
      if ((cell - home & mask) >= (cell - hole & mask)) {
        cells[hole] = cells[cell];
        hole = cell;
      }
    }
    cells[hole] = -1;
    count--;
  }

  void clear() {
    cells = empty(SIZE_AT_FIRST);
    count = 0;
  }

  private void grow() {
    var old = cells;
    cells = empty(2 * old.length);
    for (int entry : old) {
      if (entry >= 0) {
        place(entry);
      }
    }
  }

  private void place(int entry) {
    int cell = first(hashes.hash(entry));
    while (cells[cell] >= 0) {
      cell = next(cell);
    }
    cells[cell] = entry;
  }

  private static int[] empty(int size) {
    var cells = new int[size];
    Arrays.fill(cells, -1);
    return cells;
  }
}
