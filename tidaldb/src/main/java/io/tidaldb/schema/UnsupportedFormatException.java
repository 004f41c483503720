package io.tidaldb.schema;

/// An older or newer format: use the right version.
public final class UnsupportedFormatException extends TidalException {

  private static final long serialVersionUID = 1L;

  /// @param file the file
  /// @param what the part that is not understood
  /// @param found what stands there
  /// @param supported what this version understands
  public UnsupportedFormatException(String file, String what, String found, String supported) {
    super(
        "format not supported: file="
            + file
            + " what="
            + what
            + " found="
            + found
            + " supported="
            + supported
            + "; open it with the version that wrote it",
        null);
  }

  @Override
  public int exitCode() {
    return 6;
  }

  @Override
  public int httpStatus() {
    return 500;
  }
}
