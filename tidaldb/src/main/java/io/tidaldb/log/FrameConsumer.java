package io.tidaldb.log;

import java.util.List;

/// Takes the frames of a log in order, each whole.
public interface FrameConsumer {

  /// Takes nothing: for a walk that only checks.
  FrameConsumer NONE = (firstPosition, receiveNanos, events) -> {};

  /// One frame; its events have the positions `firstPosition`, `firstPosition + 1`, …
  void frame(long firstPosition, long receiveNanos, List<Event> events);
}
