package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.log.EventCodec;
import io.tidaldb.log.FrameEncoder;
import io.tidaldb.log.Log;
import java.util.List;

/// The journal of a database on disk: one frame per append, in the log.
///
/// **Threads.** The writer appends and syncs; anyone reads the positions.
final class DurableJournal implements Journal {

  private final Log log;
  private final FrameEncoder frame;

  DurableJournal(Log log, FrameEncoder frame) {
    this.log = log;
    this.frame = frame;
  }

  Log log() {
    return log;
  }

  @Override
  public void append(List<Event> events, long receiveNanos) {
    frame.begin();
    for (int i = 0; i < events.size(); i++) {
      frame.add(events.get(i));
    }
    log.append(frame, receiveNanos);
  }

  @Override
  public void sync() {
    log.sync();
  }

  @Override
  public long lastPosition() {
    return log.lastPosition();
  }

  @Override
  public long durablePosition() {
    return log.durablePosition();
  }

  @Override
  public long lastReceiveNanos() {
    return log.lastReceiveNanos();
  }

  @Override
  public int sizeOf(Event event) {
    return EventCodec.encodedSize(event);
  }

  @Override
  public void close() {
    log.close();
  }
}
