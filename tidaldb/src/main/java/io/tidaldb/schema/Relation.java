package io.tidaldb.schema;

/// How a user stands to another account or to an item.
///
/// @param user who stands in it
/// @param type how
/// @param target to whom or what
/// @param weight its strength; of an affinity, the value now
/// @param since when it began
/// @param changed when it was last set, or raised or lowered
public record Relation(
    EntityId user,
    RelationType type,
    Target target,
    double weight,
    Timestamp since,
    Timestamp changed) {}
