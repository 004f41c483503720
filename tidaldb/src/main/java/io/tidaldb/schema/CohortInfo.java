package io.tidaldb.schema;

import java.util.OptionalLong;

/// What a cohort is and holds.
///
/// @param definition its name and predicate
/// @param position where in the log it began to count
/// @param since when
/// @param backfill how far counting earlier signals has come
/// @param backfillFrom the position from which the log still held them, if not from the first
/// @param size its users now
/// @param pairs pairs of entity and signal that it has counted
/// @param bytes memory of those, about
public record CohortInfo(
    CohortDefinition definition,
    long position,
    Timestamp since,
    Backfill backfill,
    OptionalLong backfillFrom,
    long size,
    long pairs,
    long bytes) {

  /// How far counting earlier signals has come.
  public enum Backfill {
    /// Was not asked for.
    NONE,
    /// Goes on.
    RUNNING,
    /// Everything since the first event is counted.
    DONE,
    /// Everything that the log still held is counted.
    PARTIAL
  }
}
