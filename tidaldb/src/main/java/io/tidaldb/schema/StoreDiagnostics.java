package io.tidaldb.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What is in a store, read from its files alone.
///
/// @param path the data directory
/// @param live whether a running database has it open, so that the files may lag behind it
/// @param configuration the options that the database ran with last, as JSON
/// @param segments the log's segments, oldest first
/// @param eventsBehindCheckpoint events that an open would replay
/// @param checkpointAge time since the newest checkpoint
/// @param views what each view holds at the newest checkpoint
/// @param unavailable what could not be read, and why
public record StoreDiagnostics(
    String path,
    boolean live,
    Optional<String> configuration,
    List<Segment> segments,
    OptionalLong eventsBehindCheckpoint,
    Optional<Duration> checkpointAge,
    List<ViewFacts> views,
    Map<String, String> unavailable) {

  public StoreDiagnostics {
    segments = List.copyOf(segments);
    views = List.copyOf(views);
    unavailable = Map.copyOf(unavailable);
  }

  /// A log segment.
  ///
  /// @param file its name
  /// @param firstPosition the position of its first event
  /// @param bytes its size
  public record Segment(String file, long firstPosition, long bytes) {}

  /// What a view holds.
  ///
  /// @param name the view
  /// @param entries entries of its canonical form
  /// @param bytes bytes of its saved pages; empty for a view of rows
  /// @param position the last position it contains
  public record ViewFacts(String name, long entries, OptionalLong bytes, long position) {}
}
