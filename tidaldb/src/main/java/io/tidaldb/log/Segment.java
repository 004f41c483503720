package io.tidaldb.log;

import org.jspecify.annotations.Nullable;

/// A segment as its name, header and trailer describe it.
///
/// @param name file name below the volume
/// @param firstPosition position of its first event
/// @param bytes size of the file
/// @param trailer what closes it, or null while it may grow (and for one that is damaged)
record Segment(String name, long firstPosition, long bytes, @Nullable SegmentTrailer trailer) {

  /// The last position of a closed segment; one before the first if it has none or is open.
  long lastPosition() {
    return trailer == null ? firstPosition - 1 : trailer.lastPosition();
  }

  /// Whether creating it was interrupted before its header was whole.
  boolean headless() {
    return bytes < FrameHeader.SIZE;
  }
}
