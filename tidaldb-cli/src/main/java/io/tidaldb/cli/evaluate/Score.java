package io.tidaldb.cli.evaluate;

import java.util.Arrays;
import java.util.BitSet;

/// How well one contender did.
///
/// @param name the contender
/// @param events evaluated events
/// @param ndcg mean of 1 / log2(rank + 1) where the rank was at most 10
/// @param hitRate share of events whose item was among the first 10
/// @param coverage distinct items ever among the first 10, of all items that appeared
/// @param novelty mean over everything shown of log2((likers + 1) / (likes + 1)), in bits: 0 for
///   what everybody likes
/// @param micros mean time per evaluated event
/// @param p50Micros what half of the events took at most
/// @param p99Micros what 99 % of the events took at most
public record Score(
    String name,
    int events,
    double ndcg,
    double hitRate,
    double coverage,
    double novelty,
    double micros,
    double p50Micros,
    double p99Micros) {

  /// Adds up one contender's events.
  static final class Tally {
    private final Contender contender;
    private final BitSet shown = new BitSet();
    private long[] nanos = new long[1_024];
    private int events;
    private int hits;
    private long shownCount;
    private double gain;
    private double surprise;

    Tally(Contender contender) {
      this.contender = contender;
    }

    Contender contender() {
      return contender;
    }

    /// One event: what was shown, and which item it should have been.
    void add(Past past, int[] best, int count, int liked, long took) {
      if (events == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * events);
      }
      nanos[events++] = took;
      for (int place = 0; place < count; place++) {
        shown.set(best[place]);
        surprise += log2((past.likers() + 1.0) / (past.likes(best[place]) + 1.0));
        if (best[place] == liked) {
          hits++;
          gain += 1 / log2(place + 2);
        }
      }
      shownCount += count;
    }

    Score score(int itemCount) {
      long[] sorted = Arrays.copyOf(nanos, events);
      Arrays.sort(sorted);
      double all = Math.max(1, events);
      return new Score(
          contender.name(),
          events,
          gain / all,
          hits / all,
          shown.cardinality() / (double) Math.max(1, itemCount),
          surprise / Math.max(1, shownCount),
          Arrays.stream(sorted).sum() / all / 1e3,
          micros(sorted, 0.5),
          micros(sorted, 0.99));
    }

    private static double micros(long[] sorted, double share) {
      return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e3;
    }

    private static double log2(double x) {
      return Math.log(x) / Math.log(2);
    }
  }
}
