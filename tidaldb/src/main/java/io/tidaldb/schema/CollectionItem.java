package io.tidaldb.schema;

/// A member of a collection.
///
/// @param item the item
/// @param index its place, from 0
/// @param addedAt when it became a member
public record CollectionItem(EntityId item, int index, Timestamp addedAt) {}
