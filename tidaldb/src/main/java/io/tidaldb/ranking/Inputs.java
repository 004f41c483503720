package io.tidaldb.ranking;

import io.tidaldb.schema.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/// The distinct inputs of a ranking, in the order in which its formula first needs them: what is
/// read twice is gathered once.
final class Inputs {

  /// The column of an input that does not exist; read as 0 by [#value].
  static final int NONE = -1;

  private final List<Input> inputs = new ArrayList<>();

  /// The column of this input, added if it is new.
  int column(Input input) {
    int index = inputs.indexOf(input);
    if (index >= 0) {
      return index;
    }
    inputs.add(input);
    return inputs.size() - 1;
  }

  int size() {
    return inputs.size();
  }

  Input input(int column) {
    return inputs.get(column);
  }

  /// A column's value, 0 for [#NONE].
  static double value(double[][] in, int column, int i) {
    return column == NONE ? 0 : in[column][i];
  }

  /// Fills a batch's creation times and columns for its slots, where they are not filled.
  void gather(RankingScope scope, Batch batch) {
    created(scope, batch);
    for (int c = 0; c < inputs.size(); c++) {
      fill(c, scope, batch);
    }
  }

  /// Fills one column, if it is not filled; nothing for [#NONE].
  void fill(int column, RankingScope scope, Batch batch) {
    if (column != NONE && batch.claim(column)) {
      var input = inputs.get(column);
      if (input instanceof Input.Age) {
        created(scope, batch);
      }
      gather(input, scope, batch, batch.in[column]);
    }
  }

  /// Fills the creation times, if they are not filled.
  void created(RankingScope scope, Batch batch) {
    if (batch.claimCreated()) {
      scope.items().created(batch.slots, batch.count, batch.created);
    }
  }

  private static void gather(Input input, RankingScope scope, Batch batch, double[] out) {
    int count = batch.count;
    switch (input) {
      case Input.Decayed d -> scope.signals().get().decayScores(d.type(), batch.slots, count, out);
      case Input.Velocity v ->
          scope.signals().get().velocities(v.type(), v.window(), batch.slots, count, out);
      case Input.WeightSum w -> scope.signals().get().weightSums(w.type(), batch.slots, count, out);
      case Input.Count n -> {
        scope.signals().get().windowedCounts(n.type(), n.window(), batch.slots, count, batch.longs);
        for (int i = 0; i < count; i++) {
          out[i] = (double) batch.longs[i];
        }
      }
      case Input.Age() -> {
        for (int i = 0; i < count; i++) {
          out[i] = (double) Math.max(0, scope.at() - batch.created[i]);
        }
      }
      case Input.FieldNumber f -> scope.items().numbers(f.field(), batch.slots, count, out);
      case Input.Together() -> each(scope.personal().together(), batch, out);
      case Input.Recent() -> each(scope.personal().recentMatch(), batch, out);
      case Input.Preferred() -> each(scope.personal().preferenceMatch(), batch, out);
      case Input.Similar() -> each(scope.personal().similarity(), batch, out);
      case Input.Affinity() -> affinities(scope, batch, out);
      case Input.Holds holds -> holds.condition().test(batch.slots, count, out);
      case Input.Followed() -> followed(scope, batch, out);
      case Input.CreatorNumber(String field) -> creatorNumbers(field, scope, batch, out);
      case Input.Saved() ->
          each(habits(scope).map(h -> slot -> h.savedAt(slot) == Habits.NEVER ? 0 : 1), batch, out);
      case Input.Interest() ->
          each(habits(scope).map(h -> slot -> h.isInteresting(slot) ? 1 : 0), batch, out);
      case Input.Ignored() -> each(habits(scope).map(h -> h::ignored), batch, out);
      case Input.Proof() ->
          each(habits(scope).map(h -> h.network().members()::applyAsInt), batch, out);
      case Input.Chance r -> {
        for (int i = 0; i < count; i++) {
          out[i] = Mix.unit(r.seed(), scope.slots().id(scope.kind(), batch.slots[i]));
        }
      }
    }
  }

  private static void each(Optional<IntToDoubleFunction> bySlot, Batch batch, double[] out) {
    var function = bySlot.orElseThrow();
    for (int i = 0; i < batch.count; i++) {
      out[i] = function.applyAsDouble(batch.slots[i]);
    }
  }

  private static Optional<Habits> habits(RankingScope scope) {
    return scope.personal().habits();
  }

  private static void followed(RankingScope scope, Batch batch, double[] out) {
    var habits = habits(scope).orElseThrow();
    scope.items().references("creator_id", batch.slots, batch.count, batch.longs, batch.present);
    for (int i = 0; i < batch.count; i++) {
      out[i] = batch.present[i] && habits.follows(batch.longs[i]) ? 1 : 0;
    }
  }

  private static void creatorNumbers(String field, RankingScope scope, Batch batch, double[] out) {
    scope.items().references("creator_id", batch.slots, batch.count, batch.longs, batch.present);
    if (field.equals(CreatorFacts.FOLLOWERS)) {
      for (int i = 0; i < batch.count; i++) {
        out[i] =
            batch.present[i] ? (double) scope.creators().followers(batch.longs[i]) : Double.NaN;
      }
      return;
    }
    int known = 0;
    for (int i = 0; i < batch.count; i++) {
      int slot = batch.present[i] ? scope.slots().slot(EntityKind.CREATOR, batch.longs[i]) : -1;
      batch.present[i] = slot >= 0;
      if (slot >= 0) {
        batch.ints[known++] = slot;
      }
    }
    // The numbers stand close together at the begin; each moves back to its candidate.
    scope.creators().fields().numbers(field, batch.ints, known, out);
    for (int i = batch.count - 1; i >= 0; i--) {
      out[i] = batch.present[i] ? out[--known] : Double.NaN;
    }
  }

  private static void affinities(RankingScope scope, Batch batch, double[] out) {
    var affinity = scope.personal().affinity().orElseThrow();
    scope.items().references("creator_id", batch.slots, batch.count, batch.longs, batch.present);
    for (int i = 0; i < batch.count; i++) {
      out[i] = batch.present[i] ? affinity.applyAsDouble(batch.longs[i]) : 0;
    }
  }

  /// The raw signal values of one candidate, by name.
  Map<String, Double> snapshot(double[][] in, int i) {
    var values = new TreeMap<String, Double>();
    for (int c = 0; c < inputs.size(); c++) {
      if (inputs.get(c).isSignal()) {
        values.put(inputs.get(c).label(), in[c][i]);
      }
    }
    return values;
  }
}
