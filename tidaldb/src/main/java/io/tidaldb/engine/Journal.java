package io.tidaldb.engine;

import io.tidaldb.log.Event;
import java.util.List;

/// Where events get their positions: the log on disk, or nothing at all for an ephemeral database.
interface Journal extends AutoCloseable {

  /// Gives the next positions to these events, as one frame, and hands their bytes to the operating
  /// system.
  void append(List<Event> events, long receiveNanos);

  /// Makes everything appended durable.
  void sync();

  /// The highest position given, 0 before the first.
  long lastPosition();

  /// The highest position that a sync has covered.
  long durablePosition();

  /// The receive time of the last frame, nanoseconds since 1970.
  long lastReceiveNanos();

  /// How many bytes an event takes in the journal.
  int sizeOf(Event event);

  @Override
  void close();
}
