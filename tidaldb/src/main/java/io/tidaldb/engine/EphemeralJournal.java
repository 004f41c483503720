package io.tidaldb.engine;

import io.tidaldb.log.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A journal that keeps nothing: positions only, for a database that lives in memory.
///
/// **Threads.** The writer appends; anyone reads the positions.
final class EphemeralJournal implements Journal {

  private final AtomicLong last = new AtomicLong();
  private volatile long receiveNanos;

  @Override
  public void append(List<Event> events, long receive) {
    receiveNanos = receive;
    last.addAndGet(events.size());
  }

  @Override
  public void sync() {}

  @Override
  public long lastPosition() {
    return last.get();
  }

  @Override
  public long durablePosition() {
    return last.get();
  }

  @Override
  public long lastReceiveNanos() {
    return receiveNanos;
  }

  @Override
  public int sizeOf(Event event) {
    return 0;
  }

  @Override
  public void close() {}
}
