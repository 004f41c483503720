package io.tidaldb.ledger;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.EnumMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the ledgers of a view at one moment. It takes a type's landmark and pages at the first
/// call for the type and keeps them. For one thread.
///
/// The newest event may leave the reader's moment too far behind while it reads. So the limit is
/// checked again when a type's sums are taken (the landmark may have moved on) and at the end of
/// every read of buckets (they may have folded).
public final class MomentReader implements SignalReader {

  private final LongSupplier newest;
  private final Ledgers ledgers;
  private final long at;
  private final long newestAtOpen;
  private final ScoreColumn.@Nullable Scores[] taken;
  private final double[] factors;
  private final EnumMap<Window, WindowRange> ranges = new EnumMap<>(Window.class);
  private final TopSlots top;
  private double @Nullable [] scanned;

  public MomentReader(LongSupplier newest, Ledgers ledgers, Slots slots, long at) {
    this.newest = newest;
    this.ledgers = ledgers;
    this.at = at;
    newestAtOpen = newest.getAsLong();
    int types = ledgers.length();
    taken = new ScoreColumn.Scores[types];
    factors = new double[types];
    top = new TopSlots(slots);
    if (at < 0) {
      throw new InvalidRequestException(
          "READ_TIME_INVALID", "read time lies before 1970: given=" + at);
    }
  }

  @Override
  public long at() {
    return at;
  }

  @Override
  public int reach() {
    return ledgers.reach() == null ? -1 : Ledgers.REACH;
  }

  /* --- decayed scores --- */

  @Override
  public void decayScores(int type, int[] slots, int count, double[] out) {
    var ledger = scored(type);
    var linear = ledger.linear();
    if (linear != null) {
      for (int i = 0; i < count; i++) {
        out[i] = linearScore(ledger, linear, slots[i]);
      }
      checkReach(ledger, newest.getAsLong());
      return;
    }
    double factor = factor(type, ledger);
    double[][] pages = taken(type).pages();
    for (int i = 0; i < count; i++) {
      int page = slots[i] >>> ScoreColumn.SHIFT;
      out[i] = page < pages.length ? pages[page][slots[i] & ScoreColumn.MASK] * factor : 0.0;
    }
  }

  @Override
  public void addWeighted(int type, double coefficient, int[] slots, int count, double[] inOut) {
    var ledger = scored(type);
    var linear = ledger.linear();
    if (linear != null) {
      for (int i = 0; i < count; i++) {
        inOut[i] += coefficient * linearScore(ledger, linear, slots[i]);
      }
      checkReach(ledger, newest.getAsLong());
      return;
    }
    double factor = coefficient * factor(type, ledger);
    double[][] pages = taken(type).pages();
    for (int i = 0; i < count; i++) {
      int page = slots[i] >>> ScoreColumn.SHIFT;
      if (page < pages.length) {
        inOut[i] += factor * pages[page][slots[i] & ScoreColumn.MASK];
      }
    }
  }

  @Override
  public double decayScore(int type, int slot) {
    var ledger = scored(type);
    var linear = ledger.linear();
    if (linear == null) {
      double factor = factor(type, ledger);
      return taken(type).at(slot) * factor;
    }
    double score = linearScore(ledger, linear, slot);
    checkReach(ledger, newest.getAsLong());
    return score;
  }

  @Override
  public double totalDecayScore(int type) {
    var ledger = scored(type);
    var linear = ledger.linear();
    if (linear == null) {
      double factor = factor(type, ledger);
      return taken(type).totalSum() * factor;
    }
    double score = linear.score(ledger.total(), 0, at);
    checkReach(ledger, newest.getAsLong());
    return score;
  }

  @Override
  public int hottest(int type, int k, int[] slots, double[] scores) {
    var ledger = scored(type);
    top.begin(
        ledger.type().target(), Math.min(k, Math.min(slots.length, scores.length)), slots, scores);
    var linear = ledger.linear();
    if (linear != null) {
      return hottestLinear(ledger, linear);
    }
    var head = ledger.head();
    var column = ledger.scores();
    if (head == null || column == null) {
      return 0;
    }
    // The head stands under the present landmark, which may be newer than that of this reader's
    // pages.
    var sums = column.scoresAcquire();
    int found = head.best(sums, top);
    while (found == HeadTier.MOVED) {
      Thread.onSpinWait();
      sums = column.scoresAcquire();
      found = head.best(sums, top);
    }
    checkReach(ledger, newest.getAsLong());
    var decay = ledger.decay();
    double factor = decay == null ? 1.0 : decay.factor(at, sums.landmark());
    for (int i = 0; i < found; i++) {
      scores[i] *= factor;
    }
    return found;
  }

