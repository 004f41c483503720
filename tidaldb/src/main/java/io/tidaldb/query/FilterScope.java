package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.ranking.RankingScope;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Schema;
import io.tidaldb.slot.Slots;
import java.util.List;
import java.util.function.Supplier;

/// What one query filters in.
///
/// @param ranking the state, the moment and the sizes of the whole, which rates are made of
/// @param people whom the query is for and what it may read of them
/// @param warnings takes what the caller should know
record FilterScope(RankingScope ranking, People people, List<Warning> warnings) {

  /// Which signals and fields there are.
  Schema schema() {
    return ranking.schema();
  }

  /// What is filtered.
  EntityKind kind() {
    return ranking.kind();
  }

  /// Finds ids.
  Slots slots() {
    return ranking.slots();
  }

  /// Gives bitmaps.
  EntityReader items() {
    return ranking.items();
  }

  /// Opens the query's signal reader at first use.
  Supplier<SignalReader> signals() {
    return ranking.signals();
  }

  /// The query's time, nanoseconds since 1970.
  long at() {
    return ranking.at();
  }

  /// The same query, with creators as what is filtered.
  FilterScope ofCreators() {
    var creators =
        new RankingScope(
            ranking.schema(),
            EntityKind.CREATOR,
            ranking.slots(),
            ranking.creators().fields(),
            ranking.signals(),
            ranking.creators(),
            ranking.at(),
            ranking.seed(),
            ranking.window(),
            ranking.normalisers(),
            ranking.personal(),
            ranking.conditions(),
            false);
    return new FilterScope(creators, people, warnings);
  }
}
