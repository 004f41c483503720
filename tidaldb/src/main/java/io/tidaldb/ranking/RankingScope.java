package io.tidaldb.ranking;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.Optional;
import java.util.function.Supplier;

/// What one query ranks in: the state it reads, its moment, its window and its seed.
///
/// @param schema which signals and fields there are
/// @param kind what is ranked
/// @param slots gives ids
/// @param items gives fields
/// @param signals opens the query's signal reader at first use
/// @param creators what is known of creators
/// @param at the query's time, nanoseconds since 1970
/// @param seed seeds chance
/// @param window the window that the request asks for
/// @param normalisers sizes of the whole
/// @param personal whom and what it is for
/// @param conditions tells where what a profile asks holds
/// @param coarse whether counts are read all-time and velocities in 24 h, where they can be
public record RankingScope(
    Schema schema,
    EntityKind kind,
    Slots slots,
    EntityReader items,
    Supplier<SignalReader> signals,
    CreatorFacts creators,
    long at,
    long seed,
    Optional<Window> window,
    Normalisers normalisers,
    Personal personal,
    Conditions conditions,
    boolean coarse) {

  /// The same, reading every window as it is asked for: what filters do under any load.
  public RankingScope fine() {
    return new RankingScope(
        schema,
        kind,
        slots,
        items,
        signals,
        creators,
        at,
        seed,
        window,
        normalisers,
        personal,
        conditions,
        false);
  }
}
