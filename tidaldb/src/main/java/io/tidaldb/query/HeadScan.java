package io.tidaldb.query;

import com.google.errorprone.annotations.Var;
import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Floor;
import io.tidaldb.schema.Decay;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// Takes candidates from the kept head of one decayed score, where that score alone decides the
/// order.
///
/// The head is walked deeper until the page is full of allowed hits that nothing beyond the head
/// can beat. The order of the head is by the raw score and that of hits by the normalised one; the
/// step between them may exchange neighbours within a few units in the last place, so what is
/// beyond must lose by more than that margin. Where the head ends first, the caller scans.
final class HeadScan {

  private static final int DEPTH_MAX = 1_000;
  private static final int DEPTH_FIRST = 64;
  private static final double MARGIN = 1 - 0x1.0p-40;

  private final Plan plan;
  private final RoaringBitmap allowed;
  private final int type;
  private final Supplier<TopHits> heaps;
  private TopHits top;
  private long scored;
  private int depth;

  HeadScan(Plan plan, RoaringBitmap allowed, Supplier<TopHits> heaps) {
    this.plan = plan;
    this.allowed = allowed;
    this.heaps = heaps;
    this.top = heaps.get();
    this.type = plan.ranking().head().orElseThrow();
  }

  /// Whether the ranking's order is that of a kept head: linear decay keeps none.
  static boolean applies(Plan plan) {
    var type = plan.ranking().head();
    return type.isPresent()
        && plan.schemaType(type.getAsInt())
            .filter(t -> !(t.decay() instanceof Decay.Linear))
            .isPresent();
  }

  /// Fills the heap; whether what it holds is proven to be the best.
  boolean run() {
    var batch = plan.ranking().batch(DEPTH_MAX);
    double[] heads = new double[DEPTH_MAX];
    @Var int asked = Math.min(DEPTH_MAX, Math.max(DEPTH_FIRST, 2 * plan.request().limit()));
    while (true) {
      // From the top each time: a head that moved in between would show some slots twice and others
      // never.
      top = heaps.get();
      depth = plan.readers().signals().get().hottest(type, asked, batch.slots, heads);
      batch.count = depth;
      plan.ranking().score(batch, Floor.NONE);
      // A head that is shorter than asked for holds everything above 0.
      double beyond = depth < asked ? 0 : batch.scores[depth - 1];
      keepAllowed(batch);
      top.offer(batch);
      if (top.isFull() && top.worstScore() * MARGIN > beyond) {
        return true;
      }
      if (depth < asked || asked == DEPTH_MAX) {
        return false;
      }
      asked = Math.min(DEPTH_MAX, asked * 4);
    }
  }

  private void keepAllowed(Batch batch) {
    scored = 0;
    for (int i = 0; i < batch.count; i++) {
      if (allowed.contains(batch.slots[i])) {
        scored++;
      } else {
        batch.dropped[i] = true;
      }
    }
  }

  TopHits top() {
    return top;
  }

  long scored() {
    return scored;
  }

  /// The name of what was done, for statistics.
  String strategy() {
    return "head(" + plan.schemaType(type).orElseThrow().name() + ", depth:" + depth + ")";
  }
}
