package io.tidaldb.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a store is, read from its files alone.
///
/// @param path the data directory
/// @param live whether a running database has it open, so that the files may lag behind it
/// @param storeId the store's id
/// @param created when it was made
/// @param formatVersion the version of its files
/// @param clean whether it was closed cleanly; never while it is live
/// @param lastPosition the last position of the log
/// @param generations the checkpoints, newest first
/// @param segments log segments
/// @param logBytes their bytes
/// @param schemaFingerprint hash of the schema at the newest checkpoint
/// @param unavailable what could not be read, and why
public record StoreStatus(
    String path,
    boolean live,
    Optional<String> storeId,
    Optional<Timestamp> created,
    int formatVersion,
    boolean clean,
    OptionalLong lastPosition,
    List<Generation> generations,
    int segments,
    long logBytes,
    Optional<String> schemaFingerprint,
    Map<String, String> unavailable) {

  public StoreStatus {
    generations = List.copyOf(generations);
    unavailable = Map.copyOf(unavailable);
  }

  /// A checkpoint.
  ///
  /// @param number its generation
  /// @param time when it was taken
  /// @param position the last position it contains
  /// @param pages how many pages it consists of
  /// @param bytes their bytes
  public record Generation(long number, Timestamp time, long position, long pages, long bytes) {}
}
