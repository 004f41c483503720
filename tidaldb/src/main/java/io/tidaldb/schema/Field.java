package io.tidaldb.schema;

import java.time.Duration;
import java.util.Optional;

/// A declared or built-in metadata field.
///
/// @param kind the kind of entity that has it
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param type what it holds
/// @param builtIn whether it is exactly what exists without declaration
/// @param searched whether it was declared as a text field, and so belongs in the text index
/// @param rule what else is declared of it
public record Field(
    EntityKind kind,
    String name,
    FieldType type,
    boolean builtIn,
    boolean searched,
    FieldRule rule) {

  /// A field that is not in the text index and whose values hold until they are replaced.
  public Field(EntityKind kind, String name, FieldType type, boolean builtIn) {
    this(kind, name, type, builtIn, false, FieldRule.STANDARD);
  }

  /// For how long a value may be read by queries; empty if for ever.
  public Optional<Duration> fresh() {
    return rule.fresh();
  }
}
