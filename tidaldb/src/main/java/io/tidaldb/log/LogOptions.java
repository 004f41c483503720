package io.tidaldb.log;

import io.tidaldb.schema.InvalidRequestException;

/// How the log is laid out; may change from open to open.
///
/// @param segmentBytes size of a segment, 4 KiB … 1 GiB, default 64 MiB; a larger frame gets a
///   segment of its own
public record LogOptions(long segmentBytes) {

  private static final long SEGMENT_BYTES_DEFAULT = 64L << 20;
  private static final long SEGMENT_BYTES_MIN = 4L << 10;
  private static final long SEGMENT_BYTES_MAX = 1L << 30;

  /// @throws InvalidRequestException if an option is out of its range
  public LogOptions {
    if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
      throw new InvalidRequestException(
          "OPTION_INVALID",
          "option out of range: option=segmentBytes given="
              + segmentBytes
              + " allowed="
              + SEGMENT_BYTES_MIN
              + "…"
              + SEGMENT_BYTES_MAX);
    }
  }

  /// The defaults.
  public static LogOptions defaults() {
    return new LogOptions(SEGMENT_BYTES_DEFAULT);
  }
}
