package io.tidaldb.engine;

import io.tidaldb.log.Event;
import java.util.List;

/// A journal that keeps nothing: positions only, for a database that lives in memory.
///
/// **Threads.** The writer appends; anyone reads the positions.
final class EphemeralJournal implements Journal {

  private volatile long last;
  private volatile long receiveNanos;

  @Override
  public void append(List<Event> events, long receive) {
    receiveNanos = receive;
    // One writer: nothing is lost between reading and writing.
    last = last + events.size();
  }

  @Override
  public void sync() {}

  @Override
  public long lastPosition() {
    return last;
  }

  @Override
  public long durablePosition() {
    return last;
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
