package io.tidaldb.schema;

/// Someone else has the directory open: close the other one.
public final class LockedException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final String owner;

  /// @param path the data directory
  /// @param owner what the holder says about itself
  public LockedException(String path, String owner) {
    super(
        "data directory is in use: path="
            + path
            + " owner="
            + owner
            + "; close the other one first",
        null);
    this.owner = owner;
  }

  /// What the holder says about itself.
  public String owner() {
    return owner;
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
