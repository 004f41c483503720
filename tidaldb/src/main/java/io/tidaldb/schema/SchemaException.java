package io.tidaldb.schema;

import java.util.List;
import java.util.stream.Collectors;

/// A schema breaks rules. Carries every violation, in order of declaration.
public final class SchemaException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  private final transient List<SchemaViolation> violations;

  /// @param violations every violation, never empty
  public SchemaException(List<SchemaViolation> violations) {
    super(
        "SCHEMA_INVALID",
        "schema is not valid:"
            + violations.stream().map(v -> "\n  " + v).collect(Collectors.joining()));
    this.violations = List.copyOf(violations);
  }

  /// Every violation, in order of declaration.
  public List<SchemaViolation> violations() {
    return violations;
  }
}
