package io.tidaldb.query;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/// The stages of one query after its plan: filter ▸ candidates ▸ score ▸ page.
final class Execution {

  private final Plan plan;
  private final StoreKey key;
  private final Stopwatch watch;
  private final Map<String, Long> removed = new TreeMap<>();
  private long universe;
  private long allowedCount;
  private long scored;
  private String strategy = "scan";

  Execution(Plan plan, StoreKey key, Stopwatch watch) {
    this.plan = plan;
    this.key = key;
    this.watch = watch;
  }

  Results run() {
    var allowed = allowed();
    watch.stage("filter");
    var top = candidates(allowed);
    return page(top);
  }

  /* --- filter --- */

  /// Live, available, fitting the filter, not excluded, not returned before.
  private RoaringBitmap allowed() {
    var items = plan.readers().items();
    var set = items.live();
    universe = set.getLongCardinality();
    set.and(items.available(plan.at()));
    count("unavailable", universe - set.getLongCardinality());
    var fitting = plan.filter().select(set, removed);
    long before = fitting.getLongCardinality();
    for (var id : plan.request().exclude()) {
      remove(fitting, id.value());
    }
    allowedCount = fitting.getLongCardinality();
    count("excluded", before - allowedCount);
    strategy = allowedCount == universe ? "scan" : "bitmap";
    var cursor = plan.cursor();
    if (cursor != null) {
      cursor.returned().forEach(id -> remove(fitting, id));
    }
    return fitting;
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

  /// One more than the page, to know whether there is a next one.
  private TopHits heap() {
    var readers = plan.readers();
    var rows = new TopHits.Rows(plan.request().kind(), readers.slots(), readers.items());
    return new TopHits(
        pageLimit() + 1, plan.ranking().columns(), plan.ranking().order(), rows, plan.after());
  }

  private int pageLimit() {
    int limit = plan.request().limit();
    return isRanked() ? Math.min(limit, Cursor.DEPTH_MAX - plan.rankBefore()) : limit;
  }

  private boolean isRanked() {
    return !plan.ranking().order().isKey();
  }

  private TopHits candidates(RoaringBitmap allowed) {
    if (HeadScan.applies(plan)) {
      var head = new HeadScan(plan, allowed, this::heap);
      boolean complete = head.run();
      scored += head.scored();
      watch.stage("candidates");
      if (complete) {
        strategy = head.strategy();
        return head.top();
      }
    }
    var top = heap();
    scan(allowed, top);
    watch.stage("score");
    return top;
  }

  private void scan(RoaringBitmap allowed, TopHits top) {
    var ranking = plan.ranking();
    var batch = ranking.batch();
    var slots = allowed.getBatchIterator();
    while (slots.hasNext()) {
      batch.count = slots.nextBatch(batch.slots);
      scored += batch.count;
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
  }

  /* --- page --- */

  private Results page(TopHits top) {
    int[] entries = top.sorted();
    int limit = pageLimit();
    var hits = new ArrayList<Hit>();
    int cut = Math.min(entries.length, limit);
    for (int e = 0; e < cut; e++) {
      // Deleted since the filter ran: the slot means that life of the entity for ever, so it cannot
      // be another one.
      if (plan.readers().items().isLive(top.slot(entries[e]))) {
        hits.add(hit(top, entries[e], plan.rankBefore() + hits.size() + 1));
      } else {
        count("deleted", 1);
      }
    }
    var next = next(top, entries, cut, hits);
    plan.ranking().dropped().forEach((reason, gone) -> removed.merge(reason, gone, Long::sum));
    watch.stage("page");
    var request = plan.request();
    return new Results(
        hits,
        next,
        plan.warnings(),
        stats(hits.size()),
        RequestHash.requestId(request, plan.at(), plan.position()));
  }

  private Hit hit(TopHits top, int entry, int rank) {
    var ranking = plan.ranking();
    double score = top.score(entry);
    return new Hit(
        EntityId.of(top.id(entry)),
        rank,
        score,
        ranking.snapshot(top.in(), entry),
        ranking.explain(top.in(), entry, score));
  }

  private Optional<String> next(TopHits top, int[] entries, int cut, List<Hit> hits) {
    if (entries.length <= cut || cut == 0) {
      return Optional.empty();
    }
    int rank = plan.rankBefore() + hits.size();
    if (isRanked() && rank >= Cursor.DEPTH_MAX) {
      plan.warnings().add(new Warning("DEPTH", "returned=" + rank + " limit=" + Cursor.DEPTH_MAX));
      return Optional.empty();
    }
    var returned = new ArrayList<Long>();
    if (isRanked()) {
      var cursor = plan.cursor();
      if (cursor != null) {
        returned.addAll(cursor.returned());
      }
      hits.forEach(hit -> returned.add(hit.id().value()));
    }
    var cursor =
        new Cursor(
            plan.requestHash(),
            rank,
            plan.at(),
            plan.profile().name(),
            plan.profile().version(),
            plan.normalisers().values(),
            top.place(entries[cut - 1]),
            false,
            returned);
    return Optional.of(cursor.encode(key));
  }

  private QueryStats stats(int returned) {
    return new QueryStats(
        plan.profile().name() + "@" + plan.profile().version(),
        Timestamp.ofNanos(plan.at()),
        plan.position(),
        strategy,
        true,
        universe,
        allowedCount,
        scored,
        removed,
        returned,
        watch.total());
  }
}
