package io.tidaldb.ledger;

import io.tidaldb.log.PageView.PageKey;
import org.jspecify.annotations.Nullable;

/// One part as it was at a position. Whoever comes first encodes it: the checkpointer when it gets
/// there, or the writer just before it changes the part. Nothing is copied until then, and nothing
/// at all if nobody writes to the part.
///
/// **Threads.** `preserve` (writer) and `take` (checkpointer) exclude each other; the writer waits
/// at most for the encoding of one part. Sums are read from the arrays of that position: a landmark
/// that moves makes new ones.
public final class FrozenPart {

  private final Ledger ledger;
  private final PageKey key;
  private final Encoding encoding;
  private final PairPage page;
  private final int part;
  private final int firstSlot;
  private final long newest;
  private final long landmark;
  private final double[] sums;
  private final double[] weights;
  private byte @Nullable [] encoded;
  private boolean taken;

  /// Makes the bytes of a part.
  public interface Encoding {
    /// The content of the part's saved page; empty says that the page is gone.
    byte[] encode(PairCodec codec, FrozenPart part);
  }

  /// @param key the part's name among the saved pages
  /// @param encoding what is saved of it
  /// @param firstSlot the first slot of the part
  /// @param newest the newest event time at the position
  public FrozenPart(Ledger ledger, PageKey key, Encoding encoding, int firstSlot, long newest) {
    var table = ledger.pages();
    this.ledger = ledger;
    this.key = key;
    this.encoding = encoding;
    this.page = table[firstSlot >>> PairPage.SHIFT];
    this.firstSlot = firstSlot;
    this.part = (firstSlot & PairPage.MASK) >>> PairPage.PART_SHIFT;
    this.newest = newest;
    var column = ledger.scores();
    var taken = column == null ? null : column.scoresAcquire();
    landmark = taken == null ? ForwardDecay.NONE : taken.landmark();
    sums = taken == null ? ScoreColumn.ZEROS : taken.page(firstSlot);
    var weightColumn = ledger.weights();
    weights =
        weightColumn == null ? ScoreColumn.ZEROS : weightColumn.scoresAcquire().page(firstSlot);
  }

  /// The part's name among the saved pages.
  public PageKey key() {
    return key;
  }

  public Ledger ledger() {
    return ledger;
  }

  public PairPage page() {
    return page;
  }

  public int part() {
    return part;
  }

  /// The first slot of the part.
  public int firstSlot() {
    return firstSlot;
  }

  public int firstIndex() {
    return part << PairPage.PART_SHIFT;
  }

  public long newest() {
    return newest;
  }

  public long landmark() {
    return landmark;
  }

  public double sum(int index) {
    return sums[index];
  }

  public double weight(int index) {
    return weights[index];
  }

  /// Keeps the part as it is now. Writer, before it changes.
  public synchronized void preserve() {
    if (!taken && encoded == null) {
      encoded = encoding.encode(new PairCodec(), this);
    }
  }

  /// The part's bytes, once. Checkpointer.
  public synchronized byte[] take(PairCodec codec) {
    if (taken) {
      throw new IllegalStateException("frozen page taken twice: key=" + key());
    }
    byte[] bytes = encoded == null ? encoding.encode(codec, this) : encoded;
    encoded = null;
    taken = true;
    return bytes;
  }

  /// Nobody wants it any more. Writer.
  public synchronized void drop() {
    encoded = null;
    taken = true;
  }
}
