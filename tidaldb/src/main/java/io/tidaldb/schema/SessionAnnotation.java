package io.tidaldb.schema;

import java.util.Optional;

/// Something that was said in a session.
///
/// @param position its place in the log
/// @param at when
/// @param entity the item that it is about; empty for the session in general
/// @param text what was said
public record SessionAnnotation(
    long position, Timestamp at, Optional<EntityId> entity, String text) {}
