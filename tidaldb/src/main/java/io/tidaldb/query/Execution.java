package io.tidaldb.query;

import io.tidaldb.ranking.Floor;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The stages of one query after its plan: filter ▸ candidates ▸ score ▸ page.
final class Execution {

  /// Bounds of how many candidates of a scan are mixed among themselves, the same for every page.
  private static final int GENERATION_MIN = 256;

  private static final int GENERATION_MAX = 4_096;
  private static final int GENERATION_BLOCKS = 8;

  private final Plan plan;
  private final StoreKey key;
  private final Stopwatch watch;
  private final Map<String, Long> removed;
  private final Retrieve request;
  private long universe;
  private long allowedCount;
  private long scored;
  private String strategy = "scan";
  private @Nullable Candidates sources;
  private @Nullable DiverseOrder diverse;
  private @Nullable Place first;
  private final Deadline deadline;

  Execution(Plan plan, StoreKey key, Stopwatch watch) {
    this(plan, key, watch, new TreeMap<>());
  }

  /// @param removed takes what was removed, per reason
  Execution(Plan plan, StoreKey key, Stopwatch watch, Map<String, Long> removed) {
    this(plan, key, watch, removed, plan.request());
  }

  /// @param request the plan's, with another limit
  Execution(Plan plan, StoreKey key, Stopwatch watch, Retrieve request) {
    this(plan, key, watch, new TreeMap<>(), request);
  }

  private Execution(
      Plan plan, StoreKey key, Stopwatch watch, Map<String, Long> removed, Retrieve request) {
    this.plan = plan;
    this.key = key;
    this.watch = watch;
    this.removed = removed;
    this.request = request;
    this.deadline = new Deadline(request.deadline(), watch);
  }

  Results run() {
    var allowed = allowed(plan.readers().items().live());
    watch.stage("filter");
    return page(candidates(allowed));
  }

  /* --- filter --- */

  /// Live, available, fitting scope and filter, nothing that must not be shown, not excluded.
  ///
  /// @param live of which; taken over
  RoaringBitmap allowed(RoaringBitmap live) {
    return fitting(shown(live));
  }

  /// What may be shown, whatever the filter says.
  ///
  /// @param set of which; taken over
  RoaringBitmap shown(RoaringBitmap set) {
    universe = set.getLongCardinality();
    set.andNot(plan.readers().items().unavailable(plan.at()));
    count("unavailable", universe - set.getLongCardinality());
    keepScope(set);
    plan.neverShown().removeFrom(set, this::count);
    return set;
  }

  /// What fits the filter, and is not excluded.
  RoaringBitmap fitting(RoaringBitmap set) {
    var fitting = plan.filter().select(set, removed);
    long before = fitting.getLongCardinality();
    for (var id : plan.request().seeds()) {
      remove(fitting, id.value());
    }
    for (var id : plan.request().exclude()) {
      remove(fitting, id.value());
    }
    allowedCount = fitting.getLongCardinality();
    count("excluded", before - allowedCount);
    strategy = allowedCount == universe ? "scan" : "bitmap";
    return fitting;
  }

  /// What the request's cohort has touched and its creator made.
  private void keepScope(RoaringBitmap set) {
    long before = set.getLongCardinality();
    if (plan.cohort().isPresent()) {
      set.and(plan.cohort().get().active());
    }
    plan.request()
        .creator()
        .ifPresent(
            creator -> set.and(plan.readers().items().references("creator", creator.value())));
    plan.within().ifPresent(inner -> set.and(inner.slots()));
    count("out of scope", before - set.getLongCardinality());
  }

  /// Without the hits of the pages before.
  private RoaringBitmap withoutReturned(RoaringBitmap set) {
    var cursor = plan.cursor();
    if (cursor == null || cursor.returned().isEmpty()) {
      return set;
    }
    var left = set.clone();
    cursor.returned().forEach(id -> remove(left, id));
    return left;
  }

  private void remove(RoaringBitmap set, long id) {
    int slot = plan.readers().slots().slot(plan.request().kind(), id);
    if (slot >= 0) {
      set.remove(slot);
    }
  }

