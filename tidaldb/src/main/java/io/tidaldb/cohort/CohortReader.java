package io.tidaldb.cohort;

import io.tidaldb.ledger.MomentReader;
import io.tidaldb.ledger.PairPage;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.ledger.TopSlots;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads one cohort's ledger at one moment, by the slots of entities: looks up their cells and lets
/// a [MomentReader] read those. For one thread.
///
/// A cell may pass to another pair while it is read, if its item is deleted or the cohort dropped;
/// it is asked again afterwards whose it is, and reads 0 if it is not the same.
final class CohortReader implements SignalReader {

  private static final int BATCH = PairPage.SLOTS;

  private final CellTypes types;
  private final MomentReader moment;
  private final Slots slots;
  private final int cohort;
  private int[] cells = new int[64];
  private double[] sums = new double[64];

  CohortReader(CellTypes types, LongSupplier newest, Slots slots, int cohort, long at) {
    this.types = types;
    this.slots = slots;
    this.cohort = cohort;
    moment = new MomentReader(newest, types.ledgers(), slots, at);
  }

  @Override
  public long at() {
    return moment.at();
  }

  @Override
  public int reach() {
    return moment.reach();
  }

  @Override
  public void decayScores(int type, int[] entities, int count, double[] out) {
    var of = find(type, entities, count);
    moment.decayScores(type, cells, count, out);
    for (int i = 0; i < count; i++) {
      if (isLost(of, entities[i], i)) {
        out[i] = 0;
      }
    }
  }

  @Override
  public void addWeighted(int type, double coefficient, int[] entities, int count, double[] inOut) {
    if (sums.length < count) {
      sums = new double[Math.max(count, 2 * sums.length)];
    }
    decayScores(type, entities, count, sums);
    for (int i = 0; i < count; i++) {
      inOut[i] += coefficient * sums[i];
    }
  }

  @Override
  public void windowedCounts(int type, Window window, int[] entities, int count, long[] out) {
    var of = find(type, entities, count);
    moment.windowedCounts(type, window, cells, count, out);
    for (int i = 0; i < count; i++) {
      if (isLost(of, entities[i], i)) {
        out[i] = 0;
      }
    }
  }

  @Override
  public void velocities(int type, Window window, int[] entities, int count, double[] out) {
    var of = find(type, entities, count);
    moment.velocities(type, window, cells, count, out);
    for (int i = 0; i < count; i++) {
      if (isLost(of, entities[i], i)) {
        out[i] = 0;
      }
    }
  }

  @Override
  public void weightSums(int type, int[] entities, int count, double[] out) {
    var of = find(type, entities, count);
    moment.weightSums(type, cells, count, out);
    for (int i = 0; i < count; i++) {
      if (isLost(of, entities[i], i)) {
        out[i] = 0;
      }
    }
  }

  @Override
  public double decayScore(int type, int slot) {
    var of = types.get(type);
    int cell = cell(of, slot);
    double score = moment.decayScore(type, cell);
    return isHeld(of, cell, slot) ? score : 0;
  }

  @Override
  public long windowedCount(int type, Window window, int slot) {
    var of = types.get(type);
    int cell = cell(of, slot);
    long count = moment.windowedCount(type, window, cell);
    return isHeld(of, cell, slot) ? count : 0;
  }

  @Override
  public double totalDecayScore(int type) {
    return decayScore(type, Cells.TOTAL);
  }

  @Override
  public long totalCount(int type, Window window) {
    return windowedCount(type, window, Cells.TOTAL);
  }

  @Override
  public double totalWeightSum(int type) {
    var out = new double[1];
    weightSums(type, new int[] {Cells.TOTAL}, 1, out);
    return out[0];
  }

  @Override
  public SignalReading reading(int type, int slot) {
    var of = types.get(type);
    int cell = cell(of, slot);
    var reading = moment.reading(type, cell);
    return isHeld(of, cell, slot) ? reading : moment.reading(type, -1);
  }

  @Override
  public int hottest(int type, int k, int[] bestSlots, double[] scores) {
    // An unknown type or a moment too early is refused here.
    var _ = moment.decayScore(type, -1);
    var of = types.get(type);
    if (of == null) {
      return 0;
    }
    var top = new TopSlots(slots);
    int wanted = Math.min(k, Math.min(bestSlots.length, scores.length));
    top.begin(of.ledger().type().target(), wanted, bestSlots, scores);
    top.restart();
    walk(
        type,
        of,
        (slot, score) -> {
          if (score > 0) {
            top.offer(slot, score);
          }
        });
    return top.finish();
  }

  @Override
  public void scan(int type, ScoreConsumer consumer) {
    var _ = moment.decayScore(type, -1);
    var of = types.get(type);
    if (of == null) {
      return;
    }
    var found = new Found();
    walk(type, of, found::add);
    found.give(consumer);
  }

  @Override
  public void close() {
    moment.close();
  }

  /// Takes an entity's score.
  private interface Step {
    void score(int slot, double score);
  }

  private void walk(int type, Cells of, Step step) {
    var run = of.run(cohort);
    int[] batch = new int[BATCH];
    int[] keys = new int[BATCH];
    double[] scores = new double[BATCH];
    int end = run == null ? 0 : run.parts() << PairPage.PART_SHIFT;
    int place = 0;
    while (run != null && place < end) {
      int count = 0;
      for (; place < end && count < BATCH; place++) {
        int cell = run.cell(place);
        int key = of.key(cell);
        if (key >= 0) {
          batch[count] = cell;
          keys[count++] = key;
        }
      }
      moment.decayScores(type, batch, count, scores);
      for (int i = 0; i < count; i++) {
        if (of.holds(batch[i], cohort, keys[i])) {
          step.score(keys[i], scores[i]);
        }
      }
    }
  }

  private @Nullable Cells find(int type, int[] entities, int count) {
    if (cells.length < count) {
      cells = new int[Math.max(count, 2 * cells.length)];
    }
    var of = types.get(type);
    for (int i = 0; i < count; i++) {
      cells[i] = cell(of, entities[i]);
    }
    return of;
  }

  private int cell(@Nullable Cells of, int slot) {
    return of == null || (slot < 0 && slot != Cells.TOTAL) ? -1 : of.cell(cohort, slot);
  }

  private boolean isLost(@Nullable Cells of, int slot, int i) {
    return !isHeld(of, cells[i], slot);
  }

  private boolean isHeld(@Nullable Cells of, int cell, int slot) {
    return of == null || cell < 0 || of.holds(cell, cohort, slot);
  }

  /// Scores by slot, in the order in which they are given on.
  private static final class Found {
    private long[] order = new long[256];
    private double[] scores = new double[256];
    private int size;

    void add(int slot, double score) {
      if (size == order.length) {
        order = Arrays.copyOf(order, 2 * size);
        scores = Arrays.copyOf(scores, 2 * size);
      }
      scores[size] = score;
      order[size] = (long) slot << 32 | size++;
    }

    void give(ScoreConsumer consumer) {
      Arrays.sort(order, 0, size);
      double[] block = new double[PairPage.SLOTS];
      int at = 0;
      while (at < size) {
        int first = (int) (order[at] >>> 32) & ~PairPage.MASK;
        Arrays.fill(block, 0);
        for (; at < size && (int) (order[at] >>> 32) < first + PairPage.SLOTS; at++) {
          block[(int) (order[at] >>> 32) - first] = scores[(int) order[at]];
        }
        consumer.scores(first, block.length, block);
      }
    }
  }
}
