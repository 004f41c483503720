package io.tidaldb.schema;

/// An item that a user liked or saved.
///
/// @param item which
/// @param at when
public record MarkedItem(EntityId item, Timestamp at) {}
