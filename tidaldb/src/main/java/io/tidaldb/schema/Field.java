package io.tidaldb.schema;

/// A declared or built-in metadata field.
///
/// @param kind the kind of entity that has it
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param type what it holds
/// @param builtIn whether it is exactly what exists without declaration
/// @param searched whether it was declared as a text field, and so belongs in the text index
public record Field(
    EntityKind kind, String name, FieldType type, boolean builtIn, boolean searched) {

  /// A field that is not in the text index.
  public Field(EntityKind kind, String name, FieldType type, boolean builtIn) {
    this(kind, name, type, builtIn, false);
  }
}
