package io.tidaldb.schema;

import java.util.Optional;

/// Refusals of one reason within one second of a session.
///
/// @param at time of the last
/// @param reason which rule refused
/// @param count how many
/// @param signal name of the last one's signal; empty if it was none
/// @param entity the item of the last one; empty if it was none
public record SessionRefusal(
    Timestamp at,
    RefusalReason reason,
    long count,
    Optional<String> signal,
    Optional<EntityId> entity) {}
