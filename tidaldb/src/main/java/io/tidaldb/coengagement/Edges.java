package io.tidaldb.coengagement;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.slot.LongPages;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// The edges between items, by slot: at most so many, the least leaving before another enters.
///
/// Strengths are forward-decayed sums under one landmark, a whole number of half-lives, so their
/// order does not depend on the time of reading, and moving the landmark loses nothing.
///
/// What changes between [#begin] and [#end] is one event: readers see all of it or nothing, and an
/// edge that it touched does not leave in it.
///
/// **Threads.** One writer; readers never see half an event ([Stripes]), but for the counters:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `count` | writer, lowered before an edge enters | volatile | volatile | – |
/// | `capacity` | writer, lowered after the edges are | volatile | volatile | – |
/// | `landmark` | writer, under all versions | volatile | volatile, under a version | noticed by it |
/// | `decay` | writer, without edges | volatile | volatile | no edges |
final class Edges {

  private static final int ITEM_STRIPES = 4096;
  private static final int NOBODY = -1;

  private final Slots slots;
  private final CrashInjector injector;
  private final Stripes items = new Stripes(ITEM_STRIPES);
  private final Stripes chains = new Stripes(PairTable.BUCKETS_MIN);
  private final EdgeRecords records = new EdgeRecords();
  private final Crowds crowds = new Crowds();
  private final PairTable pairs = new PairTable(records, chains);
  private final Adjacency adjacency = new Adjacency(records);
  private final LeastFirst order;

  /// Edges that the running event has touched, all of one item.
  private int[] touched = new int[64];

  private int touchedCount;
  private int touchedItem = NOBODY;

  /// Touched edges that would have left, hence are out of the order until the event ends.
  private int[] aside = new int[64];

  private int asideCount;
  private volatile ForwardDecay decay;
  private volatile long landmark = ForwardDecay.NONE;
  private volatile int capacity;
  private volatile int count;
  private final LongAdder evictions = new LongAdder();

  /// No edges.
  Edges(Slots slots, CrashInjector injector, ForwardDecay decay, int capacity) {
    this.slots = slots;
    this.injector = injector;
    this.decay = decay;
    this.capacity = capacity;
    this.order = new LeastFirst(records, slots);
  }

  /* --- one event --- */

  /// Begins an event that touches edges of one item at most. Writer, as all of this part.
  void begin(int item) {
    touchedItem = item;
    items.touch(item);
  }

  /// Ends it: readers see what it did. To be called whatever happened.
  void end() {
    for (int i = 0; i < asideCount; i++) {
      order.add(aside[i]);
    }
    asideCount = 0;
    touchedCount = 0;
    touchedItem = NOBODY;
    items.release();
    chains.release();
  }

  /// What one piece of evidence adds at a time; moves the landmark if the time is far beyond it.
  double evidence(long time) {
    long index = decay.index(time);
    if (landmark == ForwardDecay.NONE) {
      landmark = index;
    }
    if (index - landmark > ForwardDecay.AHEAD_MAX) {
      rebase(index);
    }
    long ahead = index - landmark;
    return ahead < -ForwardDecay.BEHIND_MAX ? 0.0 : decay.term(time, 1.0, (int) ahead);
  }

  /// The sum that has a strength at a time, which no evidence lies behind.
  double sumOf(double strength, long time) {
    long index = decay.index(time);
    if (landmark == ForwardDecay.NONE) {
      landmark = index;
    }
    if (index - landmark > ForwardDecay.AHEAD_MAX) {
      rebase(index);
    }
    double sum = decay.term(time, strength, (int) (index - landmark));
    if (Double.isInfinite(sum)) {
      rebase(index);
      sum = decay.term(time, strength, 0);
    }
    return Math.min(sum, Double.MAX_VALUE);
  }

  /// One more user engages with the event's item.
  void join(double evidence) {
    crowds.join(touchedItem, evidence);
  }

  /// Adds evidence between the event's item and another that came before it.
  ///
  /// @param closeness how near behind the other this one came, 0 … 1
  /// @return false if the table is full of edges that this event touched
  boolean strengthen(int other, double evidence, double closeness) {
    boolean lesserCame = touchedItem < other;
    int edge = pairs.find(EdgeRecords.pair(touchedItem, other));
    if (edge < 0) {
      return insert(other, evidence, Nearness.grown(0, 0, evidence, closeness, lesserCame));
    }
    items.touch(other);
    double sum = records.sum(edge);
    records.setNearness(
        edge, Nearness.grown(records.nearness(edge), sum, evidence, closeness, lesserCame));
    records.setSum(edge, Math.min(sum + evidence, Double.MAX_VALUE));
    injector.reached(CrashPoint.CO_ENGAGEMENT_UPDATE);
    order.strengthened(edge);
    touched(edge);
    return true;
  }

