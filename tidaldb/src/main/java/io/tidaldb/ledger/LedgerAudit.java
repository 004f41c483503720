package io.tidaldb.ledger;

import io.tidaldb.log.StateSink;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;

/// Walks whole ledgers, for the state digest and for the check of invariants. Used between two
/// events.
public final class LedgerAudit {

  private static final int FINDINGS_MAX = 100;

  private final Slots slots;
  private final long newest;
  private final BucketList buckets = new BucketList();
  private final LinearSums.Sums sums = new LinearSums.Sums();
  private final List<String> findings = new ArrayList<>();

  public LedgerAudit(Slots slots, long newest) {
    this.slots = slots;
    this.newest = newest;
  }

  /// Does something with a pair.
  private interface PairStep {
    void pair(Ledger ledger, PairPage page, int slot);
  }

  /* --- digest --- */

  /// Writes everything.
  ///
  /// @param what begins the names of the entries
  public void digest(String what, Ledgers ledgers, StateSink sink) {
    sink.entry(what + "s", "").value("newest", newest).value("types", ledgers.all().size());
    for (var ledger : ledgers.all()) {
      String name = name(ledger);
      var scores = ledger.scores();
      sink.entry(what + "-type", name)
          .value("landmark", scores == null ? 0 : scores.scoresAcquire().landmark());
      digestPair(ledger, ledger.total(), 0, sink, totalSum(scores), totalSum(ledger.weights()));
      forEachPair(
          ledger,
          (l, page, slot) -> {
            sink.entry(what, name + "/" + Long.toUnsignedString(slots.id(l.type().target(), slot)));
            digestPair(
                l, page, slot & PairPage.MASK, sink, sum(scores, slot), sum(l.weights(), slot));
          });
    }
  }

  /// Writes what is kept of one slot.
  public void digest(Ledger ledger, int slot, StateSink sink) {
    var page = ledger.page(slot);
    if (page != null) {
      digestPair(
          ledger,
          page,
          slot & PairPage.MASK,
          sink,
          sum(ledger.scores(), slot),
          sum(ledger.weights(), slot));
    }
  }

  private void digestPair(
      Ledger ledger, PairPage page, int index, StateSink sink, double sum, double weight) {
    sink.value("sum", sum).value("count", page.counts[index]).value("weight", weight);
    buckets.clear();
    ledger.windows().collect(buckets, page, index, newest);
    for (int i = 0; i < buckets.size(); i++) {
      long key = buckets.key(i);
      sink.value(
          "dhm".charAt(Granule.granule(key)) + Long.toString(Granule.index(key)), buckets.count(i));
    }
    var linear = ledger.linear();
    if (linear != null) {
      sums.size = 0;
      linear.collect(sums, page, index, newest);
      for (int i = 0; i < sums.size; i++) {
        sink.value("w" + sums.buckets[i], sums.weights[i])
            .value("m" + sums.buckets[i], sums.moments[i]);
      }
    }
  }

  /* --- invariants --- */

  public List<String> verify(Ledgers ledgers) {
    for (var ledger : ledgers.all()) {
      var scores = ledger.scores();
      if (scores != null) {
        checkSum(ledger, "total", scores.scoresAcquire().totalSum());
      }
      checkCounts(ledger, "total", ledger.total(), 0);
      long[] pairs = {0};
      forEachPair(
          ledger,
          (l, page, slot) -> {
            pairs[0]++;
            checkSum(l, slotName(l, slot), sum(scores, slot));
            checkCounts(l, slotName(l, slot), page, slot & PairPage.MASK);
            checkBeat(l, page, slot);
          });
      if (pairs[0] != ledger.pairs()) {
        find(ledger, "all", "pairs counted=" + ledger.pairs() + " found=" + pairs[0]);
      }
      var head = ledger.head();
      int missing = head == null ? 0 : head.missing();
      if (missing > 0) {
        find(ledger, "head", "entries above the floor that are no members=" + missing);
      }
      var pulse = ledger.pulse();
      int unlisted = pulse == null ? 0 : pulse.missing();
      if (unlisted > 0) {
        find(ledger, "pulse", "slots above the threshold that are not listed=" + unlisted);
      }
    }
    return List.copyOf(findings);
  }

