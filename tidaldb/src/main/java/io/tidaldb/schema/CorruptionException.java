package io.tidaldb.schema;

/// Bytes are not what was written: run `tidal verify`, restore a backup.
public final class CorruptionException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final long position;
  private final String expected;
  private final String actual;

  /// @param what what is wrong, in words
  /// @param file the file or key
  /// @param offset the byte in it, or -1
  /// @param position the place in the log, or 0 if none
  /// @param expected what should stand there
  /// @param actual what stands there
  public CorruptionException(
      String what, String file, long offset, long position, String expected, String actual) {
    super(
        what
            + ": file="
            + file
            + " offset="
            + offset
            + " position="
            + position
            + " expected="
            + expected
            + " actual="
            + actual
            + "; run 'tidal verify'",
        null);
    this.file = file;
    this.offset = offset;
    this.position = position;
    this.expected = expected;
    this.actual = actual;
  }

  /// The file or key.
  public String file() {
    return file;
  }

  /// The byte in the file, or -1.
  public long offset() {
    return offset;
  }

  /// The place in the log, or 0.
  public long position() {
    return position;
  }

  /// What should stand there.
  public String expected() {
    return expected;
  }

  /// What stands there.
  public String actual() {
    return actual;
  }

  @Override
  public int exitCode() {
    return 5;
  }

  @Override
  public int httpStatus() {
    return 500;
  }
}
