package io.tidaldb.cli.evaluate;

import java.util.BitSet;

/// The best few of many scores: the greater first, equal ones by number.
final class Best {

  private final int[] items;
  private final double[] scores;
  private int count;

  /// @param items takes the numbers, best first
  Best(int[] items) {
    this.items = items;
    this.scores = new double[items.length];
  }

  /// The best of the items below a number that are not left out.
  static int of(double[] scores, int itemCount, BitSet leftOut, int[] items) {
    var best = new Best(items);
    for (int item = leftOut.nextClearBit(0); item < itemCount; ) {
      best.offer(item, item < scores.length ? scores[item] : 0);
      item = leftOut.nextClearBit(item + 1);
    }
    return best.count;
  }

  /// Numbers must come in rising order.
  private void offer(int item, double score) {
    if (count == items.length && score <= scores[count - 1]) {
      return;
    }
    int place = count == items.length ? count - 1 : count++;
    while (place > 0 && scores[place - 1] < score) {
      items[place] = items[place - 1];
      scores[place] = scores[place - 1];
      place--;
    }
    items[place] = item;
    scores[place] = score;
  }
}