  @Override
  public void scan(int type, ScoreConsumer consumer) {
    var ledger = scored(type);
    double[] buffer = scanBuffer();
    var linear = ledger.linear();
    if (linear != null) {
      scanLinear(ledger, linear, buffer, consumer);
      return;
    }
    double factor = factor(type, ledger);
    double[][] pages = taken(type).pages();
    for (int p = 0; p < pages.length; p++) {
      double[] page = pages[p];
      if (!ScoreColumn.isAbsent(page)) {
        for (int i = 0; i < buffer.length; i++) {
          buffer[i] = page[i] * factor;
        }
        consumer.scores(p << ScoreColumn.SHIFT, buffer.length, buffer);
      }
    }
  }

  /* --- counts --- */

  @Override
  public void windowedCounts(int type, Window window, int[] slots, int count, long[] out) {
    var ledger = windowed(type, window);
    var range = range(window);
    for (int i = 0; i < count; i++) {
      out[i] = count(ledger, range, slots[i]);
    }
    checkWindow(ledger, window, newest.getAsLong());
  }

  @Override
  public void velocities(int type, Window window, int[] slots, int count, double[] out) {
    var ledger = fast(type, window);
    var range = range(window);
    double seconds = (double) window.seconds();
    for (int i = 0; i < count; i++) {
      out[i] = (double) count(ledger, range, slots[i]) / seconds;
    }
    checkWindow(ledger, window, newest.getAsLong());
  }

  @Override
  public long windowedCount(int type, Window window, int slot) {
    var ledger = windowed(type, window);
    long count = count(ledger, range(window), slot);
    checkWindow(ledger, window, newest.getAsLong());
    return count;
  }

  @Override
  public long totalCount(int type, Window window) {
    var ledger = windowed(type, window);
    var range = range(window);
    long count =
        range == null
            ? ledger.total().countOpaque(0)
            : ledger.windows().count(ledger.total(), 0, range);
    checkWindow(ledger, window, newest.getAsLong());
    return count;
  }

  @Override
  public @Nullable PulseWalk pulse(int type, Window window) {
    var ledger = windowed(type, window);
    var pulse = ledger.pulse();
    return pulse == null || window.compareTo(Window.TWENTY_FOUR_HOURS) > 0
        ? null
        : new CrestWalk(pulse, () -> checkWindow(ledger, window, newest.getAsLong()));
  }

  /* --- weight sums --- */

  @Override
  public void weightSums(int type, int[] slots, int count, double[] out) {
    var sums = weighed(type);
    for (int i = 0; i < count; i++) {
      out[i] = sums.at(slots[i]);
    }
  }

  @Override
  public double totalWeightSum(int type) {
    return weighed(type).totalSum();
  }

  /* --- one pair, one position --- */

  @Override
  public SignalReading reading(int type, int slot) {
    var ledger = scored(type);
    var signal = ledger.type();
    var counts = new EnumMap<Window, Long>(Window.class);
    double score = 0;
    var page = ledger.page(slot);
    int index = slot & PairPage.MASK;
    int part = index >>> PairPage.PART_SHIFT;
    for (int tries = 0; ; tries++) {
      int sequence = page == null ? 0 : page.beginRead(part);
      score = presentScore(ledger, page, slot);
      for (var window : signal.windows()) {
        var range = range(window);
        counts.put(
            window,
            page == null
                ? 0L
                : range == null
                    ? page.countOpaque(index)
                    : ledger.windows().sum(page, index, range));
      }
      if (page == null || page.endRead(part, sequence)) {
        break;
      }
      PairPage.pause(tries);
    }
    signal.windows().forEach(window -> checkWindow(ledger, window, newest.getAsLong()));
    var velocities = new EnumMap<Window, Double>(Window.class);
    counts.forEach(
        (window, count) -> {
          if (signal.velocity() && window.isFinite()) {
            velocities.put(window, (double) count / (double) window.seconds());
          }
        });
    return new SignalReading(score, counts, velocities);
  }

  @Override
  public void close() {
    // Nothing to give back: a reader holds only references.
  }

  private double presentScore(Ledger ledger, @Nullable PairPage page, int slot) {
    var linear = ledger.linear();
    if (linear != null) {
      return page == null ? 0 : linear.sum(page, slot & PairPage.MASK, at);
    }
    var column = ledger.scores();
    if (column == null) {
      return 0;
    }
    var sums = column.scoresAcquire();
    checkReach(ledger, newest.getAsLong());
    var decay = ledger.decay();
    return sums.at(slot) * (decay == null ? 1 : decay.factor(at, sums.landmark()));
  }

  private double linearScore(Ledger ledger, LinearSums linear, int slot) {
    var page = ledger.page(slot);
    return page == null ? 0.0 : linear.score(page, slot & PairPage.MASK, at);
  }