  private void count(String reason, long gone) {
    if (gone > 0) {
      removed.merge(reason, gone, Long::sum);
    }
  }

  /* --- candidates and score --- */

  private TopHits heap(int capacity) {
    var readers = plan.readers();
    var rows = new TopHits.Rows(plan.request().kind(), readers.slots(), readers.items());
    return new TopHits(
        capacity, plan.ranking().columns(), plan.ranking().order(), rows, plan.part());
  }

  /// One more than the page, to know whether there is a next one.
  private int wanted() {
    return pageLimit() + 1;
  }

  private int pageLimit() {
    int limit = request.limit();
    return plan.isRanked() ? Math.min(limit, plan.depthMax() - plan.rankBefore()) : limit;
  }

  private List<Pick> candidates(RoaringBitmap all) {
    diverse = plan.mixing().isNone() ? null : new DiverseOrder(plan, pool(all));
    if (Candidates.applies(plan, all.getLongCardinality())) {
      return fromSources(all);
    }
    if (diverse != null) {
      return fromGenerations(all, diverse, wanted(), generation());
    }
    var allowed = withoutReturned(all);
    if (HeadScan.applies(plan)) {
      var head = new HeadScan(plan, allowed, () -> heap(wanted()));
      boolean complete = head.run();
      scored += head.scored();
      watch.stage("candidates");
      if (complete) {
        strategy = head.strategy();
        return picks(head.top());
      }
    }
    var top = heap(wanted());
    scan(allowed, top);
    watch.stage("score");
    return picks(top);
  }

  /// What exploration draws from, if it draws anything on this page.
  private Optional<ExplorationPool> pool(RoaringBitmap all) {
    int before = plan.rankBefore();
    return plan.mixing().drawsWithin(before, before + wanted())
        ? Optional.of(new ExplorationPool(plan, all, this::heap))
        : Optional.empty();
  }

  /// All that would be on the page, in its order.
  List<Pick> order() {
    return candidates(allowed(plan.readers().items().live()));
  }

  /// The place that the item in a slot has behind the page, without limits of diversity: how many
  /// of those that are looked at with it come before it, from 1, over all pages.
  long rank(int slot) {
    var all = allowed(plan.readers().items().live());
    if (!Candidates.applies(plan, all.getLongCardinality())) {
      return plan.rankBefore() + 1 + countBefore(slot, withoutReturned(all));
    }
    var candidates = new Candidates(plan, all, () -> false);
    long before = plan.rankBefore();
    while (true) {
      var round = withoutReturned(candidates.next());
      if (round.isEmpty()) {
        return before + 1;
      }
      if (round.contains(slot)) {
        return before + 1 + countBefore(slot, round);
      }
      before += countBefore(-1, round);
    }
  }

  /// Those of a set that come before the item in a slot; all that are ranked if there is none.
  private long countBefore(int slot, RoaringBitmap set) {
    var one = heap(1);
    var ranking = plan.ranking();
    var batch = ranking.batch();
    if (slot >= 0) {
      batch.slots[0] = slot;
      batch.count = 1;
      ranking.score(batch, Floor.NONE);
      one.offer(batch);
    }
    var slots = set.getBatchIterator();
    long count = 0;
    while (slots.hasNext()) {
      batch.count = slots.nextBatch(batch.slots);
      ranking.score(batch, Floor.NONE);
      count += one.countBefore(batch);
    }
    return count;
  }

  private static List<Pick> picks(TopHits top) {
    return Arrays.stream(top.sorted()).mapToObj(entry -> new Pick(top, entry)).toList();
  }

