package io.tidaldb.ledger;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/// The saved form of pairs. Times are whole numbers of granules since 1970, folded to the newest
/// event time of the position, so equal logs give equal bytes.
///
/// ```
/// part:    version u8 | base day + 1 varint | landmark i64 | pairs varint | { slot in part u8 | pair } …
/// pair:    content u8 | count varint
///          | sum f64                                                        if content & 1
///          | weight sum f64                                                 if content & 2
///          | minutes list | hours list | days list                          if content & 4
///          | buckets varint | { bucket or distance varint | W f64 | M f64 } if content & 8
/// list:    buckets varint | { number or distance to the one before varint | count varint } …
/// ```
public final class PairCodec {

  private static final int VERSION = 1;
  private static final int SUM = 1;
  private static final int WEIGHT = 2;
  private static final int WINDOWS = 4;
  private static final int LINEAR = 8;
  private static final int BUCKETS_MAX = 2048;

  private final BucketList buckets = new BucketList();
  private final LinearSums.Sums sums = new LinearSums.Sums();

  /// A part's pairs; empty if there are none.
  public byte[] encode(FrozenPart part) {
    var page = part.page();
    int first = part.firstIndex();
    int pairs = 0;
    for (int i = first; i < first + PairPage.PART_SLOTS; i++) {
      pairs += page.counts[i] > 0 ? 1 : 0;
    }
    if (pairs == 0) {
      return new byte[0];
    }
    var out = new PageWriter();
    out.u8(VERSION)
        .varint(part.newest() / Granule.DAY_NANOS + 1)
        .i64(part.landmark())
        .varint(pairs);
    for (int i = first; i < first + PairPage.PART_SLOTS; i++) {
      if (page.counts[i] > 0) {
        out.u8(i - first);
        pair(out, part.ledger(), page, i, part.newest(), part.sum(i), part.weight(i));
      }
    }
    return out.toBytes();
  }

  /// Loads a part into a ledger whose landmark is known.
  public void decode(byte[] content, Ledger ledger, long part) {
    var in = new PageSource(content);
    if (part < 0 || part > Integer.MAX_VALUE >>> PairPage.PART_SHIFT) {
      throw new IllegalArgumentException("no such page: page=" + part);
    }
    version(in);
    int baseDay = in.count(1 << 20) - 1;
    long landmark = in.i64();
    int pairs = in.count(PairPage.PART_SLOTS);
    int firstSlot = (int) part << PairPage.PART_SHIFT;
    for (int i = 0; i < pairs; i++) {
      int within = in.u8();
      if (within >= PairPage.PART_SLOTS) {
        throw new IllegalArgumentException("slot outside of its page: slot=" + within);
      }
      int slot = firstSlot + within;
      var page = ledger.pageForWrite(slot);
      int index = slot & PairPage.MASK;
      if (page.counts[index] != 0) {
        throw new IllegalArgumentException("pair saved twice: slot=" + slot);
      }
      var read = read(in, ledger, page, index, baseDay);
      place(ledger, slot, read, landmark);
    }
    in.end();
  }

  /// The total of a ledger.
  public void encodeTotal(PageWriter out, Ledger ledger, long newest) {
    var scores = ledger.scores();
    var weights = ledger.weights();
    out.varint(newest / Granule.DAY_NANOS + 1);
    pair(
        out,
        ledger,
        ledger.total(),
        0,
        newest,
        scores == null ? 0 : scores.scoresAcquire().totalSum(),
        weights == null ? 0 : weights.scoresAcquire().totalSum());
  }

  /// Loads the total of a ledger.
  public void decodeTotal(PageSource in, Ledger ledger) {
    int baseDay = in.count(1 << 20) - 1;
    var read = read(in, ledger, ledger.total(), 0, baseDay);
    var scores = ledger.scores();
    if (scores != null) {
      scores.setTotal(read.sum);
    }
    var weights = ledger.weights();
    if (weights != null) {
      weights.setTotal(read.weight);
    }
  }

