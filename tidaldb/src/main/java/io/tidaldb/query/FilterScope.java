package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Schema;
import io.tidaldb.slot.Slots;
import java.util.List;
import java.util.function.Supplier;

/// What one query filters in.
///
/// @param schema which signals and fields there are
/// @param kind what is filtered
/// @param slots finds ids
/// @param items gives bitmaps
/// @param signals opens the query's signal reader at first use
/// @param people whom the query is for and what it may read of them
/// @param at the query's time, nanoseconds since 1970
/// @param warnings takes what the caller should know
record FilterScope(
    Schema schema,
    EntityKind kind,
    Slots slots,
    EntityReader items,
    Supplier<SignalReader> signals,
    People people,
    long at,
    List<Warning> warnings) {}
