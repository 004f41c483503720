package io.tidaldb.cohort;

import io.tidaldb.ledger.PairPage;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// The parts of a ledger that hold one cohort's cells of one type, in order. A *place* is a cell's
/// number within the run; it is what a saved page is named by, whatever part the ledger gave.
///
/// **Threads.** One writer. Readers walk `0 … parts() − 1`; `count` is written after the element
/// and volatile.
final class CellRun {

  private final int cohort;
  private volatile int[] parts = new int[1];
  private volatile int count;
  private int lowestFree;
  private long pairs;

  CellRun(int cohort) {
    this.cohort = cohort;
  }

  int cohort() {
    return cohort;
  }

  /// How many parts. Any thread.
  int parts() {
    return count;
  }

  /// The part of the ledger in which places `128 · local …` stand. Any thread.
  int part(int local) {
    return parts[local];
  }

  /// Cells that hold an entity. Writer; others see it late.
  long pairs() {
    return pairs;
  }

  /// The ledger's slot of a place.
  int cell(int place) {
    return parts[place >>> PairPage.PART_SHIFT] << PairPage.PART_SHIFT
        | (place & (PairPage.PART_SLOTS - 1));
  }

  /// The lowest free place; the one after the last part if all are taken. Writer.
  int free(IntPredicate isFree) {
    int end = count << PairPage.PART_SHIFT;
    while (lowestFree < end && !isFree.test(cell(lowestFree))) {
      lowestFree++;
    }
    return lowestFree;
  }

  /// A place holds a key now. Writer.
  void taken(int place, boolean isPair) {
    if (place == lowestFree) {
      lowestFree++;
    }
    pairs += isPair ? 1 : 0;
  }

  /// A place that held an entity is free again. Writer.
  void freed(int place) {
    lowestFree = Math.min(lowestFree, place);
    pairs--;
  }

  /// One more part. Writer.
  void add(int part) {
    int at = count;
    if (at == parts.length) {
      parts = Arrays.copyOf(parts, at + 1 + at / 2);
    }
    parts[at] = part;
    count = at + 1;
  }

  /// Bytes of the object and its array.
  long bytes() {
    return 64 + 4L * parts.length;
  }
}
