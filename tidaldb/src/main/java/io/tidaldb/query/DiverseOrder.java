package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.query.Diversifier.Relaxed;
import io.tidaldb.query.Diversifier.Traits;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.Results.Warning;
import java.util.ArrayList;
import java.util.List;

/// The order of a query's hits under its limits of diversity: continues what the pages before
/// delivered, and one round of candidates after the other.
final class DiverseOrder {

  private final Plan plan;
  private final Diversity rules;
  private final int per;

  /// Slots of everything that is placed, −1 for what is gone.
  private final List<Integer> placed = new ArrayList<>();

  private final List<Relaxed> relaxed = new ArrayList<>();

  DiverseOrder(Plan plan) {
    this.plan = plan;
    this.rules = plan.diversity();
    this.per = plan.per();
    var cursor = plan.cursor();
    if (cursor != null) {
      for (long id : cursor.returned()) {
        placed.add(plan.readers().slots().slot(plan.request().kind(), id));
      }
    }
  }

  /// Places up to `wanted` of a round of candidates, which come in the order of scores.
  List<Pick> place(List<Pick> round, int wanted) {
    int before = placed.size();
    int count = before + round.size();
    int[] slots = new int[count];
    for (int i = 0; i < count; i++) {
      slots[i] = i < before ? placed.get(i) : round.get(i - before).slot();
    }
    var diversifier = new Diversifier(rules, per, traits(slots));
    for (int i = 0; i < before; i++) {
      diversifier.placed(i);
    }
    var picks = new ArrayList<Pick>();
    for (int candidate : diversifier.place(before, count, wanted)) {
      var pick = round.get(candidate - before);
      var limit = diversifier.waitedFor(candidate);
      picks.add(limit == null ? pick : pick.waited(candidate + 1, limit));
      placed.add(pick.slot());
    }
    relaxed.addAll(diversifier.relaxed());
    return picks;
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

  private Traits traits(int[] slots) {
    var items = plan.readers().items();
    boolean creators = rules.maxPerCreator().isPresent() || rules.minGap().isPresent();
    boolean categories = rules.topicDiversity().isPresent() || rules.categoryMin().isPresent();
    var creator = creators ? creators(items, slots) : Numbers.alone(slots.length);
    var format =
        rules.formatMix().isPresent()
            ? keywords(items, "format", slots)
            : Numbers.alone(slots.length);
    var category = categories ? keywords(items, "category", slots) : Numbers.alone(slots.length);
    return new Traits(creator, format, category);
  }

  private static Numbers creators(EntityReader items, int[] slots) {
    int[] known = slots.clone();
    boolean[] gone = new boolean[slots.length];
    for (int i = 0; i < slots.length; i++) {
      gone[i] = slots[i] < 0;
      known[i] = Math.max(0, slots[i]);
    }
    long[] creator = new long[slots.length];
    boolean[] present = new boolean[slots.length];
    items.references("creator", known, slots.length, creator, present);
    for (int i = 0; i < slots.length; i++) {
      present[i] &= !gone[i];
    }
    return Numbers.dense(creator, present);
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
