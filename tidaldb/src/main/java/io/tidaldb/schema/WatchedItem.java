package io.tidaldb.schema;

/// An item that a user viewed, or completed in part.
///
/// @param item which
/// @param at when last
/// @param fraction the part that the newest completion reached; 0 without one
public record WatchedItem(EntityId item, Timestamp at, double fraction) {}
