package io.tidaldb.signal;

import io.tidaldb.log.PageView.PageKey;
import org.jspecify.annotations.Nullable;

/// One part as it was at a position. Whoever comes first encodes it: the checkpointer when it gets
/// there, or the writer just before it changes the part. Nothing is copied until then, and nothing
/// at all if nobody writes to the part.
///
/// **Threads.** `preserve` (writer) and `take` (checkpointer) exclude each other; the writer waits
/// at most for the encoding of one part. Sums are read from the arrays of that position: a landmark
/// that moves makes new ones.
final class FrozenPart {

  private final Ledger ledger;
  private final PairPage page;
  private final int part;
  private final int pageNumber;
  private final long newest;
  private final long landmark;
  private final double[] sums;
  private final double[] weights;
  private byte @Nullable [] encoded;
  private boolean taken;

  /// @param pageNumber number of the page in its table
  /// @param part part of the page
  /// @param newest the newest event time at the position
  FrozenPart(Ledger ledger, int pageNumber, PairPage page, int part, long newest) {
    this.ledger = ledger;
    this.page = page;
    this.part = part;
    this.pageNumber = pageNumber;
    this.newest = newest;
    int slot = pageNumber << PairPage.SHIFT;
    var column = ledger.scores();
    var taken = column == null ? null : column.scoresAcquire();
    landmark = taken == null ? ForwardDecay.NONE : taken.landmark();
    sums = taken == null ? ScoreColumn.ZEROS : taken.page(slot);
    var weightColumn = ledger.weights();
    weights = weightColumn == null ? ScoreColumn.ZEROS : weightColumn.scoresAcquire().page(slot);
  }

  /// The part's name among the saved pages.
  PageKey key() {
    long number = (long) pageNumber * PairPage.PARTS + part;
    return new PageKey(number, SignalView.pageType(ledger), 1);
  }

  Ledger ledger() {
    return ledger;
  }

  PairPage page() {
    return page;
  }

  int part() {
    return part;
  }

  int firstIndex() {
    return part << PairPage.PART_SHIFT;
  }

  long newest() {
    return newest;
  }

  long landmark() {
    return landmark;
  }

  double sum(int index) {
    return sums[index];
  }

  double weight(int index) {
    return weights[index];
  }

  /// Keeps the part as it is now. Writer, before it changes.
  synchronized void preserve() {
    if (!taken && encoded == null) {
      encoded = new PairCodec().encode(this);
    }
  }

  /// The part's bytes, once. Checkpointer.
  synchronized byte[] take(PairCodec codec) {
    if (taken) {
      throw new IllegalStateException("frozen page taken twice: key=" + key());
    }
    byte[] bytes = encoded == null ? codec.encode(this) : encoded;
    encoded = null;
    taken = true;
    return bytes;
  }

  /// Nobody wants it any more. Writer.
  synchronized void drop() {
    encoded = null;
    taken = true;
  }
}
