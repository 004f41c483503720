package io.tidaldb.cli.evaluate;

import java.util.Arrays;

/// Counts by item number, side by side in the order of their first; a table with open addressing,
/// at most half full, says where each stands.
final class CountRow {

  private int[] items = new int[4];
  private int[] counts = new int[4];
  private int size;

  /// Where an item stands, plus 1; 0 is free.
  private int[] table = new int[8];

  void increment(int item) {
    int place = place(item);
    if (table[place] == 0) {
      add(item);
    } else {
      counts[table[place] - 1]++;
    }
  }

  /// Adds every count, divided by a number, to what stands at its item's number.
  void addTo(double[] sums, double divisor) {
    double each = 1 / divisor;
    for (int i = 0; i < size; i++) {
      sums[items[i]] += counts[i] * each;
    }
  }

  private void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      table = new int[2 * table.length];
      for (int i = 0; i < size; i++) {
        table[place(items[i])] = i + 1;
      }
    }
    items[size] = item;
    counts[size] = 1;
    table[place(item)] = ++size;
  }

  private int place(int item) {
    int mask = table.length - 1;
    int place = ((item * 0x9E3779B9) >>> 7) & mask;
    while (table[place] != 0 && items[table[place] - 1] != item) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