  /// Sets the sum of the edge between the event's item and another, as if it came from both
  /// directions alike.
  boolean set(int other, double sum) {
    int edge = pairs.find(EdgeRecords.pair(touchedItem, other));
    if (edge < 0) {
      return insert(other, sum, Nearness.EITHER_WAY);
    }
    items.touch(other);
    records.setNearness(edge, Nearness.EITHER_WAY);
    records.setSum(edge, sum);
    injector.reached(CrashPoint.CO_ENGAGEMENT_UPDATE);
    order.changed(edge);
    touched(edge);
    return true;
  }

  /// Adds an edge as [#set], but not if it would be the first to leave. For edges of a saved state.
  void restore(int a, int b, double sum, long nearness) {
    begin(a);
    try {
      if (count < capacity || order.isWeaker(order.first(), sum, a, b)) {
        var _ = insert(b, sum, nearness);
      }
    } finally {
      end();
    }
  }

  private boolean insert(int other, double sum, long nearness) {
    if (!makeRoom()) {
      return false;
    }
    int edge = records.take(touchedItem, other, sum);
    records.setNearness(edge, nearness);
    pairs.add(edge);
    adjacency.add(touchedItem, edge);
    injector.reached(CrashPoint.CO_ENGAGEMENT_UPDATE);
    items.touch(other);
    adjacency.add(other, edge);
    order.add(edge);
    count(+1);
    touched(edge);
    return true;
  }

  private boolean makeRoom() {
    if (count < capacity) {
      return true;
    }
    while (order.size() > 0) {
      int least = order.first();
      if (!isTouched(least)) {
        remove(least);
        evictions.increment();
        return true;
      }
      order.remove(least);
      if (asideCount == aside.length) {
        aside = Arrays.copyOf(aside, 2 * asideCount);
      }
      aside[asideCount++] = least;
    }
    return false;
  }