  /// Round after round, until the page is full.
  private List<Pick> fromSources(RoaringBitmap allowed) {
    var candidates = new Candidates(plan, allowed, deadline::isOver);
    sources = candidates;
    var picks = new ArrayList<Pick>();
    int own = 0;
    while (picks.size() < wanted() && !isOver() && (diverse == null || !diverse.isFull())) {
      var round = candidates.next();
      watch.stage("candidates");
      if (round.isEmpty()) {
        break;
      }
      int more = wanted() - picks.size();
      if (diverse == null) {
        var top = heap(more);
        scan(withoutReturned(round), top);
        picks.addAll(picks(top));
      } else {
        // What the sources propose is bounded and ordered as a whole; the rest may be everything.
        boolean isBounded = round.getLongCardinality() <= GENERATION_MAX;
        picks.addAll(
            fromGenerations(round, diverse, more, isBounded ? GENERATION_MAX : generation()));
      }
      own = candidates.isExtended() ? own : picks.size();
      watch.stage("score");
    }
    strategy = "sources";
    if (own < Math.min(picks.size(), pageLimit())) {
      plan.warnings()
          .add(
              new Warning(
                  "SOURCES_EXTENDED",
                  "own=" + own + " returned=" + Math.min(picks.size(), pageLimit())));
    }
    return picks;
  }

  /// The best hundreds are ordered among themselves, then the next ones, until the page is full.
  private List<Pick> fromGenerations(RoaringBitmap all, DiverseOrder order, int most, int size) {
    var left = all.clone();
    var picks = new ArrayList<Pick>();
    while (picks.size() < most && !left.isEmpty() && !isOver() && !order.isFull()) {
      var top = heap((int) Math.min(size, left.getLongCardinality()));
      scan(left, top);
      var generation = picks(top);
      generation.forEach(pick -> left.remove(pick.slot()));
      picks.addAll(order.place(generation, most - picks.size()));
      watch.stage("score");
      if (generation.isEmpty()) {
        break;
      }
    }
    return picks;
  }

  private int generation() {
    return Math.clamp(
        (long) GENERATION_BLOCKS * plan.mixing().per(), GENERATION_MIN, GENERATION_MAX);
  }

  /// Whether the deadline has passed and something was scored, which then is what there is.
  private boolean isOver() {
    return scored > 0 && deadline.isOver();
  }

