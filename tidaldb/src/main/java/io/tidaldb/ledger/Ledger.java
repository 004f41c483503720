package io.tidaldb.ledger;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All that is kept of one signal type: a sum, a count and buckets per pair, and the same once more
/// for the *total* of all entities together, which deletions do not lower. Which parts exist
/// follows from the type.
///
/// **Threads.** One writer; any number of readers, see [ScoreColumn], [PairPage], [WindowBuckets],
/// [Head].
public final class Ledger {

  private static final Decay REACH_DECAY = Decay.permanent();

  private final @Nullable ForwardDecay decay;
  private final @Nullable ScoreColumn scores;
  private final @Nullable LinearSums linear;
  private final @Nullable Head head;
  private final WindowBuckets windows;
  private final PairPage total;
  private final boolean reach;
  private final boolean totalled;
  private final int crestMax;
  private volatile SignalType type;
  private volatile @Nullable ScoreColumn weights;
  private volatile @Nullable Pulse pulse;
  private volatile PairPage[] pages = {};
  private long pairs;
  private int sweptPages;
  private long sweptDay;

  /// @param type what to keep
  /// @param reach whether only counts are kept
  public Ledger(SignalType type, boolean reach, Slots slots, int headCapacity) {
    this(type, reach, new Head.Home(slots, headCapacity), true, !reach);
  }

  private Ledger(
      SignalType type, boolean reach, Head.Home heads, boolean totalled, boolean scored) {
    this.type = type;
    this.reach = reach;
    this.totalled = totalled;
    this.crestMax = 2 * heads.capacity();
    Decay how = scored ? type.decay() : REACH_DECAY;
    decay = how instanceof Decay.Exponential e ? new ForwardDecay(e.halfLife().toNanos()) : null;
    linear = how instanceof Decay.Linear l ? new LinearSums(l.lifetime().toNanos()) : null;
    scores =
        !scored || linear != null ? null : new ScoreColumn(decay == null ? 0 : ForwardDecay.NONE);
    head = scores == null ? null : new Head(heads.capacity(), scores, type.target(), heads.slots());
    windows = new WindowBuckets(Granule.level(type.windows()));
    total = new PairPage(1, windows.level() != Granule.NOTHING, linear != null);
  }

  /// A ledger whose slots belong to several scopes: without head, and without a total of them all.
  ///
  /// @param type what to keep
  /// @param reach whether only counts are kept
  public static Ledger ofScopes(SignalType type, boolean reach, Slots slots) {
    return new Ledger(type, reach, new Head.Home(slots, 0), false, !reach);
  }

  /// A ledger that counts, and keeps neither scores nor a total.
  ///
  /// @param type what to count
  /// @param reach whether it stands for no declared type
  public static Ledger ofCounts(SignalType type, boolean reach, Slots slots) {
    return new Ledger(type, reach, new Head.Home(slots, 0), false, false);
  }

  /* --- what it is --- */

  public SignalType type() {
    return type;
  }

  public boolean isReach() {
    return reach;
  }

  public @Nullable ForwardDecay decay() {
    return decay;
  }

  public @Nullable ScoreColumn scores() {
    return scores;
  }

  public @Nullable ScoreColumn weights() {
    return weights;
  }

  public @Nullable LinearSums linear() {
    return linear;
  }

  public @Nullable Head head() {
    return head;
  }

  /// What bounds counts of windows of up to 24 hours, null if that is not kept.
  public @Nullable Pulse pulse() {
    return pulse;
  }

  public WindowBuckets windows() {
    return windows;
  }

  public PairPage[] pages() {
    return pages;
  }

  public PairPage total() {
    return total;
  }

  public long pairs() {
    return pairs;
  }

  /// The page of a slot, or null.
  public @Nullable PairPage page(int slot) {
    var table = pages;
    int page = slot >>> PairPage.SHIFT;
    return page < table.length ? table[page] : null;
  }

  /// How far before the newest event scores can be read, in nanoseconds; −1 without limit.
  public long reachBack() {
    if (linear != null) {
      return linear.reachBack();
    }
    return decay == null ? -1 : Math.min(Granule.HOUR_NANOS, saturated(decay.halfLifeNanos()));
  }

  /* --- what the writer does --- */

  /// The declaration changed in what may change: windows, velocity, meaning.
  public void declare(SignalType changed, boolean keepWeights) {
    type = changed;
    windows.level(Granule.level(changed.windows()));
    if (!keepWeights) {
      weights = null;
    } else if (weights == null) {
      weights = new ScoreColumn(0);
    }
  }

  /// The pulse is there if the type has a window of up to 24 hours, and heads are kept. Takes it
  /// from the buckets if it was not there. Writer.
  ///
  /// @param newest the newest event time
  public void keepPulse(long newest) {
    boolean wanted =
        crestMax > 0
            && (type.windows().contains(Window.ONE_HOUR)
                || type.windows().contains(Window.TWENTY_FOUR_HOURS));
    if (!wanted) {
      pulse = null;
    } else if (pulse == null) {
      var fresh = new Pulse(crestMax);
      fresh.rebuild(this, newest);
      pulse = fresh;
    }
  }

