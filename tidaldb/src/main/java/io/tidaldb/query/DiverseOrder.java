package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.query.Diversifier.Relaxed;
import io.tidaldb.query.Diversifier.Traits;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.Results.Warning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The order of a query's hits under its limits of diversity and with what exploration draws:
/// continues what the pages before delivered, and one round of candidates after the other.
final class DiverseOrder {

  private final Plan plan;
  private final Mixing mixing;
  private final Diversity rules;
  private final Optional<ExplorationPool> pool;

  /// Slots of everything that is placed, −1 for what is gone.
  private final List<Integer> placed = new ArrayList<>();

  private final Optional<CapsLeft> caps;
  private boolean capped;
  private final RoaringBitmap taken = new RoaringBitmap();

  /// What tells how alike two items are, if that counts.
  private final Optional<Alikeness> vectors;

  private final List<Relaxed> relaxed = new ArrayList<>();

  /// @param pool what exploration draws from; empty if it draws nothing on this page
  DiverseOrder(Plan plan, Optional<ExplorationPool> pool) {
    this.plan = plan;
    this.mixing = plan.mixing();
    this.rules = mixing.diversity();
    this.pool = pool;
    this.caps = plan.caps();
    this.vectors = rules.mmr().isPresent() ? plan.nearness().alikeness() : Optional.empty();
    if (rules.mmr().isPresent() && vectors.isEmpty()) {
      plan.warnings().add(new Warning("MMR_WITHOUT_VECTORS", "slot=" + EmbeddingSlot.CONTENT));
    }
    var cursor = plan.cursor();
    if (cursor != null) {
      for (long id : cursor.returned()) {
        add(plan.readers().slots().slot(plan.request().kind(), id));
      }
    }
  }

  private void add(int slot) {
    placed.add(slot);
    if (slot >= 0) {
      taken.add(slot);
    }
  }

  /// Places up to `wanted` of a round of candidates, which come in the order of scores; those that
  /// are placed already are passed over.
  List<Pick> place(List<Pick> candidates, int wanted) {
    var round = candidates.stream().filter(pick -> !taken.contains(pick.slot())).toList();
    int before = placed.size();
    int count = before + round.size();
    var all = new ArrayList<>(placed);
    round.forEach(pick -> all.add(pick.slot()));
    Map<Integer, Pick> drawable = drawable(round, all);
    int[] slots = all.stream().mapToInt(Integer::intValue).toArray();
    var creators = Creators.of(plan.readers().items(), slots, isPerCreator());
    var diversifier = new Diversifier(rules, mixing.per(), traits(slots, creators.numbers()));
    caps.ifPresent(left -> diversifier.cap(left.total(), creators.allowed(left)));
    vectors.ifPresent(
        known ->
            diversifier.choosing(
                new Marginal(
                    rules.mmr().orElseThrow(),
                    ranks(candidates, slots),
                    candidates.size(),
                    (candidate, other) -> known.cosine(slots[candidate], slots[other]))));
    for (int i = 0; i < before; i++) {
      diversifier.placed(i);
    }
    int[] draws = drawable.keySet().stream().mapToInt(Integer::intValue).toArray();
    diversifier.draw(draws, mixing::isDraw);
    var picks = new ArrayList<Pick>();
    for (int candidate : diversifier.place(before, count, wanted)) {
      picks.add(
          diversifier.isDrawn(candidate)
              ? Objects.requireNonNull(drawable.get(candidate))
              : ranked(round.get(candidate - before), candidate, diversifier));
      add(slots[candidate]);
    }
    relaxed.addAll(diversifier.relaxed());
    capped |= diversifier.isCapped();
    return picks;
  }

  private boolean isPerCreator() {
    return rules.maxPerCreator().isPresent()
        || rules.minGap().isPresent()
        || caps.filter(CapsLeft::isPerCreator).isPresent();
  }

  /// Whether caps let nothing more be placed, and left something out.
  boolean isFull() {
    return capped && placed.size() >= caps.map(CapsLeft::total).orElse(Integer.MAX_VALUE);
  }

  /// Says that caps left something out.
  Optional<Warning> capped() {
    return capped ? caps.map(left -> new Warning("CAPPED", left.facts())) : Optional.empty();
  }

