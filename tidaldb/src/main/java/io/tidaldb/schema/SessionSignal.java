package io.tidaldb.schema;

/// A signal that happened in a session.
///
/// @param position its place in the log
/// @param at when
/// @param signal its name
/// @param kind kind of its target
/// @param entity its target
/// @param weight its weight
public record SessionSignal(
    long position, Timestamp at, String signal, EntityKind kind, EntityId entity, double weight) {}
