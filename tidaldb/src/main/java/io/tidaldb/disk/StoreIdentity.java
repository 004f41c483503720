package io.tidaldb.disk;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Which store this is and since when: the content of `IDENTITY`, which is a [FileHeader] and
/// nothing else. Written once.
///
/// @param store the id
/// @param created when the store was made
public record StoreIdentity(StoreId store, Timestamp created) {

  /// A new store.
  public static StoreIdentity create(Timestamp now) {
    return new StoreIdentity(StoreId.random(), now);
  }

  /// Publishes it; durable when it returns.
  ///
  /// @throws InvalidRequestException if the volume holds another store or something that is none
  public void write(Volume volume) {
    if (volume.exists(StorePaths.IDENTITY)) {
      throw new InvalidRequestException(
          "DIRECTORY_NOT_EMPTY",
          "directory already holds a store: path=" + volume.describe(VolumeName.ROOT));
    }
    refuseForeign(volume.list(VolumeName.ROOT), volume.describe(VolumeName.ROOT));
    ByteBuffer header = FileHeader.of(FileKind.IDENTITY, store, created.nanos()).encode();
    Publication.write(volume, StorePaths.IDENTITY, header);
  }

  /// Reads it; empty if the volume holds no store and nothing else.
  ///
  /// @throws InvalidRequestException if the volume holds something that is not a store
  /// @throws CorruptionException if it is damaged
  public static Optional<StoreIdentity> read(Volume volume) {
    String place = volume.describe(StorePaths.IDENTITY);
    if (!volume.exists(StorePaths.IDENTITY)) {
      refuseForeign(volume.list(VolumeName.ROOT), volume.describe(VolumeName.ROOT));
      return Optional.empty();
    }
    ByteBuffer bytes = Publication.read(volume, StorePaths.IDENTITY, FileHeader.SIZE);
    FileHeader header = FileHeader.decode(bytes, place, FileKind.IDENTITY);
    if (bytes.limit() > FileHeader.SIZE) {
      throw new CorruptionException(
          "identity is longer than its header", place, FileHeader.SIZE, 0, "end of file", "bytes");
    }
    return Optional.of(new StoreIdentity(header.store(), Timestamp.ofNanos(header.createdNanos())));
  }

  /// Refuses a directory that holds files but no store: it is never adopted.
  static void refuseForeign(List<String> names, String place) {
    List<String> foreign = StorePaths.foreign(names);
    if (!foreign.isEmpty()) {
      throw new InvalidRequestException(
          "DIRECTORY_NOT_EMPTY",
          "directory is not empty and holds no store: path="
              + place
              + " found="
              + foreign.getFirst()
              + " files="
              + foreign.size()
              + "; choose an empty or a new one");
    }
  }
}
