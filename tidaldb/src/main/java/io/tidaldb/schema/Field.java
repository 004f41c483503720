package io.tidaldb.schema;

/// A declared or built-in metadata field.
///
/// @param kind the kind of entity that has it
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param type what it holds
/// @param builtIn whether it exists without declaration
public record Field(EntityKind kind, String name, FieldType type, boolean builtIn) {}
