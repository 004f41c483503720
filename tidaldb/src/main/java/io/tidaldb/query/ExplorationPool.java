package io.tidaldb.query;

import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.DrawWeights;
import io.tidaldb.ranking.Floor;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/// What exploration draws from, in the order in which it is drawn: of what is allowed, the newest
/// 1,000 items that the user has not seen, of creators not followed, younger than a day and hardly
/// shown, without those that a gate drops.
///
/// The order is that of a draw without replacement, each in proportion to its weight. It depends on
/// seed and ids alone, so every page of a query sees the same one.
final class ExplorationPool {

  private static final int MEMBERS_MAX = 1_000;

  /// How a member was drawn.
  ///
  /// @param weight the square root of its completion rate
  /// @param sum of the weights of all members
  /// @param members how many there are
  record Draw(double weight, double sum, int members) {

    double probability() {
      return weight / sum;
    }

    /// As explanations say it.
    @Override
    public String toString() {
      return "slot = exploration, probability " + probability() + " of " + members;
    }
  }

  private final Plan plan;
  private final List<Pick> order;
  private final Map<String, Long> dropped;

  /// @param allowed everything that may be returned, whether on this page or on one before it
  /// @param heaps makes heaps for the query's ranking
  ExplorationPool(Plan plan, RoaringBitmap allowed, IntFunction<TopHits> heaps) {
    this.plan = plan;
    var before = plan.ranking().dropped();
    var top = scored(newest(eligible(allowed)), heaps);
    this.dropped = plan.ranking().dropped();
    before.forEach((reason, gone) -> dropped.merge(reason, -gone, Long::sum));
    this.order = drawn(top);
  }

  /// The members in the order in which they are drawn.
  List<Pick> order() {
    return order;
  }

  /// How many a gate dropped, which the ranking counts though they stand in line elsewhere too.
  long dropped(String reason) {
    return dropped.getOrDefault(reason, 0L);
  }

  /// New, unseen, not of creators that are followed.
  private RoaringBitmap eligible(RoaringBitmap allowed) {
    var items = plan.readers().items();
    var set = allowed.clone();
    long from = plan.at() - plan.explorationLimits().age().toNanos() + 1;
    if (from > 0) {
      set.andNot(items.times("created", 0, from));
    }
    plan.people().memory().ifPresent(viewer -> set.andNot(viewer.items(UserState.SEEN)));
    var followed = CreatorSet.of(plan.followed());
    if (!followed.isEmpty()) {
      set.andNot(followed.select(items, set));
    }
    return set;
  }

  /// The newest of a set that are hardly shown. From the greatest slot down, which is roughly by
  /// age, so that few counts are read once the heap is full.
  private int[] newest(RoaringBitmap set) {
    int capacity = (int) Math.min(MEMBERS_MAX, set.getLongCardinality());
    if (capacity == 0) {
      return new int[0];
    }
    var byAge =
        Ranking.of(
            Sort.NEW,
            Profile.named("exploration").sort(Sort.NEW).build(),
            plan.scope(),
            new ArrayList<>());
    var rows =
        new TopHits.Rows(plan.request().kind(), plan.readers().slots(), plan.readers().items());
    var top = new TopHits(capacity, byAge.columns(), byAge.order(), rows, Between.ALL);
    var batch = byAge.batch();
    var slots = set.getReverseIntIterator();
    var shown = shown();
    while (slots.hasNext()) {
      batch.count = 0;
      while (slots.hasNext() && batch.count < Batch.CAPACITY) {
        batch.slots[batch.count++] = slots.next();
      }
      byAge.score(batch, top.floor());
      shown.ifPresent(counts -> counts.drop(batch));
      top.offer(batch);
    }
    return Arrays.stream(top.sorted()).map(top::slot).toArray();
  }

  /// Drops what was shown too often.
  private final class Shown {
    private final SignalType type;
    private final Window window;
    private final long[] counts = new long[Batch.CAPACITY];

    Shown(SignalType type, Window window) {
      this.type = type;
      this.window = window;
    }

    void drop(Batch batch) {
      plan.readers()
          .signals()
          .get()
          .windowedCounts(type.id().value(), window, batch.slots, batch.count, counts);
      for (int i = 0; i < batch.count; i++) {
        batch.dropped[i] |= counts[i] >= plan.explorationLimits().impressions();
      }
    }
  }

  /// By impressions, or by views where impressions are not declared; in the widest window, which is
  /// more than an item's age.
  private Optional<Shown> shown() {
    return declared(Meaning.IMPRESSION)
        .or(() -> declared(Meaning.VIEW))
        .map(type -> new Shown(type, type.windows().stream().max(Window::compareTo).orElseThrow()));
  }

  private Optional<SignalType> declared(Meaning meaning) {
    return plan.schema()
        .signal(meaning)
        .filter(type -> type.target() == plan.request().kind() && !type.windows().isEmpty());
  }

  /// With the scores that they have as any other candidate.
  private TopHits scored(int[] slots, IntFunction<TopHits> heaps) {
    var top = heaps.apply(Math.max(1, slots.length));
    var batch = plan.ranking().batch();
    System.arraycopy(slots, 0, batch.slots, 0, slots.length);
    batch.count = slots.length;
    plan.ranking().score(batch, Floor.NONE);
    top.offer(batch);
    return top;
  }

  private List<Pick> drawn(TopHits top) {
    int[] entries = top.sorted();
    double[] weights = plan.drawWeights().of(Arrays.stream(entries).map(top::slot).toArray());
    double sum = Arrays.stream(weights).reduce(0, Double::sum);
    double[] keys = new double[entries.length];
    for (int i = 0; i < entries.length; i++) {
      keys[i] = DrawWeights.key(plan.scope().seed(), top.id(entries[i]), weights[i]);
    }
    return IntStream.range(0, entries.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -keys[i])
                .thenComparing(i -> top.id(entries[i]), Long::compareUnsigned))
        .map(i -> new Pick(top, entries[i]).drawn(new Draw(weights[i], sum, entries.length)))
        .toList();
  }
}
