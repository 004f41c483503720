package io.tidaldb.coengagement;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.schema.CoEngagement;
import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.slot.SlotMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/// Windows of positives and the edges made from them: what the view and the class without a log
/// have in common.
///
/// **Threads.** One writer; any thread reads.
final class Evidence {

  /// How near an item is that came so many others ago: 1 / √p.
  private static final double[] CLOSENESS =
      IntStream.rangeClosed(1, CoEngagementRule.WINDOW_MAX)
          .mapToDouble(p -> 1 / Math.sqrt(p))
          .toArray();

  private final SlotMap slots;
  private final Edges edges;
  private final Positives positives;
  private CoEngagementRule rule;

  /// The newest time of evidence, 0 before the first.
  private volatile long newest;

  Evidence(SlotMap slots, CrashInjector injector, CoEngagementRule rule) {
    this.slots = slots;
    this.rule = rule;
    this.edges = new Edges(slots, injector, decay(rule), rule.capacity());
    this.positives = new Positives(slots);
  }

  private static ForwardDecay decay(CoEngagementRule rule) {
    return new ForwardDecay(rule.halfLife().toNanos());
  }

  SlotMap slots() {
    return slots;
  }

  Edges edges() {
    return edges;
  }

  Positives positives() {
    return positives;
  }

  long newest() {
    return newest;
  }

  /// The rule that was given last.
  CoEngagementRule rule() {
    return rule;
  }

  int window() {
    return rule.window();
  }

  /// Sets what a saved state knew besides edges, crowds and windows, before any edge.
  void startFrom(long landmark, long savedNewest, CoEngagementRule saved) {
    if (edges.decay().halfLifeNanos() != saved.halfLife().toNanos()) {
      edges.decay(decay(saved));
    }
    edges.resize(saved.capacity());
    rule = saved;
    edges.startFrom(landmark);
    newest = savedNewest;
  }

  /// A user engages positively with an item. Writer.
  void positive(int user, int item, long time) {
    newest = Math.max(newest, time);
    positives.bury(user);
    if (positives.renew(user, item)) {
      return;
    }
    tie(item, positives.window(user), time);
    positives.enter(user, item, rule.window());
  }

  private void tie(int item, int[] recent, long time) {
    edges.begin(item);
    try {
      double evidence = edges.evidence(time);
      edges.join(evidence);
      for (int i = 0; i < recent.length && recent[i] != Positives.NONE; i++) {
        // Without room for one pair the next may still have an edge.
        var _ = edges.strengthen(recent[i], evidence, CLOSENESS[i]);
      }
    } finally {
      edges.end();
    }
  }

  /// Sets a strength as of the newest time. Writer.
  void insert(int a, int b, double strength) {
    edges.begin(a);
    try {
      var _ = edges.set(b, edges.sumOf(strength, newest));
    } finally {
      edges.end();
    }
  }

  /// Takes other numbers. Writer.
  ///
  /// The half-life of a store with edges cannot change; whoever logs the rule has seen to that.
  void rule(CoEngagementRule given) {
    if (edges.count() == 0 && edges.decay().halfLifeNanos() != given.halfLife().toNanos()) {
      // What it counted under the other half-life cannot be told in this one.
      edges.disperse();
      edges.decay(decay(given));
    }
    edges.resize(given.capacity());
    if (given.window() < rule.window()) {
      positives.shorten(given.window());
    }
    rule = given;
  }

  /* --- reading by id, any thread --- */

  /// Reads as of the newest time, and again if that moved meanwhile: edges read as of a time before
  /// their own evidence would count for more than they ever did.
  <T> T asOfNewest(LongFunction<T> reading) {
    while (true) {
      long at = newest;
      T found = reading.apply(at);
      if (at == newest) {
        return found;
      }
    }
  }

  double strength(EntityId a, EntityId b, long at) {
    return edges.strength(
        slots.slot(EntityKind.ITEM, a.value()), slots.slot(EntityKind.ITEM, b.value()), at);
  }

  List<ScoredEntity> neighbours(EntityId item, int k, long at) {
    if (k < 1 || k > CoEngagement.NEIGHBOURS_MAX) {
      throw new InvalidRequestException(
          "K_OUT_OF_RANGE",
          "k out of range: given=" + k + " allowed=1…" + CoEngagement.NEIGHBOURS_MAX);
    }
    int slot = slots.slot(EntityKind.ITEM, item.value());
    // Most items have few edges; who has more than when it was asked is read again with more room.
    int room = Math.min(k, edges.degree(slot) + 8);
    while (true) {
      int[] found = new int[room];
      double[] strengths = new double[room];
      int count = edges.strongest(slot, at, found, strengths);
      if (count < room || room == k) {
        return scored(found, strengths, count);
      }
      room = Math.min(k, 2 * room);
    }
  }

  private List<ScoredEntity> scored(int[] found, double[] strengths, int count) {
    var neighbours = new ArrayList<ScoredEntity>(count);
    for (int i = 0; i < count; i++) {
      long id = slots.id(EntityKind.ITEM, found[i]);
      neighbours.add(new ScoredEntity(EntityId.of(id), strengths[i]));
    }
    return neighbours;
  }

  /// Bytes of all arrays.
  long bytes() {
    return edges.bytes() + edges.crowds().bytes() + positives.bytes();
  }
}