  /// Folds one event.
  public void apply(int slot, long time, double weight, long newest, CrashInjector injector) {
    sweep(newest);
    var page = pageForWrite(slot);
    int index = slot & PairPage.MASK;
    int part = index >>> PairPage.PART_SHIFT;
    touch(page, part);
    double sum = 0;
    page.beginChange(part);
    if (totalled) {
      total.beginChange(0);
    }
    try {
      if (scores != null) {
        sum = addScore(scores, slot, time, weight);
      }
      var weightSums = weights;
      if (weightSums != null) {
        weightSums.add(slot, weight);
      }
      long count = page.counts[index];
      pairs += count == 0 ? 1 : 0;
      page.setCount(index, count + 1);
      injector.reached(CrashPoint.SIGNAL_AGGREGATION_UPDATE);
      if (linear != null) {
        linear.add(page, index, time, weight, newest);
      }
      countWindows(page, index, time, newest);
      if (totalled) {
        addToTotal(time, weight, newest);
      }
    } finally {
      if (totalled) {
        total.endChange(0);
      }
      page.endChange(part);
    }
    if (head != null) {
      head.updated(slot, sum);
    }
    var beats = pulse;
    if (beats != null) {
      beats.beat(this, slot, time, newest);
    }
  }

  /// Whether a slot has events. Writer only.
  public boolean has(int slot) {
    var page = page(slot);
    return page != null && page.counts[slot & PairPage.MASK] > 0;
  }

  /// Forgets a pair; the total stays.
  public void clear(int slot) {
    var page = page(slot);
    int index = slot & PairPage.MASK;
    if (page == null || page.counts[index] == 0) {
      return;
    }
    int part = index >>> PairPage.PART_SHIFT;
    touch(page, part);
    page.beginChange(part);
    if (scores != null) {
      scores.set(slot, 0.0);
    }
    var weightSums = weights;
    if (weightSums != null) {
      weightSums.set(slot, 0.0);
    }
    page.setCount(index, 0);
    if (page.windows.length > 0) {
      windows.clear(page, index);
    }
    if (linear != null) {
      linear.clear(page, index);
    }
    page.endChange(part);
    var beats = pulse;
    if (beats != null) {
      beats.clear(slot);
    }
    pairs--;
  }

  /// The part of a slot is about to change: a checkpoint that wants it as it is takes it now.
  /// Writer.
  public void touch(int slot) {
    touch(pageForWrite(slot), (slot & PairPage.MASK) >>> PairPage.PART_SHIFT);
  }

  /// Everything of the type was one frame further: readers who wanted a better head get it.
  public void publish() {
    if (head != null) {
      head.rebuildIfWanted();
    }
  }

  /// The page of a slot, made if it is not there.
  public PairPage pageForWrite(int slot) {
    int at = slot >>> PairPage.SHIFT;
    var table = pages;
    if (at < table.length && table[at] != null) {
      return table[at];
    }
    var fresh = new PairPage(PairPage.SLOTS, windows.level() != Granule.NOTHING, linear != null);
    if (at >= table.length) {
      table = Arrays.copyOf(table, PairPage.tableLength(at));
    }
    table[at] = fresh;
    // A volatile write, so that a reader who sees the table sees the page.
    pages = table;
    return fresh;
  }

  /// One more pair was loaded.
  public void countLoadedPair() {
    pairs++;
  }

  /// Bytes of all arrays.
  public long bytes() {
    long bytes = 16 + 4L * pages.length + total.bytes() + windows.bytes();
    for (var page : pages) {
      bytes += page == null ? 0 : page.bytes();
    }
    bytes += scores == null ? 0 : scores.bytes();
    bytes += linear == null ? 0 : linear.bytes();
    bytes += head == null ? 0 : head.bytes();
    var beats = pulse;
    bytes += beats == null ? 0 : beats.bytes();
    var weightSums = weights;
    return bytes + (weightSums == null ? 0 : weightSums.bytes());
  }

  private double addScore(ScoreColumn column, int slot, long time, double weight) {
    if (decay == null) {
      return column.add(slot, weight);
    }
    long landmark = column.scoresAcquire().landmark();
    long index = decay.index(time);
    if (landmark == ForwardDecay.NONE) {
      column.start(index);
      startHead();
      landmark = index;
    }
    long ahead = index - landmark;
    if (ahead > ForwardDecay.AHEAD_MAX) {
      column.rebase(ahead);
      if (head != null) {
        head.rebased(ahead);
      }
      ahead = 0;
    }
    if (ahead < -ForwardDecay.BEHIND_MAX) {
      return column.scoresAcquire().at(slot);
    }
    return column.add(slot, decay.term(time, weight, (int) ahead));
  }

  private void startHead() {
    if (head != null) {
      head.start();
    }
  }

  private void countWindows(PairPage page, int index, long time, long newest) {
    if (page.windows.length > 0) {
      windows.add(page, index, time, newest, 1);
    }
  }

  private void addToTotal(long time, double weight, long newest) {
    total.setCount(0, total.counts[0] + 1);
    if (linear != null) {
      linear.add(total, 0, time, weight, newest);
    }
    countWindows(total, 0, time, newest);
  }

  private static void touch(PairPage page, int part) {
    preserve(page, part);
    page.dirty[part] = true;
  }

  private static void preserve(PairPage page, int part) {
    var frozen = page.frozen[part];
    if (frozen != null) {
      frozen.preserve();
      page.frozen[part] = null;
    }
  }

  /// Once a day of event time every page is looked at, one per event, so that what nobody touches
  /// is folded too.
  private void sweep(long newest) {
    var table = pages;
    if (sweptPages >= table.length) {
      long day = newest / Granule.DAY_NANOS;
      if (day == sweptDay) {
        return;
      }
      sweptDay = day;
      sweptPages = 0;
      return;
    }
    var page = table[sweptPages++];
    if (page == null || page.windows.length == 0) {
      return;
    }
    for (int part = 0; part < page.baseDays.length; part++) {
      if (windows.stale(page, part, newest)) {
        preserve(page, part);
        page.beginChange(part);
        windows.foldPart(page, part, newest);
        page.endChange(part);
      }
    }
  }

  private static long saturated(long halfLife) {
    return halfLife > Granule.HOUR_NANOS ? Granule.HOUR_NANOS : 64 * halfLife;
  }
}