  private void touched(int edge) {
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, 2 * touchedCount);
    }
    touched[touchedCount++] = edge;
  }

  private boolean isTouched(int edge) {
    long pair = records.pair(edge);
    if (EdgeRecords.lesser(pair) != touchedItem && EdgeRecords.greater(pair) != touchedItem) {
      return false;
    }
    for (int i = 0; i < touchedCount; i++) {
      if (touched[i] == edge) {
        return true;
      }
    }
    return false;
  }

  private void remove(int edge) {
    long pair = records.pair(edge);
    items.touch(EdgeRecords.lesser(pair));
    items.touch(EdgeRecords.greater(pair));
    count(-1);
    order.remove(edge);
    adjacency.remove(EdgeRecords.lesser(pair), edge);
    adjacency.remove(EdgeRecords.greater(pair), edge);
    pairs.remove(edge);
    records.free(edge);
  }

  private void count(int more) {
    int now = count;
    count = now + more;
  }

  /* --- rare changes --- */

  /// Removes every edge of an item.
  void removeItem(int item) {
    begin(item);
    try {
      for (int left = Adjacency.count(adjacency.list(item)); left > 0; left--) {
        remove(adjacency.edge(adjacency.list(item), left - 1));
      }
      crowds.remove(item);
    } finally {
      end();
    }
  }

  /// Allows more edges or fewer: the least leave at once.
  void resize(int edgesMax) {
    while (count > edgesMax) {
      begin(EdgeRecords.lesser(records.pair(order.first())));
      remove(order.first());
      evictions.increment();
      end();
    }
    capacity = edgesMax;
  }

  /// Another half-life. Only without edges: their sums were made with the present one.
  void decay(ForwardDecay other) {
    if (count > 0) {
      throw new IllegalStateException("edges have another half-life: edges=" + count);
    }
    chains.touchAll();
    landmark = ForwardDecay.NONE;
    decay = other;
    chains.release();
  }

  /// Counts the crowds anew. Only without edges, before another half-life.
  void disperse() {
    items.touchAll();
    crowds.clear();
    items.release();
  }

  private void rebase(long index) {
    items.touchAll();
    chains.touchAll();
    long distance = index - landmark;
    for (int edge = 0; edge < records.numbers(); edge++) {
      if (records.exists(edge)) {
        records.setSum(edge, ForwardDecay.rebased(records.sum(edge), distance));
      }
    }
    crowds.rebase(distance);
    landmark = index;
    // Sums that became 0 are equal now, and ids decide.
    order.rebuild();
  }

  /* --- reading, any thread --- */

  int count() {
    return count;
  }

  int capacity() {
    return capacity;
  }

  long evictions() {
    return evictions.sum();
  }

  /// The strength of an edge at a time; 0 without edge.
  double strength(int a, int b, long at) {
    if (a < 0 || b < 0 || a == b) {
      return 0.0;
    }
    long pair = EdgeRecords.pair(a, b);
    int chain = PairTable.chain(pair);
    while (true) {
      int version = chains.version(chain);
      int edge = pairs.find(pair);
      double strength = edge < 0 ? 0.0 : Strengths.at(records.sum(edge), decay, landmark, at);
      if (chains.unchanged(chain, version)) {
        return strength;
      }
    }
  }

  /// The strongest neighbours of an item at a time, strongest first, ties by unsigned id.
  ///
  /// @param neighbours takes their slots
  /// @param strengths takes their strengths
  /// @return how many there are, at most as many as fit
  int strongest(int item, long at, int[] neighbours, double[] strengths) {
    if (item < 0) {
      return 0;
    }
    var top = new Strongest(slots, neighbours, strengths);
    while (true) {
      int version = items.version(item);
      long list = adjacency.list(item);
      top.clear();
      int edges = Math.min(Adjacency.count(list), capacity);
      for (int i = 0; i < edges; i++) {
        int edge = adjacency.edge(list, i);
        top.offer(EdgeRecords.other(records.pair(edge), item), records.sum(edge));
      }
      long mark = landmark;
      var fading = decay;
      if (items.unchanged(item, version)) {
        return top.finish(fading, mark, at);
      }
    }
  }

  /// What users engage with after an item, in no order.
  void following(int item, long at, Following row) {
    row.clear();
    while (item >= 0) {
      int version = items.version(item);
      long list = adjacency.list(item);
      double factor = Strengths.factor(decay, landmark, at);
      double crowd = crowds.sum(item) * factor;
      row.clear();
      int edges = Math.min(Adjacency.count(list), capacity);
      for (int i = 0; i < edges; i++) {
        int edge = adjacency.edge(list, i);
        int other = EdgeRecords.other(records.pair(edge), item);
        double strength = records.sum(edge) * factor;
        long nearness = records.nearness(edge);
        row.add(
            other,
            Following.share(
                strength * Nearness.toward(nearness, other, item),
                strength * Nearness.toward(nearness, item, other),
                crowds.sum(other) * factor,
                crowd));
      }
      if (items.unchanged(item, version)) {
        return;
      }
    }
  }

  /// How many edges an item has.
  int degree(int item) {
    return item < 0 ? 0 : Adjacency.count(adjacency.list(item));
  }

  /* --- saving and checking, writer --- */

  long landmark() {
    return landmark;
  }

  ForwardDecay decay() {
    return decay;
  }

  /// What is saved of the edges.
  EdgeRecords records() {
    return records;
  }

  /// How many users engaged with each item.
  Crowds crowds() {
    return crowds;
  }

  /// How near behind one end the other came, of an edge that exists.
  long nearness(long pair) {
    return records.nearness(pairs.find(pair));
  }

  /// Every edge's pair of slots, sorted.
  long[] pairs() {
    var sorted = new long[count];
    int filled = 0;
    for (int edge = 0; edge < records.numbers(); edge++) {
      if (records.exists(edge)) {
        sorted[filled++] = records.pair(edge);
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /// The sum of an edge that exists.
  double sum(long pair) {
    return records.sum(pairs.find(pair));
  }

  /// Sets the landmark of a saved state, before any edge.
  void startFrom(long saved) {
    landmark = saved;
  }

  /// The saved longs are loaded; everything else is made from them.
  ///
  /// @throws IllegalArgumentException if they are not edges between living items
  void loaded() {
    var pages = records.saved.pageNumbers();
    int end = (pages.max().orElse(-1) + 1) * (LongPages.PAGE_LONGS / 2);
    records.loaded(end);
    for (int edge = 0; edge < records.numbers(); edge++) {
      if (records.exists(edge)) {
        accept(edge);
        pairs.add(edge);
        adjacency.add(EdgeRecords.lesser(records.pair(edge)), edge);
        adjacency.add(EdgeRecords.greater(records.pair(edge)), edge);
        order.append(edge);
        count(+1);
      }
    }
    order.rebuild();
    chains.release();
    if (count > 0 && landmark == ForwardDecay.NONE) {
      throw new IllegalArgumentException("edges without a landmark: edges=" + count);
    }
  }

  private void accept(int edge) {
    long pair = records.pair(edge);
    double sum = records.sum(edge);
    if (count == capacity
        || !EdgeAudit.isLiving(slots, EdgeRecords.lesser(pair))
        || !EdgeAudit.isLiving(slots, EdgeRecords.greater(pair))
        || EdgeRecords.lesser(pair) >= EdgeRecords.greater(pair)
        || !(sum >= 0 && sum <= Double.MAX_VALUE)
        || !Nearness.isSound(records.nearness(edge))
        || pairs.find(pair) >= 0) {
      throw new IllegalArgumentException(
          "not an edge: number="
              + edge
              + " pair="
              + Long.toHexString(pair)
              + " sum="
              + sum
              + " capacity="
              + capacity);
    }
  }

  /// What is wrong, in words.
  List<String> verify() {
    return new EdgeAudit(slots, records, pairs, adjacency).findings(this, order);
  }

  /// Bytes of all arrays.
  long bytes() {
    return records.bytes() + pairs.bytes() + adjacency.bytes() + order.bytes();
  }
}