  private Pick ranked(Pick pick, int candidate, Diversifier diversifier) {
    var limit = diversifier.waitedFor(candidate);
    return limit == null && vectors.isEmpty()
        ? pick
        : pick.moved(candidate + 1, limit == null ? "mmr" : limit.label());
  }

  /// The rank by score of each candidate, the last one's for what is in no line.
  private static int[] ranks(List<Pick> candidates, int[] slots) {
    var rankOf = new HashMap<Integer, Integer>();
    for (var pick : candidates) {
      rankOf.put(pick.slot(), rankOf.size());
    }
    return Arrays.stream(slots).map(slot -> rankOf.getOrDefault(slot, rankOf.size() - 1)).toArray();
  }

  /// What may be drawn, by candidate, in the order of the draw: candidates of the round, or new
  /// ones behind them.
  private Map<Integer, Pick> drawable(List<Pick> round, List<Integer> all) {
    Map<Integer, Pick> drawable = new LinkedHashMap<>();
    if (pool.isEmpty()) {
      return drawable;
    }
    Map<Integer, Integer> known = new HashMap<>();
    for (var pick : round) {
      known.put(pick.slot(), placed.size() + known.size());
    }
    for (var pick : pool.get().order()) {
      if (taken.contains(pick.slot())) {
        continue;
      }
      var candidate = known.get(pick.slot());
      if (candidate == null) {
        candidate = all.size();
        all.add(pick.slot());
      }
      drawable.put(candidate, pick);
    }
    return drawable;
  }

  /// How many candidates a gate dropped only from what exploration draws from.
  long droppedFromPool(String reason) {
    return pool.map(members -> members.dropped(reason)).orElse(0L);
  }

  /// What gave way on the first so many positions of this page.
  List<Warning> relaxed(int hits) {
    int last = plan.rankBefore() + hits;
    return relaxed.stream()
        .filter(given -> given.position() <= last)
        .map(DiverseOrder::warning)
        .toList();
  }

  private static Warning warning(Relaxed given) {
    return new Warning(
        "DIVERSITY_RELAXED",
        "constraint="
            + given.limit().label()
            + " from="
            + given.from()
            + " to="
            + given.to()
            + " position="
            + given.position());
  }

  /* --- what candidates are told apart by --- */

  private Traits traits(int[] slots, Numbers creator) {
    var items = plan.readers().items();
    boolean categories = rules.topicDiversity().isPresent() || rules.categoryMin().isPresent();
    var format =
        rules.formatMix().isPresent()
            ? keywords(items, "format", slots)
            : Numbers.alone(slots.length);
    var category = categories ? keywords(items, "category", slots) : Numbers.alone(slots.length);
    return new Traits(creator, format, category);
  }

  /// The creators of candidates.
  ///
  /// @param numbers by candidate; what has none has a number of its own
  /// @param ids where present
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Creators(Numbers numbers, long[] ids, boolean[] present) {

    static Creators of(EntityReader items, int[] slots, boolean asked) {
      long[] ids = new long[slots.length];
      boolean[] present = new boolean[slots.length];
      if (!asked) {
        return new Creators(Numbers.alone(slots.length), ids, present);
      }
      int[] known = slots.clone();
      for (int i = 0; i < slots.length; i++) {
        known[i] = Math.max(0, slots[i]);
      }
      items.references("creator", known, slots.length, ids, present);
      for (int i = 0; i < slots.length; i++) {
        present[i] &= slots[i] >= 0;
      }
      return new Creators(Numbers.dense(ids, present), ids, present);
    }

    /// How many of each may be placed, by number; null for any.
    int @Nullable [] allowed(CapsLeft left) {
      if (!left.isPerCreator()) {
        return null;
      }
      int[] allowed = new int[numbers.count()];
      Arrays.fill(allowed, Integer.MAX_VALUE);
      for (int i = 0; i < ids.length; i++) {
        if (present[i]) {
          allowed[numbers.of()[i]] = left.of(ids[i]);
        }
      }
      return allowed;
    }
  }

  private static Numbers keywords(EntityReader items, String field, int[] slots) {
    int[] numbers = new int[slots.length];
    items.keywordNumbers(field, slots, slots.length, numbers);
    long[] values = new long[slots.length];
    boolean[] present = new boolean[slots.length];
    for (int i = 0; i < slots.length; i++) {
      values[i] = numbers[i];
      present[i] = numbers[i] >= 0;
    }
    return Numbers.dense(values, present);
  }
}
