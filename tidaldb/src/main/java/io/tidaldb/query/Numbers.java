package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import java.util.Arrays;
import java.util.HashMap;

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
    var known = new HashMap<Long, Integer>();
    int[] of = new int[values.length];
    @Var int count = 0;
    for (int i = 0; i < values.length; i++) {
      @Var var number = present[i] ? known.get(values[i]) : null;
      if (number == null) {
        number = count;
        count++;
        if (present[i]) {
          known.put(values[i], number);
        }
      }
      of[i] = number;
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
