package io.tidaldb.schema;

/// What a collection is, without its members.
///
/// @param id its id
/// @param owner the user it belongs to
/// @param name its name, unlike every other of the same owner
/// @param visibility who may see it
/// @param itemCount how many items are members
/// @param created when it was created
/// @param changed when it, or what is in it, changed last
public record CollectionInfo(
    CollectionId id,
    EntityId owner,
    String name,
    Visibility visibility,
    int itemCount,
    Timestamp created,
    Timestamp changed) {}
