package io.tidaldb.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that moves only when it is told to, forwards or backwards. Any thread may read or move
/// it.
public final class ManualClock implements InstantSource {

  private final AtomicReference<Instant> now;

  /// A clock that shows 2026-01-01T00:00:00Z.
  public ManualClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /// A clock that shows a moment.
  public ManualClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /// Moves by a duration, negative for backwards; the new moment.
  public Instant advance(Duration by) {
    return now.updateAndGet(t -> t.plus(by));
  }

  /// Moves to a moment.
  public void set(Instant moment) {
    now.set(moment);
  }
}
