package io.tidaldb.disk;

import io.tidaldb.schema.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// What a clean close leaves behind, in `CLEAN`: after it a log may not end anywhere else.
/// Little-endian:
///
/// ```
///  0                               64              72              80      84
///  +-------------------------------+---------------+---------------+-------+
///  | file header                   | last position | generation    | CRC32C|
///  +-------------------------------+---------------+---------------+-------+
/// ```
///
/// The checksum covers bytes 64–79.
///
/// @param lastPosition the last position in the log (unsigned), 0 if it is empty
/// @param newestGeneration the newest checkpoint (unsigned), 0 if there is none
public record CleanMark(long lastPosition, long newestGeneration) {

  /// Bytes of the file.
  public static final int SIZE = 84;

  private static final int LAST_POSITION = 64;
  private static final int GENERATION = 72;
  private static final int CRC = 80;

  /// Publishes it; durable when it returns.
  public void write(Volume volume, StoreId store, long createdNanos) {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, FileHeader.of(FileKind.CLEAN, store, createdNanos).encode(), 0, FileHeader.SIZE);
    bytes.putLong(LAST_POSITION, lastPosition);
    bytes.putLong(GENERATION, newestGeneration);
    bytes.putInt(CRC, Checksum.plain().over(bytes, LAST_POSITION, CRC - LAST_POSITION));
    Publication.write(volume, StorePaths.CLEAN, bytes);
  }

  /// Reads it; empty if the last close was not clean.
  ///
  /// @throws CorruptionException if it is damaged or another store's
  public static Optional<CleanMark> read(Volume volume, StoreId store) {
    if (!volume.exists(StorePaths.CLEAN)) {
      return Optional.empty();
    }
    String place = volume.describe(StorePaths.CLEAN);
    ByteBuffer bytes =
        Publication.read(volume, StorePaths.CLEAN, SIZE).order(ByteOrder.LITTLE_ENDIAN);
    FileHeader.decode(bytes, place, FileKind.CLEAN).requireStore(store, place);
    if (bytes.limit() != SIZE) {
      throw new CorruptionException(
          "clean mark has another size",
          place,
          bytes.limit(),
          0,
          SIZE + " bytes",
          bytes.limit() + " bytes");
    }
    int crc = Checksum.plain().over(bytes, LAST_POSITION, CRC - LAST_POSITION);
    if (crc != bytes.getInt(CRC)) {
      throw new CorruptionException(
          "clean mark checksum differs",
          place,
          CRC,
          0,
          Integer.toHexString(crc),
          Integer.toHexString(bytes.getInt(CRC)));
    }
    return Optional.of(new CleanMark(bytes.getLong(LAST_POSITION), bytes.getLong(GENERATION)));
  }

  /// Removes it, before anything is appended; durable when it returns. Absent is no error, but the
  /// directory is synced all the same: an earlier open may have died between deletion and sync.
  public static void remove(Volume volume) {
    volume.delete(StorePaths.CLEAN);
    volume.syncDirectory(VolumeName.ROOT);
  }
}
