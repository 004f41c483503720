package io.tidaldb.schema;

import java.time.Duration;

/// Signals of a session come faster than its policy or the option `agentRate` grants: wait
/// [#retryAfter()] and retry. Nothing was done.
public final class RateLimitedException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final RefusalReason reason;
  private final transient Duration retryAfter;

  /// @param reason [RefusalReason#SESSION_RATE] or [RefusalReason#AGENT_RATE]
  /// @param rate what is granted
  /// @param retryAfter when there will be room for one more
  /// @param facts more facts as `key=value`
  public RateLimitedException(
      RefusalReason reason, SessionPolicy.Rate rate, Duration retryAfter, String facts) {
    super(
        "too fast: reason="
            + reason.label()
            + " perSecond="
            + rate.perSecond()
            + " burst="
            + rate.burst()
            + " retryAfter="
            + retryAfter
            + " "
            + facts
            + "; wait and retry",
        null);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /// Whose rate it is.
  public RefusalReason reason() {
    return reason;
  }

  /// When to try again.
  public Duration retryAfter() {
    return retryAfter;
  }

  @Override
  public int exitCode() {
    return 3;
  }

  @Override
  public int httpStatus() {
    return 429;
  }
}
