package io.tidaldb.schema;

import java.util.List;
import java.util.stream.Collectors;

/// The given schema differs from the stored one in a way that stored state cannot follow: take the
/// advice.
public final class SchemaMismatchException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final transient List<SchemaDifference> differences;

  /// @param differences every finding, never empty
  public SchemaMismatchException(List<SchemaDifference> differences) {
    super(
        "schema does not fit the stored one:"
            + differences.stream().map(d -> "\n  " + d).collect(Collectors.joining()),
        null);
    this.differences = List.copyOf(differences);
  }

  /// Every finding.
  public List<SchemaDifference> differences() {
    return differences;
  }

  @Override
  public int exitCode() {
    return 6;
  }

  @Override
  public int httpStatus() {
    return 409;
  }
}
