package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import io.tidaldb.ledger.PulseWalk;
import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.ranking.WindowSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Finds the best of a set where counts of the last day bound the scores: walks down the pulse of
/// each count, scores what comes up exactly, and ends when nothing that did not come up can reach
/// the page.
///
/// Always the walk goes on whose next slots could still add most. What it has not given can have at
/// most the sum of what the walks' bounds add, so the answer is that of scoring every slot, bit for
/// bit.
final class PulseScan {

  /// Sets up to this many times what is looked for are scored slot by slot.
  private static final int FEW = 4;

  /// A walk that has given this share of the set, or of the least, is given up.
  private static final int SHARE = 8;

  private static final int LEAST = 8_192;
  private static final int STEP_MIN = 128;
  private static final int STEP_FACTOR = 4;

  /// A walk that has passed so many times the set is given up.
  private static final int PASSED = 16;

  /// Above the rounding of a bound and of the score it bounds.
  private static final double MARGIN = 1 - 0x1.0p-30;

  private final Ranking ranking;
  private final RoaringBitmap set;
  private final List<Walk> walks;
  private final RoaringBitmap given = new RoaringBitmap();
  private final long most;
  private final long mostPassed;
  private long passed;
  private long scored;

  private PulseScan(Ranking ranking, RoaringBitmap set, List<Walk> walks, int wanted) {
    this.ranking = ranking;
    this.set = set;
    this.walks = walks;
    this.mostPassed = PASSED * set.getLongCardinality();
    this.most = Math.max(Math.max(LEAST, 4L * wanted), set.getLongCardinality() / SHARE);
  }

  private static final class Walk {
    private final WindowSum.Part part;
    private final PulseWalk pulse;
    private int step;

    Walk(WindowSum.Part part, PulseWalk pulse, int wanted) {
      this.part = part;
      this.pulse = pulse;
      this.step = Math.max(STEP_MIN, 2 * wanted);
    }

    double upper() {
      double bound = pulse.bound();
      return Double.isInfinite(bound) ? bound : part.upper().applyAsDouble(bound);
    }

    boolean deepen() {
      boolean more = pulse.deepen(step);
      step *= STEP_FACTOR;
      return more;
    }
  }

  /// A scan, where that is less work than to score every slot; null where it is not.
  ///
  /// @param wanted how many are looked for
  static @Nullable PulseScan of(Plan plan, Ranking ranking, RoaringBitmap set, int wanted) {
    var sum = ranking.windowSum();
    if (sum.isEmpty() || set.getLongCardinality() <= (long) FEW * wanted) {
      return null;
    }
    return walks(plan, sum.get(), wanted)
        .map(walks -> new PulseScan(ranking, set, walks, wanted))
        .orElse(null);
  }

  private static Optional<List<Walk>> walks(Plan plan, WindowSum sum, int wanted) {
    var signals = plan.readers().signals().get();
    var walks = new ArrayList<Walk>();
    for (var part : sum.parts()) {
      var walk = signals.pulse(part.type(), part.window());
      if (walk == null) {
        return Optional.empty();
      }
      walks.add(new Walk(part, walk, wanted));
    }
    return Optional.of(walks);
  }

  /// Offers slots until the best are among them.
  ///
  /// @return whether they are; if not, what was not [#given] may still be
  boolean run(TopHits top, Batch batch) {
    while (scored <= most && passed <= mostPassed) {
      @Var Walk highest = null;
      @Var double rest = 0;
      for (int w = 0; w < walks.size(); w++) {
        double upper = walks.get(w).upper();
        rest += upper;
        if (upper > 0 && (highest == null || upper > highest.upper())) {
          highest = walks.get(w);
        }
      }
      if (top.isFull() && top.worstScore() > 0 && top.worstScore() * MARGIN > rest) {
        return true;
      }
      if (highest == null || !highest.deepen()) {
        return false;
      }
      offer(highest.pulse, top, batch);
    }
    return false;
  }

  /// Whether nothing that was not given can score above 0.
  boolean isExhausted() {
    for (var walk : walks) {
      if (walk.upper() > 0) {
        return false;
      }
    }
    return true;
  }

  private void offer(PulseWalk walk, TopHits top, Batch batch) {
    int[] slots = walk.slots();
    passed += walk.size();
    @Var int count = 0;
    for (int i = 0; i < walk.size(); i++) {
      if (set.contains(slots[i]) && given.checkedAdd(slots[i])) {
        batch.slots[count++] = slots[i];
        if (count == batch.slots.length) {
          flush(count, top, batch);
          count = 0;
        }
      }
    }
    if (count > 0) {
      flush(count, top, batch);
    }
  }

  private void flush(int count, TopHits top, Batch batch) {
    batch.count = count;
    scored += count;
    ranking.score(batch, top.floor());
    top.offer(batch);
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
    return "pulse(counts:" + walks.size() + ", scored:" + scored + ")";
  }
}
