package io.tidaldb.schema;

import java.time.Duration;

/// The writer is behind and its queue is full: wait [#retryAfter()] and retry. Nothing of the call
/// was enqueued.
public final class BackpressureException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final transient Duration retryAfter;

  /// @param queued events waiting
  /// @param capacity events that may wait
  /// @param retryAfter a guess at when there is room, 1 ms … 5 s
  public BackpressureException(long queued, long capacity, Duration retryAfter) {
    super(
        "write queue is full: queued="
            + queued
            + " capacity="
            + capacity
            + " retryAfter="
            + retryAfter,
        null);
    this.retryAfter = retryAfter;
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
    return 503;
  }
}
