package io.tidaldb.coengagement;

import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.slot.LongPages;

/// For each item its *crowd*: how many users engaged with it positively, decayed as the edges are,
/// under their landmark. One long per slot, the bits of the sum.
///
/// **Threads.** As [LongPages]: each long is whole for any reader. The landmark moves under all
/// versions of [Edges].
final class Crowds {

  private final LongPages sums = new LongPages();

  /// The sum of the item in a slot.
  double sum(int item) {
    return Double.longBitsToDouble(sums.get(item));
  }

  /// Adds a user. Writer, as all of what follows.
  void join(int item, double evidence) {
    set(item, Math.min(sum(item) + evidence, Double.MAX_VALUE));
  }

  /// Sets a saved sum.
  void set(int item, double sum) {
    sums.set(item, Double.doubleToRawLongBits(sum));
  }

  /// The item is gone.
  void remove(int item) {
    if (sum(item) != 0) {
      sums.set(item, 0);
    }
  }

  /// The landmark moved by so many half-lives.
  void rebase(long distance) {
    change(sum -> ForwardDecay.rebased(sum, distance));
  }

  /// Counts from the start.
  void clear() {
    change(sum -> 0.0);
  }

  private void change(java.util.function.DoubleUnaryOperator change) {
    for (int page : sums.pageNumbers().toArray()) {
      for (int i = 0; i < LongPages.PAGE_LONGS; i++) {
        int item = page * LongPages.PAGE_LONGS + i;
        double sum = sum(item);
        if (sum != 0) {
          set(item, change.applyAsDouble(sum));
        }
      }
    }
  }

  /// Slots below which every item with a crowd is.
  int end() {
    return (sums.pageNumbers().max().orElse(-1) + 1) * LongPages.PAGE_LONGS;
  }

  LongPages pages() {
    return sums;
  }

  /// Bytes of the arrays.
  long bytes() {
    return sums.pageNumbers().count() * (16 + 8L * LongPages.PAGE_LONGS + 4);
  }
}
