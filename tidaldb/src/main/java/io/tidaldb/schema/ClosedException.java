package io.tidaldb.schema;

/// Used after close: reopen.
public final class ClosedException extends TidalException {

  private static final long serialVersionUID = 1L;

  /// @param what the thing that is closed
  public ClosedException(String what) {
    super(what + " is closed; open it again", null);
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
