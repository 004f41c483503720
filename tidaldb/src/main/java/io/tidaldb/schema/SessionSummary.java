package io.tidaldb.schema;

import java.time.Duration;

/// How a session went.
///
/// @param id its id
/// @param user whose it was
/// @param agent with whom
/// @param policy the name of its policy
/// @param started when it started
/// @param ended when it ended
/// @param reason why it ended
/// @param signals how many signals it had
/// @param annotations how many annotations it had
/// @param refusals how many of its calls were refused
public record SessionSummary(
    SessionId id,
    EntityId user,
    String agent,
    String policy,
    Timestamp started,
    Timestamp ended,
    SessionEnd reason,
    long signals,
    long annotations,
    long refusals) {

  /// How long it ran.
  public Duration duration() {
    return Duration.ofNanos(ended.nanos() - started.nanos());
  }

  /// Whether it ended without its caller.
  public boolean autoClosed() {
    return reason != SessionEnd.CALLER;
  }
}
