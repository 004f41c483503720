package io.tidaldb.schema;

/// An entity that was written.
///
/// @param kind what it is
/// @param id its identity within the kind
/// @param metadata its values
/// @param created `created_at`, else when the first write was received
/// @param firstPosition the log position of its first write
/// @param lastPosition the log position of its last write
public record Entity(
    EntityKind kind,
    EntityId id,
    Metadata metadata,
    Timestamp created,
    long firstPosition,
    long lastPosition) {}
