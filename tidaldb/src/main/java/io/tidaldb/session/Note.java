package io.tidaldb.session;

import io.tidaldb.schema.EntityKind;

/// Something that was said in a session.
///
/// @param position its place in the log
/// @param time when
/// @param about whether it is about an entity
/// @param kind kind of the entity; ITEM without one
/// @param entity id of the entity; 0 without one
/// @param slot the entity's life at that position; −1 if it had none
/// @param text what was said
public record Note(
    long position, long time, boolean about, EntityKind kind, long entity, int slot, String text) {}
