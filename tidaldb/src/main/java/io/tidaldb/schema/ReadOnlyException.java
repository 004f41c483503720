package io.tidaldb.schema;

import java.time.Instant;

/// The writer stopped after a fault. Reads go on; reopen to write.
public final class ReadOnlyException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final transient Instant since;

  /// @param cause the first fault
  /// @param since when it happened
  public ReadOnlyException(Throwable cause, Instant since) {
    super(
        "database is read-only after a fault: since="
            + since
            + " cause="
            + cause.getMessage()
            + "; reopen it to write",
        cause);
    this.since = since;
  }

  /// When the fault happened.
  public Instant since() {
    return since;
  }

  @Override
  public int exitCode() {
    return 4;
  }

  @Override
  public int httpStatus() {
    return 503;
  }
}
