package io.tidaldb.query;

import io.tidaldb.ranking.Ranking;
import org.roaringbitmap.RoaringBitmap;

/// The way to the best of a set that looks at few of its slots, if its order has one: down the
/// pulse of counts, or from the newest on.
final class Shortcut {

  private final Plan plan;
  private final Ranking ranking;
  private final RoaringBitmap set;
  private RoaringBitmap left;
  private String strategy = "";
  private long scored;

  Shortcut(Plan plan, Ranking ranking, RoaringBitmap set) {
    this.plan = plan;
    this.ranking = ranking;
    this.set = set;
    this.left = set;
  }

  /// Offers slots until the best are among them.
  ///
  /// @return whether they are; if not, they may be in what is [#left]
  boolean run(TopHits top) {
    var pulse = PulseScan.of(plan, ranking, set, top.capacity());
    if (pulse != null) {
      boolean complete = pulse.run(top, ranking.batchFor(top.capacity()));
      return ended(complete, pulse.given(), pulse.scored(), pulse.strategy());
    }
    var after = plan.part().after();
    var before = plan.part().before();
    long notAfter = after == null ? Long.MAX_VALUE : after.created();
    long from = before == null ? Long.MIN_VALUE : before.created() - 1;
    var newest = NewestScan.of(plan, ranking, set, top.capacity(), notAfter);
    if (newest != null) {
      boolean complete = newest.run(top, ranking.batchFor(top.capacity()), from);
      return ended(complete, newest.given(), newest.scored(), newest.strategy());
    }
    return false;
  }

  private boolean ended(boolean complete, RoaringBitmap given, long count, String name) {
    scored = count;
    strategy = name;
    if (!complete) {
      left = RoaringBitmap.andNot(set, given);
    }
    return complete;
  }

  /// What was not looked at.
  RoaringBitmap left() {
    return left;
  }

  long scored() {
    return scored;
  }

  /// The name of what was done, for statistics.
  String strategy() {
    return strategy;
  }
}