  private int hottestLinear(Ledger ledger, LinearSums linear) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      for (int i = 0; pages[p] != null && i < PairPage.SLOTS; i++) {
        double score = pages[p].countOpaque(i) == 0 ? 0 : linear.score(pages[p], i, at);
        if (score > 0) {
          top.offer(p << PairPage.SHIFT | i, score);
        }
      }
    }
    checkReach(ledger, newest.getAsLong());
    return top.finish();
  }

  private void scanLinear(
      Ledger ledger, LinearSums linear, double[] buffer, ScoreConsumer consumer) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      var page = pages[p];
      if (page != null) {
        for (int i = 0; i < buffer.length; i++) {
          buffer[i] = linear.score(page, i, at);
        }
        checkReach(ledger, newest.getAsLong());
        consumer.scores(p << PairPage.SHIFT, buffer.length, buffer);
      }
    }
  }

  private static long count(Ledger ledger, @Nullable WindowRange range, int slot) {
    var page = ledger.page(slot);
    if (page == null) {
      return 0;
    }
    int index = slot & PairPage.MASK;
    return range == null ? page.countOpaque(index) : ledger.windows().count(page, index, range);
  }

  private double[] scanBuffer() {
    var buffer = scanned;
    if (buffer == null) {
      buffer = new double[PairPage.SLOTS];
      scanned = buffer;
    }
    return buffer;
  }

  /// The window's buckets, null for all time.
  private @Nullable WindowRange range(Window window) {
    if (!window.isFinite()) {
      return null;
    }
    var range = ranges.get(window);
    if (range == null) {
      range = WindowRange.of(window, at);
      ranges.put(window, range);
    }
    return range;
  }

  /// The factor of a type; takes its pages with it.
  private double factor(int type, Ledger ledger) {
    if (taken[type] == null) {
      var column = ledger.scores();
      if (column == null) {
        throw new IllegalStateException("no sums are kept: signal=" + ledger.type().name());
      }
      var sums = column.scoresAcquire();
      checkReach(ledger, newest.getAsLong());
      var decay = ledger.decay();
      factors[type] = decay == null ? 1.0 : decay.factor(at, sums.landmark());
      taken[type] = sums;
    }
    return factors[type];
  }

  private ScoreColumn.Scores taken(int type) {
    var sums = taken[type];
    if (sums == null) {
      throw new IllegalStateException("the type's pages were not taken: id=" + type);
    }
    return sums;
  }

  /* --- what may be asked --- */

  private Ledger known(int type) {
    var ledger = ledgers.get(type);
    if (ledger == null) {
      throw new NotFoundException("signal", "id " + type, "declare it in the schema");
    }
    return ledger;
  }

  private Ledger scored(int type) {
    var ledger = known(type);
    if (ledger.isReach()) {
      throw new InvalidRequestException(
          "SCORE_NOT_KEPT", "reach has counts and velocities, no decayed score");
    }
    checkReach(ledger, newestAtOpen);
    return ledger;
  }

  private Ledger windowed(int type, Window window) {
    var ledger = known(type);
    var signal = ledger.type();
    if (!signal.windows().contains(window)) {
      throw new InvalidRequestException(
          "WINDOW_NOT_DECLARED",
          "window not declared: signal="
              + signal.name()
              + " given="
              + window.label()
              + " declared="
              + labels(signal));
    }
    checkWindow(ledger, window, newestAtOpen);
    return ledger;
  }

  private Ledger fast(int type, Window window) {
    var signal = known(type).type();
    if (!signal.velocity() || !window.isFinite()) {
      throw new InvalidRequestException(
          "VELOCITY_NOT_DECLARED",
          "velocity not declared: signal="
              + signal.name()
              + " window="
              + window.label()
              + " velocity="
              + signal.velocity()
              + " declared="
              + labels(signal)
              + "; velocity needs a finite window");
    }
    return windowed(type, window);
  }

  private ScoreColumn.Scores weighed(int type) {
    var ledger = known(type);
    var sums = ledger.weights();
    if (sums == null) {
      throw new InvalidRequestException(
          "WEIGHT_SUM_NOT_KEPT",
          "weight sums are kept for the type that means completion: signal="
              + ledger.type().name());
    }
    return sums.scoresAcquire();
  }

  private void checkReach(Ledger ledger, long newest) {
    long back = ledger.reachBack();
    if (back >= 0 && at < newest - back) {
      throw tooEarly(ledger, "decayed score", newest - back);
    }
  }

  private void checkWindow(Ledger ledger, Window window, long newest) {
    if (window.isFinite() && at < newest - Granule.HOUR_NANOS) {
      throw tooEarly(ledger, window.label(), newest - Granule.HOUR_NANOS);
    }
  }

  private InvalidRequestException tooEarly(Ledger ledger, String what, long earliest) {
    return new InvalidRequestException(
        "READ_TIME_TOO_EARLY",
        "read time too early: signal="
            + ledger.type().name()
            + " what="
            + what
            + " given="
            + Timestamp.ofNanos(at)
            + " earliest allowed time="
            + Timestamp.ofNanos(earliest));
  }

  private static String labels(SignalType signal) {
    return signal.windows().stream().map(Window::label).collect(Collectors.joining(",", "[", "]"));
  }
}
