package io.tidaldb.schema;

/// An entity and its value.
///
/// @param id the entity
/// @param score its decayed score
public record ScoredEntity(EntityId id, double score) {}
