package io.tidaldb.schema;

import java.time.Duration;
import java.util.List;

/// What opening a store would do, found out without changing anything.
///
/// @param path the data directory
/// @param clean whether it was closed cleanly
/// @param tail how the log ends, in words
/// @param generation the checkpoint that would be loaded, 0 if none
/// @param generationPosition its position
/// @param firstPosition the oldest position in the log
/// @param lastPosition the last whole one
/// @param eventsToReplay events behind the checkpoint
/// @param bytesToCut bytes of a torn tail
/// @param estimate how long it would take, roughly
/// @param findings why an open would fail or fall back; empty when all is well
public record RecoveryForecast(
    String path,
    boolean clean,
    String tail,
    long generation,
    long generationPosition,
    long firstPosition,
    long lastPosition,
    long eventsToReplay,
    long bytesToCut,
    Duration estimate,
    List<String> findings) {

  public RecoveryForecast {
    findings = List.copyOf(findings);
  }
}
