package io.tidaldb.log;

import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;

/// Gives up the end of a log on purpose: everything after a position goes to the quarantine.
///
/// Newest segments go first, so that what remains is contiguous wherever the world stops; repeating
/// it finishes the work.
public final class LogTruncation {

  private final Volume volume;
  private final StoreId store;
  private final long position;
  private long bytes;

  private LogTruncation(Volume volume, StoreId store, long position) {
    this.volume = volume;
    this.store = store;
    this.position = position;
  }

  /// Cuts a log that nobody has open.
  ///
  /// @param position the last position that stays; must end a frame
  /// @return how many bytes were set aside
  /// @throws InvalidRequestException if it is not in the log or does not end a frame
  public static long after(Volume volume, StoreId store, long position) {
    return new LogTruncation(volume, store, position).cut();
  }

  private long cut() {
    var names = SegmentList.names(volume);
    var holding = names.stream().filter(name -> first(name) <= position).toList();
    if (holding.isEmpty()) {
      throw refused("position lies before the log", "firstPosition at most " + position);
    }
    var last = holding.getLast();
    var offset = offsetBehind(last);
    CleanMark.remove(volume);
    for (var name : names.subList(holding.size(), names.size()).reversed()) {
      var _ = setAside(name, 0);
      volume.delete(name);
      volume.syncDirectory(StorePaths.LOG);
    }
    if (setAside(last, offset)) {
      try (var file = volume.open(last, Volume.OpenMode.WRITE)) {
        file.truncate(offset);
        file.sync(true);
      }
    }
    return bytes;
  }

  /// Where the frame that ends with the position ends.
  private long offsetBehind(String name) {
    var segment = new Segment(name, first(name), size(name), null);
    try (var reader = new SegmentReader(volume, segment, store)) {
      while (reader.expected() <= position) {
        var begin = reader.expected();
        if (!reader.next()) {
          throw new CorruptionException(
              "log is damaged before the position",
              volume.describe(name),
              reader.offset(),
              begin,
              "a valid frame",
              "none; choose a position up to " + (begin - 1));
        }
        if (reader.expected() - 1 > position) {
          throw refused(
              "position lies inside a frame",
              "a frame ends at " + (begin - 1) + " and at " + (reader.expected() - 1));
        }
      }
      return reader.offset();
    }
  }

  /// Copies the end of a segment; false if there is none.
  private boolean setAside(String name, long offset) {
    var count = size(name) - offset;
    if (count <= 0) {
      return false;
    }
    Quarantine.keep(volume, new Tail.Torn(name, offset, count));
    bytes += count;
    return true;
  }

  private long size(String name) {
    try (var file = volume.open(name, Volume.OpenMode.READ)) {
      return file.size();
    }
  }

  private static long first(String name) {
    return SegmentList.firstPosition(VolumeName.last(name));
  }

  private InvalidRequestException refused(String what, String allowed) {
    return new InvalidRequestException(
        "POSITION_INVALID", what + ": given=" + position + " allowed=" + allowed);
  }
}
