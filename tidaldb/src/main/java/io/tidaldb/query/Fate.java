package io.tidaldb.query;

import io.tidaldb.ranking.Floor;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.ItemVerdict.Verdict;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.Results;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/// What becomes of one item in a query: the query's own stages, asked about that item alone, and
/// then the query itself.
final class Fate {

  private final Plan plan;
  private final StoreKey key;
  private final EntityId item;
  private final int slot;

  Fate(Plan plan, StoreKey key, EntityId item) {
    this.plan = plan;
    this.key = key;
    this.item = item;
    this.slot = plan.readers().slots().slot(plan.request().kind(), item.value());
  }

  ItemVerdict verdict() {
    if (slot < 0 || !plan.readers().items().isLive(slot)) {
      return new ItemVerdict(item, Verdict.UNKNOWN_ITEM, "", Optional.empty());
    }
    var removed = new TreeMap<String, Long>();
    var alone = new Execution(plan, key, new Stopwatch(), removed);
    if (alone.allowed(RoaringBitmap.bitmapOf(slot)).isEmpty()) {
      return refused(removed);
    }
    if (plan.cursor() != null && plan.cursor().returned().contains(item.value())) {
      return verdict(Verdict.EXCLUDED, "reason=an earlier page");
    }
    var gate = gate();
    return gate.isPresent() ? verdict(Verdict.GATED, "gate=" + gate.get()) : placed();
  }

  private ItemVerdict verdict(Verdict verdict, String facts) {
    return new ItemVerdict(item, verdict, facts, Optional.of(score(plan.ungated())));
  }

  /// Why the item is not in the allowed set, by what that set counted.
  private ItemVerdict refused(Map<String, Long> removed) {
    var reason = removed.isEmpty() ? "out of scope" : removed.keySet().iterator().next();
    return switch (reason) {
      case "unavailable" -> verdict(Verdict.UNAVAILABLE, "at=" + plan.stamp());
      case "hidden" -> verdict(Verdict.HIDDEN, "");
      case "blocked" -> verdict(Verdict.BLOCKED, "");
      case "muted" -> verdict(Verdict.MUTED, "");
      case "not_interested", "rejected", "seen in session" ->
          verdict(Verdict.HIDDEN, "reason=" + reason);
      case "excluded" ->
          verdict(
              Verdict.EXCLUDED,
              plan.request().seeds().contains(item) ? "reason=seed" : "reason=exclude");
      default ->
          verdict(
              Verdict.FILTERED,
              "leaf=" + (reason.startsWith("filter ") ? reason.substring(7) : reason));
    };
  }

  /// The gate that drops the item.
  private Optional<String> gate() {
    var before = new TreeMap<>(plan.ranking().dropped());
    var batch = plan.ranking().batch();
    batch.slots[0] = slot;
    batch.count = 1;
    plan.ranking().score(batch, Floor.NONE);
    if (batch.count == 1 && !batch.dropped[0]) {
      return Optional.empty();
    }
    return Optional.of(
        plan.ranking().dropped().entrySet().stream()
            .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0L))
            .map(entry -> entry.getKey().replaceFirst("^gate ", ""))
            .findFirst()
            .orElse(plan.profile().name()));
  }

  /// What the item is or would be ranked by.
  private Part score(Ranking ranking) {
    var batch = ranking.batch();
    batch.slots[0] = slot;
    batch.count = 1;
    ranking.score(batch, Floor.NONE);
    if (batch.count == 0) {
      return Part.leaf(plan.profile().name(), 0, "no place in this order");
    }
    return ranking.explain(batch.in, 0, batch.scores[0]);
  }

  /// An item that may be shown: on the page, behind it, or proposed by nobody.
  private ItemVerdict placed() {
    var execution = new Execution(plan, key, new Stopwatch());
    Results page = execution.run();
    for (var hit : page.hits()) {
      if (hit.id().equals(item)) {
        return new ItemVerdict(
            item, Verdict.RETURNED, "rank=" + hit.rank(), Optional.of(hit.explanation()));
      }
    }
    var proposals = execution.proposals();
    if (!proposals.isEmpty() && proposals.stream().noneMatch(proposal -> proposal.has(slot))) {
      return verdict(
          Verdict.NOT_PROPOSED,
          "sources=" + String.join(", ", proposals.stream().map(p -> p.source()).toList()));
    }
    return plan.mixing().isNone()
        ? verdict(Verdict.BELOW_LIMIT, "rank=" + execution.rank(slot))
        : waiting();
  }

  /// An item behind a page whose order is not that of scores alone: where it would come, and
  /// whether a limit of diversity moved it there from the page.
  private ItemVerdict waiting() {
    var deep = plan.request().limit(Cursor.DEPTH_MAX);
    var order = new Execution(plan, key, new Stopwatch(), deep).order();
    for (int i = 0; i < order.size(); i++) {
      var pick = order.get(i);
      if (pick.slot() != slot) {
        continue;
      }
      var rank = "rank=" + (plan.rankBefore() + i + 1);
      var rule = pick.by();
      if (rule == null || pick.from() > plan.rankBefore() + plan.request().limit()) {
        return verdict(Verdict.BELOW_LIMIT, rank);
      }
      return verdict(Verdict.MOVED, "constraint=" + rule + " from=" + pick.from() + " " + rank);
    }
    return plan.caps().isPresent() && plan.rankBefore() + order.size() < Cursor.DEPTH_MAX
        ? verdict(Verdict.CAPPED, plan.caps().get().facts())
        : verdict(Verdict.BELOW_LIMIT, "rank>" + Cursor.DEPTH_MAX);
  }
}
