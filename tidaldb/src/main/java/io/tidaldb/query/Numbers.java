package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import java.util.Arrays;

/// Dense numbers from 0 for the values of candidates: equal where the values are.
final class Numbers {

  private final int[] of;
  private final int count;

  /// @param of a number for each candidate, below `count`
  Numbers(int[] of, int count) {
    this.of = of;
    this.count = count;
  }

  /// A number each.
  static Numbers alone(int count) {
    int[] of = new int[count];
    Arrays.setAll(of, i -> i);
    return new Numbers(of, count);
  }

  /// One for each value; what has none has a number of its own.
  static Numbers dense(long[] values, boolean[] present) {
    int mask = Math.max(1, Integer.highestOneBit(values.length) << 2) - 1;
    long[] known = new long[mask + 1];
    int[] numbers = new int[mask + 1];
    int[] of = new int[values.length];
    @Var int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (!present[i]) {
        of[i] = count++;
        continue;
      }
      @Var int at = (int) ((values[i] * 0x9E3779B97F4A7C15L) >>> 40) & mask;
      while (numbers[at] != 0 && known[at] != values[i]) {
        at = (at + 1) & mask;
      }
      if (numbers[at] == 0) {
        known[at] = values[i];
        numbers[at] = ++count;
      }
      of[i] = numbers[at] - 1;
    }
    return new Numbers(of, count);
  }

  /// By candidate; not to be changed.
  int[] of() {
    return of;
  }

  /// How many there are.
  int count() {
    return count;
  }
}
