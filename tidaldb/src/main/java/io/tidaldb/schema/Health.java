package io.tidaldb.schema;

import java.time.Duration;
import java.util.List;

/// How the database is.
///
/// @param status [Status#OK], or [Status#DEGRADED] with issues
/// @param positionAppended highest position in the log
/// @param positionDurable highest position that a sync has covered
/// @param positionApplied highest position that readers see
/// @param checkpointAge time since the last checkpoint
/// @param queuedEvents events waiting for the writer
/// @param issues what is wrong
public record Health(
    Status status,
    long positionAppended,
    long positionDurable,
    long positionApplied,
    Duration checkpointAge,
    long queuedEvents,
    List<Issue> issues) {

  public Health {
    issues = List.copyOf(issues);
  }

  /// Whether anything is wrong.
  public enum Status {
    OK,
    DEGRADED
  }

  /// What may be wrong.
  public enum Issue {
    CHECKPOINT_OVERDUE,
    CHECKPOINT_FAILING,
    DISK_LOW,
    QUEUE_SATURATED,
    CLOCK_BEHIND_LOG,
    CLOCK_JUMPED,
    LOG_TAIL_CUT,
    GENERATION_REFUSED,
    VIEW_LAGGING,
    COHORTS_NEAR_LIMIT
  }
}
