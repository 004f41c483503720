package io.tidaldb.schema;

import org.jspecify.annotations.Nullable;

/// The answer was lost; the event may or may not be in the log. Reopen if the database is
/// read-only, and retry with the same key.
public final class OutcomeUnknownException extends TidalException {

  private static final long serialVersionUID = 1L;

  /// @param message what happened
  /// @param cause why
  public OutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }

  @Override
  public int httpStatus() {
    return 504;
  }
}