  /// Refuses another version.
  public static void version(PageSource in) {
    int version = in.u8();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "page version not known: given=" + version + " known=" + VERSION);
    }
  }

  /// Begins a page.
  public static PageWriter page() {
    return new PageWriter().u8(VERSION);
  }

  private record Read(double sum, double weight) {}

  private static void place(Ledger ledger, int slot, Read read, long landmark) {
    var scores = ledger.scores();
    if (scores != null) {
      long now = scores.scoresAcquire().landmark();
      if (landmark > now) {
        throw new IllegalArgumentException(
            "page is ahead of its type: landmark=" + landmark + " type's=" + now);
      }
      boolean older = landmark != now && landmark != ForwardDecay.NONE;
      scores.set(slot, older ? ForwardDecay.rebased(read.sum, now - landmark) : read.sum);
    }
    var weights = ledger.weights();
    if (weights != null) {
      weights.set(slot, read.weight);
    }
    ledger.countLoadedPair();
  }

  private void pair(
      PageWriter out,
      Ledger ledger,
      PairPage page,
      int index,
      long newest,
      double sum,
      double weight) {
    var linear = ledger.linear();
    boolean weighed = ledger.weights() != null;
    int content =
        (ledger.scores() != null ? SUM : 0)
            | (weighed ? WEIGHT : 0)
            | (page.windows.length > 0 ? WINDOWS : 0)
            | (linear != null ? LINEAR : 0);
    out.u8(content).varint(page.counts[index]);
    if ((content & SUM) != 0) {
      out.f64(sum);
    }
    if (weighed) {
      out.f64(weight);
    }
    if ((content & WINDOWS) != 0) {
      buckets.clear();
      ledger.windows().collect(buckets, page, index, newest);
      int at = list(out, 0, Granule.MINUTE);
      at = list(out, at, Granule.HOUR);
      list(out, at, Granule.DAY);
    }
    if (linear != null) {
      sums.size = 0;
      linear.collect(sums, page, index, newest);
      out.varint(sums.size);
      long before = 0;
      for (int i = 0; i < sums.size; i++) {
        out.varint(i == 0 ? sums.buckets[i] : before - sums.buckets[i]);
        out.f64(sums.weights[i]).f64(sums.moments[i]);
        before = sums.buckets[i];
      }
    }
  }

  @CanIgnoreReturnValue
  private int list(PageWriter out, int from, int granule) {
    int end = from;
    while (end < buckets.size() && Granule.granule(buckets.key(end)) == granule) {
      end++;
    }
    out.varint(end - from);
    for (int i = from; i < end; i++) {
      long number = Granule.index(buckets.key(i));
      out.varint(i == from ? number : Granule.index(buckets.key(i - 1)) - number)
          .varint(buckets.count(i));
    }
    return end;
  }

  private Read read(PageSource in, Ledger ledger, PairPage page, int index, int baseDay) {
    int content = in.u8();
    long count = in.varint();
    if (content > 15 || count < 0) {
      throw new IllegalArgumentException("pair not valid: content=" + content + " count=" + count);
    }
    page.setCount(index, count);
    double sum = (content & SUM) != 0 ? in.f64() : 0;
    double weight = (content & WEIGHT) != 0 ? in.f64() : 0;
    if ((content & WINDOWS) != 0) {
      buckets.clear();
      for (int granule = Granule.MINUTE; granule >= Granule.DAY; granule--) {
        readList(in, granule, baseDay);
      }
      if (page.windows.length > 0 && buckets.size() > 0) {
        ledger.windows().restore(page, index, buckets, baseDay);
      }
    }
    if ((content & LINEAR) != 0) {
      readLinear(in, ledger, page, index);
    }
    return new Read(sum, weight);
  }

  private void readList(PageSource in, int granule, int baseDay) {
    int size = in.count(BUCKETS_MAX);
    long number = 0;
    for (int i = 0; i < size; i++) {
      number = i == 0 ? in.varint() : number - in.varint();
      long count = in.varint();
      long day =
          number
              / switch (granule) {
                case Granule.MINUTE -> 1440;
                case Granule.HOUR -> 24;
                default -> 1;
              };
      long oldest = (long) baseDay - (granule == Granule.MINUTE ? 2 : 39);
      if (count <= 0 || number < 0 || day > baseDay || day < oldest) {
        throw new IllegalArgumentException(
            "bucket not valid: number=" + number + " count=" + count);
      }
      buckets.add(Granule.key(granule, number), count);
    }
  }

  private void readLinear(PageSource in, Ledger ledger, PairPage page, int index) {
    int size = in.count(BUCKETS_MAX);
    sums.size = 0;
    long bucket = 0;
    for (int i = 0; i < size; i++) {
      long number = in.varint();
      bucket = i == 0 ? number : bucket - number;
      if (bucket < 0 || (i > 0 && number <= 0)) {
        throw new IllegalArgumentException("linear bucket not valid: bucket=" + bucket);
      }
      sums.add(bucket, in.f64(), in.f64());
    }
    var linear = ledger.linear();
    if (linear != null) {
      linear.restore(page, index, sums);
    }
  }
}
