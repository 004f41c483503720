package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.schema.Receipt;
import java.util.List;

/// What a draft is resolved against: the applied state, what is pending before it, and the frame
/// that takes its events.
///
/// **Threads.** The writer only.
final class Scene {

  private final Resolver resolver;
  private final List<Event> frame;
  private final long receiveNanos;
  private long nextPosition;

  Scene(Resolver resolver, List<Event> frame, long nextPosition, long receiveNanos) {
    this.resolver = resolver;
    this.frame = frame;
    this.nextPosition = nextPosition;
    this.receiveNanos = receiveNanos;
  }

  /// The applied state.
  Views views() {
    return resolver.views();
  }

  /// What events that are not applied yet will have changed.
  Pending pending() {
    return resolver.pending();
  }

  /// The bounds of this engine.
  EngineOptions options() {
    return resolver.options();
  }

  /// The time of receipt: never earlier than that of any event before.
  long receiveNanos() {
    return receiveNanos;
  }

  /// The time to log for a given one: the receive time if none was given (negative) or if it is
  /// later.
  long time(long given) {
    return given < 0 ? receiveNanos : Math.min(given, receiveNanos);
  }

  /// Whether an item lives, counting what is pending.
  boolean isLive(io.tidaldb.schema.EntityKind kind, long id) {
    return resolver.isLive(kind, id);
  }

  /// A signal with its time, creator and first-view mark, to be appended.
  Event.SignalRecorded signal(Event.SignalRecorded given) {
    return resolver.signal(given, receiveNanos);
  }

  /// Appends an event and returns its receipt.
  Receipt append(Event event) {
    long position = nextPosition++;
    resolver.pending().record(position, event);
    frame.add(event);
    return new Receipt(position, false);
  }

  /// The receipt of a call that found its result in place.
  static Receipt nothing() {
    return new Receipt(0, true);
  }
}
