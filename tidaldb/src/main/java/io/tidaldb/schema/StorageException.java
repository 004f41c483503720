package io.tidaldb.schema;

import org.jspecify.annotations.Nullable;

/// The disk refused: look at the disk and its space; retry or reopen.
public final class StorageException extends TidalException {

  private static final long serialVersionUID = 1L;

  /// What became of the bytes.
  public enum Outcome {
    /// Not a byte was written; the same call may succeed later.
    NOT_WRITTEN,
    /// Some bytes may have been written.
    UNKNOWN
  }

  private final String path;
  private final Outcome outcome;

  /// @param operation what was tried, for example `write`
  /// @param path the file
  /// @param outcome what became of the bytes
  /// @param cause why the disk refused
  public StorageException(
      String operation, String path, Outcome outcome, @Nullable Throwable cause) {
    super(
        "storage failed: operation="
            + operation
            + " path="
            + path
            + " outcome="
            + outcome
            + (cause == null ? "" : " cause=" + cause.getMessage()),
        cause);
    this.path = path;
    this.outcome = outcome;
  }

  /// The file.
  public String path() {
    return path;
  }

  /// What became of the bytes.
  public Outcome outcome() {
    return outcome;
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
