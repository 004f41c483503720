package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import io.tidaldb.entity.CreatedWalk;
import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Ranking;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Finds the newest of a set by walking from the newest entity of all to older ones, until nothing
/// older can be among them.
final class NewestScan {

  /// Sets up to this many times what is looked for are scored slot by slot.
  private static final int FEW = 4;

  /// A step of a walk costs as much as so many slots of a scan.
  private static final int STEP_COST = 5;

  /// A walk is given up after this share of the set, or the least.
  private static final int SHARE = 4;

  private static final int LEAST = 1_024;

  private final Ranking ranking;
  private final RoaringBitmap set;
  private final CreatedWalk walk;
  private final RoaringBitmap given = new RoaringBitmap();
  private final long most;
  private long scored;

  private NewestScan(Ranking ranking, RoaringBitmap set, CreatedWalk walk) {
    this.ranking = ranking;
    this.set = set;
    this.walk = walk;
    this.most = Math.max(LEAST, set.getLongCardinality() / SHARE);
  }

  /// A scan, where that is less work than to score every slot; null where it is not.
  ///
  /// @param wanted how many are looked for
  /// @param notAfter none that is newer is looked for
  static @Nullable NewestScan of(
      Plan plan, Ranking ranking, RoaringBitmap set, int wanted, long notAfter) {
    var items = plan.readers().items();
    double size = set.getLongCardinality();
    if (!ranking.isByCreation() || size <= (double) FEW * wanted) {
      return null;
    }
    // If the set is as new as the rest, so many steps lead to what is looked for.
    double steps = wanted * (items.liveCount() / size);
    if (STEP_COST * steps > size) {
      return null;
    }
    var walk = items.newest(notAfter);
    return walk == null ? null : new NewestScan(ranking, set, walk);
  }

  /// Offers slots until the newest are among them.
  ///
  /// @param from nothing that old is looked for
  /// @return whether they are; if not, what was not [#given] may still be
  boolean run(TopHits top, Batch batch, long from) {
    int[] slots = new int[batch.slots.length];
    @Var long walked = 0;
    while (walked <= most) {
      int count = walk.next(slots);
      walked += count;
      offer(slots, count, top, batch);
      long bound = walk.bound();
      if (bound <= from || (top.isFull() && top.floor().created() > bound)) {
        return walk.isSteady();
      }
      if (count == 0) {
        return false;
      }
    }
    return false;
  }

  private void offer(int[] slots, int count, TopHits top, Batch batch) {
    @Var int kept = 0;
    for (int i = 0; i < count; i++) {
      if (set.contains(slots[i]) && given.checkedAdd(slots[i])) {
        batch.slots[kept++] = slots[i];
      }
    }
    if (kept > 0) {
      batch.count = kept;
      scored += kept;
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
  }

  /// What was scored.
  RoaringBitmap given() {
    return given;
  }

  long scored() {
    return scored;
  }

  /// The name of what was done, for statistics.
  String strategy() {
    return "newest(scored:" + scored + ")";
  }
}