  private void scan(RoaringBitmap allowed, TopHits top) {
    var ranking = plan.ranking();
    var shortcut = new Shortcut(plan, ranking, allowed);
    boolean complete = shortcut.run(top);
    scored += shortcut.scored();
    if (complete) {
      strategy = shortcut.strategy();
      return;
    }
    var batch = ranking.batchFor(shortcut.left().getLongCardinality());
    var slots = shortcut.left().getBatchIterator();
    while (slots.hasNext() && !isOver()) {
      batch.count = slots.nextBatch(batch.slots);
      scored += batch.count;
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
  }

  /* --- page --- */

  private Results page(List<Pick> picks) {
    var hits = new ArrayList<Hit>();
    var slots = new RoaringBitmap();
    plan.warnings().addAll(late());
    int cut = Math.min(picks.size(), pageLimit());
    var last = plan.neverShown().cut();
    for (var pick : picks.subList(0, cut)) {
      if (mayShow(pick, last)) {
        first = first == null ? pick.place() : first;
        hits.add(hit(pick, plan.rankBefore() + hits.size() + 1));
        slots.add(pick.slot());
      }
    }
    var relaxed = relaxed(cut);
    plan.warnings().addAll(relaxed);
    capped().ifPresent(plan.warnings()::add);
    var next = next(picks, cut, hits);
    plan.ranking()
        .dropped()
        .forEach(
            (reason, gone) ->
                count(reason, gone - (diverse == null ? 0 : diverse.droppedFromPool(reason))));
    watch.stage("page");
    return new Results(
        hits,
        next,
        relaxed.isEmpty(),
        plan.warnings(),
        stats(slots),
        RequestHash.requestId(request, plan.at(), plan.position()));
  }

  /// Whether a pick may still be shown, when the page is cut.
  boolean mayShow(Pick pick, NeverShown.Cut last) {
    // A slot is one life of an entity, so a deleted one cannot be another one.
    boolean lives = plan.readers().items().isLive(pick.slot());
    boolean may = lives && last.allows(pick.slot());
    if (!may) {
      count(lives ? "never shown" : "deleted", 1);
    }
    return may;
  }

  /// Says that caps left something out.
  Optional<Warning> capped() {
    return diverse == null ? Optional.empty() : diverse.capped();
  }

  /// Says that the deadline has passed, if it has.
  List<Warning> late() {
    return deadline.warnings(scored);
  }

  /// What gave way among the first picks, of limits of diversity.
  List<Warning> relaxed(int picks) {
    return diverse == null ? List.of() : diverse.relaxed(picks);
  }

  /// A pick as a hit.
  Hit hit(Pick pick, int rank) {
    var ranking = plan.ranking();
    var top = pick.top();
    double score = top.score(pick.entry());
    var proposedBy =
        proposals().stream()
            // What is drawn may stand in a round that only a longer page comes to.
            .limit(pick.draw() == null ? Integer.MAX_VALUE : plan.sources().size())
            .filter(proposal -> proposal.has(pick.slot()))
            .map(Candidates.Proposal::source)
            .toList();
    return new Hit(
        EntityId.of(top.id(pick.entry())),
        rank,
        score,
        pick.draw() == null ? Hit.Slot.RANKED : Hit.Slot.EXPLORATION,
        proposedBy,
        OptionalInt.empty(),
        ranking.snapshot(top.in(), pick.entry()),
        pick.explained(ranking.explain(top.in(), pick.entry(), score), rank));
  }

  /// What sources of candidates gave; none where everything allowed was looked at.
  List<Candidates.Proposal> proposals() {
    return sources == null ? List.of() : sources.proposals();
  }

  private Optional<String> next(List<Pick> picks, int cut, List<Hit> hits) {
    // What is newer than an older page always has something behind it: that page.
    boolean goesOn = picks.size() > cut || plan.request().newerThan().isPresent();
    if (!goesOn || cut == 0) {
      return Optional.empty();
    }
    int rank = plan.rankBefore() + hits.size();
    if (plan.isRanked() && rank >= Cursor.DEPTH_MAX) {
      plan.warnings().add(new Warning("DEPTH", "returned=" + rank + " limit=" + Cursor.DEPTH_MAX));
      return Optional.empty();
    }
    var before = plan.cursor();
    var returned = new ArrayList<Long>();
    if (plan.isRanked()) {
      if (before != null) {
        returned.addAll(before.returned());
      }
      hits.forEach(hit -> returned.add(hit.id().value()));
    }
    var last = picks.get(cut - 1);
    var begin = before != null ? before.first() : first != null ? first : picks.getFirst().place();
    var cursor =
        new Cursor(
            plan.requestHash(),
            rank,
            plan.at(),
            plan.mixing().per(),
            plan.choice().experiment().map(QueryStats.InExperiment::variant).orElse(0),
            List.of(Cursor.Pin.of(plan.profile())),
            plan.normalisers().values(),
            last.place(),
            false,
            begin,
            returned);
    return Optional.of(cursor.encode(key));
  }

  private boolean isExact() {
    boolean coarse = plan.level().isAtLeast(LoadLevel.COARSE_AGGREGATES);
    return !deadline.wasOver() && (!coarse || plan.ranking().order().isKey());
  }

  /// What was done so far.
  ///
  /// @param returned the slots of hits on the page
  QueryStats stats(RoaringBitmap returned) {
    return new QueryStats(
        plan.profile().name() + "@" + plan.profile().version(),
        plan.choice().experiment(),
        Timestamp.ofNanos(plan.at()),
        plan.position(),
        plan.level(),
        strategy,
        isExact(),
        universe,
        allowedCount,
        scored,
        removed,
        (int) returned.getLongCardinality(),
        request.surface(),
        plan.cohort().map(cohort -> Timestamp.ofNanos(cohort.since())),
        proposals().stream()
            .map(
                proposal ->
                    new QueryStats.FromSource(
                        proposal.source(),
                        proposal.asked(),
                        proposal.produced(),
                        proposal.fresh(),
                        proposal.returned(returned),
                        proposal.micros()))
            .toList(),
        plan.nearness().plans().stream().map(Object::toString).toList(),
        watch.total());
  }
}