  /// What is wrong with one slot, in words.
  public List<String> verify(Ledger ledger, int slot, String where) {
    var page = ledger.page(slot);
    if (page != null) {
      checkSum(ledger, where, sum(ledger.scores(), slot));
      checkCounts(ledger, where, page, slot & PairPage.MASK);
    }
    return List.copyOf(findings);
  }

  private void checkSum(Ledger ledger, String where, double sum) {
    if (!Double.isFinite(sum) || (sum < 0 && !ledger.type().signedWeights())) {
      find(ledger, where, "sum=" + sum);
    }
  }

  private void checkCounts(Ledger ledger, String where, PairPage page, int index) {
    long all = page.counts[index];
    buckets.clear();
    ledger.windows().collect(buckets, page, index, newest);
    long kept = 0;
    for (int i = 0; i < buckets.size(); i++) {
      kept += buckets.count(i);
      if (Granule.index(buckets.key(i)) > now(Granule.granule(buckets.key(i)))) {
        find(
            ledger,
            where,
            "bucket later than the newest event: bucket=" + Granule.index(buckets.key(i)));
      }
    }
    if (kept > all) {
      find(ledger, where, "events in buckets=" + kept + " all time=" + all);
    }
    long before = 0;
    for (var window : Window.values()) {
      if (window.isFinite() && ledger.type().windows().contains(window)) {
        long count = ledger.windows().count(page, index, WindowRange.of(window, newest));
        if (count < before || count > all) {
          find(
              ledger,
              where,
              "window="
                  + window.label()
                  + " count="
                  + count
                  + " shorter="
                  + before
                  + " all="
                  + all);
        }
        before = count;
      }
    }
  }

  private void checkBeat(Ledger ledger, PairPage page, int slot) {
    var pulse = ledger.pulse();
    if (pulse == null) {
      return;
    }
    var day = WindowRange.hoursFrom(newest / Granule.HOUR_NANOS - 24);
    long count = ledger.windows().sum(page, slot & PairPage.MASK, day);
    int beat = pulse.of(slot);
    if (beat < count && beat < Pulse.UNBOUNDED) {
      find(ledger, slotName(ledger, slot), "beat=" + beat + " events of 25 hours=" + count);
    }
  }

  private long now(int granule) {
    return newest
        / switch (granule) {
          case Granule.MINUTE -> Granule.MINUTE_NANOS;
          case Granule.HOUR -> Granule.HOUR_NANOS;
          default -> Granule.DAY_NANOS;
        };
  }

  private void find(Ledger ledger, String where, String what) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add("signal " + name(ledger) + ": " + where + ": " + what);
    }
  }

  private String slotName(Ledger ledger, int slot) {
    return "entity=" + Long.toUnsignedString(slots.id(ledger.type().target(), slot));
  }

  private static void forEachPair(Ledger ledger, PairStep step) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      for (int i = 0; pages[p] != null && i < PairPage.SLOTS; i++) {
        if (pages[p].counts[i] > 0) {
          step.pair(ledger, pages[p], p << PairPage.SHIFT | i);
        }
      }
    }
  }

  private static String name(Ledger ledger) {
    return ledger.isReach() ? "reach" : ledger.type().name();
  }

  private static double sum(@org.jspecify.annotations.Nullable ScoreColumn column, int slot) {
    return column == null ? 0 : column.scoresAcquire().at(slot);
  }

  private static double totalSum(@org.jspecify.annotations.Nullable ScoreColumn column) {
    return column == null ? 0 : column.scoresAcquire().totalSum();
  }
}
