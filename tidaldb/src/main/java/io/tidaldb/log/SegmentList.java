package io.tidaldb.log;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.FileHeader;
import io.tidaldb.disk.FileKind;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.schema.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads names, headers and trailers: which segments there are, and whether they follow one
/// another.
final class SegmentList {

  private final Volume volume;
  private final StoreId store;
  private final Checksum checksum;
  private final Consumer<CorruptionException> findings;

  /// @param findings told what is wrong; may throw it
  SegmentList(Volume volume, StoreId store, Consumer<CorruptionException> findings) {
    this.volume = volume;
    this.store = store;
    this.checksum = Checksum.of(store);
    this.findings = findings;
  }

  /// The segment files of a volume, oldest first, unread.
  static List<String> names(Volume volume) {
    return volume.list(StorePaths.LOG).stream()
        .filter(name -> StorePaths.firstPosition(name).isPresent())
        .map(name -> VolumeName.in(StorePaths.LOG, name))
        .toList();
  }

  /// The position that a segment is named after.
  static long firstPosition(String name) {
    return StorePaths.firstPosition(name).orElseThrow();
  }

  /// The segments, oldest first.
  List<Segment> read() {
    var names = names(volume);
    var segments = new ArrayList<Segment>(names.size());
    for (int i = 0; i < names.size(); i++) {
      boolean newest = i == names.size() - 1;
      var segment = read(names.get(i), newest);
      if (i > 0) {
        follows(segments.get(i - 1), segment);
      }
      segments.add(segment);
    }
    return segments;
  }

  private Segment read(String name, boolean newest) {
    long firstPosition = firstPosition(name);
    try (var file = volume.open(name, Volume.OpenMode.READ)) {
      long bytes = file.size();
      if (bytes < FileHeader.SIZE) {
        if (!newest) {
          findings.accept(corrupt("segment has no header", name, 0, "64 bytes", bytes + " bytes"));
        }
        return new Segment(name, firstPosition, bytes, null);
      }
      try {
        checkHeader(file, name, firstPosition);
      } catch (CorruptionException e) {
        findings.accept(e);
      }
      var trailer = newest ? null : trailer(file, name, bytes);
      return new Segment(name, firstPosition, bytes, trailer);
    }
  }

  private void checkHeader(VolumeFile file, String name, long firstPosition) {
    var header = FileHeader.read(file, volume.describe(name), FileKind.SEGMENT);
    header.requireStore(store, volume.describe(name));
    if (header.firstPosition() != firstPosition) {
      throw corrupt(
          "segment's name and header differ",
          name,
          32,
          Long.toString(firstPosition),
          Long.toString(header.firstPosition()));
    }
  }

  private @Nullable SegmentTrailer trailer(VolumeFile file, String name, long bytes) {
    long offset = bytes - SegmentTrailer.SIZE;
    var trailer =
        offset < FileHeader.SIZE
            ? null
            : SegmentTrailer.read(block(file, offset), 0, checksum, volume.describe(name));
    if (trailer == null) {
      findings.accept(
          corrupt("older segment is not closed", name, offset, "a valid trailer", "other bytes"));
    }
    return trailer;
  }

  private void follows(Segment previous, Segment next) {
    if (previous.trailer() != null && next.firstPosition() != previous.lastPosition() + 1) {
      findings.accept(
          new CorruptionException(
              "segment is missing",
              volume.describe(next.name()),
              -1,
              previous.lastPosition() + 1,
              "first position " + (previous.lastPosition() + 1),
              "first position " + next.firstPosition()));
    }
  }

  private static ByteBuffer block(VolumeFile file, long offset) {
    var block = ByteBuffer.allocate(FileHeader.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    var _ = file.read(block, offset);
    return block.clear();
  }

  private CorruptionException corrupt(
      String what, String name, long offset, String expected, String actual) {
    return new CorruptionException(
        what, volume.describe(name), offset, firstPosition(name), expected, actual);
  }
}
