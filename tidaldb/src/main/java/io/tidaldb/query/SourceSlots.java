package io.tidaldb.query;

import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.ranking.Windows;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.roaringbitmap.RoaringBitmap;

/// What each source of candidates gives, best first, from what is allowed: a source fills its count
/// from there, whatever the filter has left.
final class SourceSlots {

  private static final int PER_CREATOR = 20;
  private static final int CREATORS = 20;
  private static final int[] NOTHING = {};

  private final Plan plan;
  private final RoaringBitmap allowed;
  private final BooleanSupplier late;

  /// @param late whether what was found until now must do
  SourceSlots(Plan plan, RoaringBitmap allowed, BooleanSupplier late) {
    this.late = late;
    this.plan = plan;
    this.allowed = allowed;
  }

  /// How many a source is asked for.
  static int asked(Source source) {
    return switch (source) {
      case Source.Scan() -> Integer.MAX_VALUE;
      case Source.Ann ann -> ann.k();
      case Source.CoEngagement edges -> edges.n();
      case Source.RecentMatch(int n) -> n;
      case Source.SignalHead head -> head.n();
      case Source.Followed followed -> followed.n();
      case Source.Affinity affinity -> affinity.n();
      case Source.Interests(int n) -> n;
      case Source.NewItems items -> items.n();
    };
  }

  /// The slots that a source gives.
  int[] of(Source source) {
    return switch (source) {
      case Source.Scan() -> allowed.toArray();
      case Source.Ann ann -> plan.nearness().nearest(ann, allowed);
      case Source.CoEngagement(int n, var of, int seeds) ->
          plan.together().edges(of, seeds).strongest(allowed, n, this::id);
      case Source.RecentMatch(int n) -> plan.together().recentMatch().best(allowed, n, this::id);
      case Source.SignalHead head -> head(head, allowed);
      case Source.Followed(int n, var within) -> newestOf(plan.followed(), n, within);
      case Source.Affinity(int n, var within) -> newestOf(plan.closest(CREATORS), n, within);
      case Source.Interests(int n) ->
          head(Source.SignalHead.fastest(Meaning.VIEW.label(), n), interesting());
      case Source.NewItems(int n, var within) -> newest(allowed, n, within);
    };
  }

  private long id(int slot) {
    return plan.readers().slots().id(plan.request().kind(), slot);
  }

  /// The greatest of a set by a measure of a signal, if that is declared so that it can be told.
  int[] head(Source.SignalHead head, RoaringBitmap set) {
    var type = type(head.signal());
    if (type.isEmpty() || set.isEmpty() || !isReadable(type.get(), head)) {
      return NOTHING;
    }
    var feature =
        switch (head.measure()) {
          case COUNT -> new Feature.Count(head.signal(), head.window());
          case VELOCITY -> new Feature.Velocity(head.signal(), head.window());
          case DECAYED -> new Feature.Decayed(head.signal());
        };
    var profile = Profile.named("signal_head").term(feature, 1).build();
    return best(profile, set, head.n());
  }

  private Optional<SignalType> type(String signal) {
    return plan.schema()
        .signal(signal)
        .or(() -> Meaning.ofLabel(signal).flatMap(plan.schema()::signal))
        .filter(type -> type.target() == plan.request().kind());
  }

  private static boolean isReadable(SignalType type, Source.SignalHead head) {
    return Windows.readable(type, head.measure())
        && switch (head.measure()) {
          case DECAYED -> true;
          case COUNT, VELOCITY ->
              type.windows().stream().anyMatch(window -> window.compareTo(head.window()) >= 0);
        };
  }

  /// The newest of some creators' items, at most 20 each.
  private int[] newestOf(long[] creators, int n, Duration within) {
    long from = plan.at() - within.toNanos();
    return newest(new NewestOfCreators(plan, allowed, PER_CREATOR).of(creators, from), n, within);
  }

  /// The newest of a set that are no older than this.
  private int[] newest(RoaringBitmap set, int n, Duration within) {
    int capacity = (int) Math.min(n, set.getLongCardinality());
    if (capacity == 0) {
      return NOTHING;
    }
    var profile = Profile.named("new_items").sort(Sort.NEW).build();
    var ranking = Ranking.of(Sort.NEW, profile, plan.scope(), new ArrayList<>());
    var top = top(ranking, capacity);
    long from = plan.at() - within.toNanos();
    var walk = NewestScan.of(plan, ranking, set, capacity, Long.MAX_VALUE);
    if (walk == null) {
      scan(set, ranking, ranking.batchFor(set.getLongCardinality()), top);
    } else {
      var batch = ranking.batchFor(capacity);
      if (!walk.run(top, batch, from)) {
        scan(RoaringBitmap.andNot(set, walk.given()), ranking, ranking.batch(), top);
      }
    }
    return Arrays.stream(top.sorted())
        .map(top::slot)
        .filter(slot -> plan.readers().items().created(slot) > from)
        .toArray();
  }

  private RoaringBitmap interesting() {
    var items = plan.readers().items();
    var set = new RoaringBitmap();
    for (var field : List.of("category", "tags")) {
      if (plan.schema().field(plan.request().kind(), field).isPresent()) {
        plan.interests().forEach(interest -> set.or(items.keyword(field, interest)));
      }
    }
    set.and(allowed);
    return set;
  }

  private TopHits top(Ranking ranking, int capacity) {
    var rows =
        new TopHits.Rows(plan.request().kind(), plan.readers().slots(), plan.readers().items());
    return new TopHits(capacity, ranking.columns(), ranking.order(), rows, Between.ALL);
  }

  /// The best of a set, those that score above 0.
  private int[] best(Profile profile, RoaringBitmap set, int n) {
    var ranking = Ranking.of(profile, plan.scope(), new ArrayList<>());
    int capacity = (int) Math.min(n, set.getLongCardinality());
    var top = top(ranking, capacity);
    var pulse = PulseScan.of(plan, ranking, set, capacity);
    var batch = ranking.batchFor(pulse == null ? set.getLongCardinality() : capacity);
    if (pulse == null) {
      scan(set, ranking, batch, top);
    } else if (!pulse.run(top, batch) && !pulse.isExhausted()) {
      scan(RoaringBitmap.andNot(set, pulse.given()), ranking, ranking.batch(), top);
    }
    return Arrays.stream(top.sorted())
        .filter(entry -> top.score(entry) > 0)
        .map(top::slot)
        .toArray();
  }

  private void scan(RoaringBitmap set, Ranking ranking, Batch batch, TopHits top) {
    var slots = set.getBatchIterator();
    boolean first = true;
    while (slots.hasNext() && (first || !late.getAsBoolean())) {
      first = false;
      batch.count = slots.nextBatch(batch.slots);
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
  }
}
