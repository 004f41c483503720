package io.tidaldb.query;

import io.tidaldb.ranking.Floor;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.QueryAnalysis;
import io.tidaldb.schema.QueryAnalysis.Dropped;
import io.tidaldb.schema.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/// What a query would do, and what it dropped: the query's own plan and stages, looked at.
final class Explainer {

  private static final int DROPPED_MAX = 20;

  private final Plan plan;
  private final StoreKey key;

  Explainer(Plan plan, StoreKey key) {
    this.plan = plan;
    this.key = key;
  }

  /// The plan, without running it.
  QueryPlan plan() {
    var live = plan.readers().items().live();
    var sort = plan.sort();
    boolean sources = Candidates.applies(plan, live.getLongCardinality());
    var strategy = sources ? "sources" : HeadScan.applies(plan) ? "head" : "scan";
    return new QueryPlan(
        plan.request().toString(),
        plan.profile().name() + "@" + plan.profile().version(),
        plan.stamp(),
        plan.position(),
        sort.map(mode -> mode.label()).orElse("score"),
        strategy,
        sources ? plan.sources().stream().map(source -> source.label()).toList() : List.of(),
        plan.filter().leaves(live),
        live.getLongCardinality(),
        plan.warnings());
  }

  /// The plan, what running it gave, and the best of what each stage dropped.
  QueryAnalysis analyze(Plan running) {
    var told = plan();
    var results = new Execution(running, key, new Stopwatch()).run();
    var dropped = new ArrayList<Dropped>();
    var looking = new Execution(plan, key, new Stopwatch(), new TreeMap<>());
    var shown = looking.shown(plan.readers().items().live());
    var allowed = looking.fitting(shown.clone());
    shown.andNot(allowed);
    best("filter", shown, dropped);
    best("score", gated(allowed), dropped);
    behind(results.hits().size(), dropped);
    return new QueryAnalysis(told, results, dropped);
  }

  /// What gates drop of the allowed.
  private RoaringBitmap gated(RoaringBitmap allowed) {
    var gated = new RoaringBitmap();
    if (plan.profile().gates().isEmpty()) {
      return gated;
    }
    gated.or(allowed);
    var batch = plan.ranking().batch();
    var slots = allowed.getBatchIterator();
    while (slots.hasNext()) {
      batch.count = slots.nextBatch(batch.slots);
      plan.ranking().score(batch, Floor.NONE);
      for (int i = 0; i < batch.count; i++) {
        if (!batch.dropped[i]) {
          gated.remove(batch.slots[i]);
        }
      }
    }
    return gated;
  }

  private void best(String stage, RoaringBitmap slots, List<Dropped> dropped) {
    var readers = plan.readers();
    var ranking = plan.ungated();
    var rows = new TopHits.Rows(plan.request().kind(), readers.slots(), readers.items());
    var top = new TopHits(DROPPED_MAX, ranking.columns(), ranking.order(), rows, Between.ALL);
    var batch = ranking.batch();
    var batches = slots.getBatchIterator();
    while (batches.hasNext()) {
      batch.count = batches.nextBatch(batch.slots);
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
    for (int entry : top.sorted()) {
      var id = EntityId.of(top.id(entry));
      var verdict = new Fate(plan, key, id).verdict();
      dropped.add(new Dropped(stage, id, top.score(entry), verdict.facts()));
    }
  }

  /// What comes behind the page.
  private void behind(int returned, List<Dropped> dropped) {
    if (returned < plan.request().limit()) {
      return;
    }
    var more = plan.request().limit(plan.request().limit() + DROPPED_MAX);
    var results = new Execution(plan, key, new Stopwatch(), more).run();
    results.hits().stream()
        .skip(returned)
        .map(hit -> new Dropped("page", hit.id(), hit.score(), "rank=" + hit.rank()))
        .forEach(dropped::add);
  }
}
