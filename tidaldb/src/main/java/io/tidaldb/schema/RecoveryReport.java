package io.tidaldb.schema;

import java.util.List;
import java.util.Map;

/// What opening a database had to do.
///
/// @param generation the checkpoint generation that was loaded, 0 if none
/// @param generationPosition its position in the log
/// @param lastPosition the last position of the log
/// @param eventsReplayed events applied on top of the generation
/// @param bytesCut bytes of a torn tail that were cut
/// @param cleanShutdown whether the database had been closed cleanly
/// @param stepMicros microseconds per step
/// @param warnings what the operator should know
public record RecoveryReport(
    long generation,
    long generationPosition,
    long lastPosition,
    long eventsReplayed,
    long bytesCut,
    boolean cleanShutdown,
    Map<String, Long> stepMicros,
    List<String> warnings) {

  public RecoveryReport {
    stepMicros = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(stepMicros));
    warnings = List.copyOf(warnings);
  }
}
