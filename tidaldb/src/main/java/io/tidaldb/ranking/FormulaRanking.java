package io.tidaldb.ranking;

import io.tidaldb.schema.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A sort mode: one formula, or one key of the entity.
final class FormulaRanking implements Ranking {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Binder binder;
  private final String name;
  private final Order order;
  private final Formula formula;
  private final Formula.Words words;
  private final Optional<Keep> keep;
  private final Pruning pruning;
  private final Optional<WindowSum> windowSum;
  private final Gates gates;
  private long dropped;

  FormulaRanking(Binder binder, String name, Order order, Key key, Gates gates) {
    this.binder = binder;
    this.name = name;
    this.order = order;
    this.formula = key.formula;
    this.words = key.words;
    this.keep = key.keep;
    this.windowSum = key.windowSum;
    this.pruning = new Pruning(binder);
    key.bounds.forEach(pruning::add);
    this.gates = gates;
  }

  /// What a sort mode computes.
  ///
  /// @param formula the number that orders; not a number where it is absent
  /// @param words its inputs
  /// @param keep which candidates stay; empty for all
  /// @param bounds steps from above towards the number, the cheap ones first
  /// @param windowSum counts that bound the number; empty if there are none
  record Key(
      Formula formula,
      Formula.Words words,
      Optional<Keep> keep,
      List<Bound> bounds,
      Optional<WindowSum> windowSum) {

    static Key of(Formula formula, Formula.Words words, Bound... bounds) {
      return new Key(formula, words, Optional.empty(), List.of(bounds), Optional.empty());
    }

    Key keeping(int column, Formula condition) {
      return new Key(formula, words, Optional.of(new Keep(column, condition)), bounds, windowSum);
    }

    Key within(Optional<WindowSum> sum) {
      return new Key(formula, words, keep, bounds, sum);
    }

    /// The order needs no number.
    static Key none() {
      return of((in, i) -> 0, (in, i) -> "");
    }
  }

  /// Only candidates where the condition is above 0 stay.
  ///
  /// @param column what the condition reads
  record Keep(int column, Formula condition) {}

  @Override
  public Order order() {
    return order;
  }

  @Override
  public Batch batch(int capacity) {
    return new Batch(columns(), capacity);
  }

  @Override
  public int columns() {
    return binder.inputs().size();
  }

  @Override
  public void score(Batch batch, Floor floor) {
    batch.begin();
    if (floor.isSet()) {
      prune(batch, floor);
    }
    binder.inputs().gather(binder.scope(), batch);
    Arrays.fill(batch.dropped, 0, batch.count, false);
    keep.ifPresent(condition -> drop(condition, batch));
    gates.apply(batch);
    switch (order) {
      case SCORE, NUMBER_ASCENDING, NUMBER_DESCENDING -> numbers(batch);
      case CREATED_ASCENDING, CREATED_DESCENDING -> times(batch);
      case SAVED_DESCENDING -> saves(batch);
      case TITLE_ASCENDING, TITLE_DESCENDING -> titles(batch);
    }
  }

  private void prune(Batch batch, Floor floor) {
    keep.ifPresent(
        k -> {
          binder.inputs().fill(k.column, binder.scope(), batch);
          Arrays.fill(batch.dropped, 0, batch.count, false);
          drop(k, batch);
          batch.removeDropped();
        });
    gates.sift(binder, batch);
    switch (order) {
      case SCORE -> pruning.prune(batch, floor);
      case CREATED_ASCENDING -> keepCreated(batch, Long.MIN_VALUE, -floor.key());
      case CREATED_DESCENDING -> keepCreated(batch, floor.key(), Long.MAX_VALUE);
      case SAVED_DESCENDING,
          NUMBER_ASCENDING,
          NUMBER_DESCENDING,
          TITLE_ASCENDING,
          TITLE_DESCENDING -> {}
    }
  }

  private void keepCreated(Batch batch, long from, long to) {
    binder.inputs().created(binder.scope(), batch);
    int kept = 0;
    for (int i = 0; i < batch.count; i++) {
      long created = batch.created[i];
      if (created >= from && created <= to) {
        batch.slots[kept++] = batch.slots[i];
      }
    }
    batch.shrink(kept);
  }

  private void drop(Keep condition, Batch batch) {
    for (int i = 0; i < batch.count; i++) {
      batch.dropped[i] = !(condition.condition.at(batch.in, i) > 0);
      if (batch.dropped[i]) {
        dropped++;
      }
    }
  }

  private void numbers(Batch batch) {
    boolean ascending = order == Order.NUMBER_ASCENDING;
    for (int i = 0; i < batch.count; i++) {
      double x = formula.at(batch.in, i);
      boolean absent = Double.isNaN(x);
      batch.scores[i] = absent ? 0 : x + 0.0;
      batch.keys[i] = absent ? Order.ABSENT : Order.sortable(ascending ? -x : x);
    }
  }

  private void times(Batch batch) {
    boolean ascending = order == Order.CREATED_ASCENDING;
    for (int i = 0; i < batch.count; i++) {
      batch.scores[i] = batch.created[i] / NANOS_PER_SECOND;
      batch.keys[i] = ascending ? -batch.created[i] : batch.created[i];
    }
  }

  private void saves(Batch batch) {
    var habits = binder.scope().personal().habits().orElseThrow();
    for (int i = 0; i < batch.count; i++) {
      batch.keys[i] = habits.savedAt(batch.slots[i]);
      batch.scores[i] = batch.dropped[i] ? 0 : batch.keys[i] / NANOS_PER_SECOND;
    }
  }

  private void titles(Batch batch) {
    binder.scope().items().titlePrefixes(batch.slots, batch.count, batch.keys);
    boolean ascending = order == Order.TITLE_ASCENDING;
    for (int i = 0; i < batch.count; i++) {
      batch.scores[i] = 0;
      long prefix = batch.keys[i];
      // The prefix is unsigned, keys are signed: the sign bit turns.
      long key = prefix ^ Long.MIN_VALUE;
      batch.keys[i] = prefix == 0 ? Order.ABSENT : ascending ? ~key : key;
    }
  }

  @Override
  public Map<String, Long> dropped() {
    var counts = gates.dropped();
    if (dropped > 0) {
      counts.put("sort " + name, dropped);
    }
    return counts;
  }

  @Override
  public Part explain(double[][] in, int i, double score) {
    return Part.leaf(name, score, words.at(in, i));
  }

  @Override
  public Map<String, Double> snapshot(double[][] in, int i) {
    return binder.inputs().snapshot(in, i);
  }

  @Override
  public OptionalInt head() {
    return OptionalInt.empty();
  }

  @Override
  public Optional<WindowSum> windowSum() {
    return gates.isEmpty() && keep.isEmpty() ? windowSum : Optional.empty();
  }

  @Override
  public boolean isByCreation() {
    return order == Order.CREATED_DESCENDING && gates.isEmpty() && keep.isEmpty();
  }
}
