package io.tidaldb.engine;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Timestamp;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Gives the events of a range of positions as names and values; ids are strings. What names a user
/// who was forgotten since is left out.
final class EventLines implements FrameConsumer {

  private final long from;
  private final long to;
  private final Forgotten forgotten;
  private final Consumer<Map<String, Object>> line;
  private final Map<Integer, String> signals = new HashMap<>();

  EventLines(
      long from,
      long to,
      Map<String, Integer> signalIds,
      Forgotten forgotten,
      Consumer<Map<String, Object>> line) {
    this.from = from;
    this.to = to;
    this.forgotten = forgotten;
    this.line = line;
    signalIds.forEach((name, id) -> signals.put(id, name));
  }

  @Override
  public void frame(long firstPosition, long receiveNanos, List<Event> events) {
    for (var i = 0; i < events.size(); i++) {
      var event = events.get(i);
      if (event instanceof Event.SchemaChanged changed) {
        changed.ids().forEach((name, id) -> signals.put(id, name));
      }
      var position = firstPosition + i;
      if (position >= from && position <= to && !forgotten.hides(position, event)) {
        line.accept(shape(position, receiveNanos, event));
      }
    }
  }

  private Map<String, Object> shape(long position, long receiveNanos, Event event) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("position", position);
    shape.put("received", Timestamp.ofNanos(receiveNanos).toString());
    shape.put("time", Timestamp.ofNanos(event.time()).toString());
    shape.put("event", event.getClass().getSimpleName());
    switch (event) {
      case Event.Blank _ -> {}
      case Event.SignalRecorded signal -> signal(shape, signal);
      case Event.EntityWritten written -> {
        entity(shape, written.kind(), written.id());
        shape.put("metadata", written.metadata().asStrings());
      }
      case Event.NumbersWritten written -> {
        entity(shape, written.kind(), written.id());
        shape.put("numbers", Metadata.of(written.changes().set()).asStrings());
        shape.put("removed", written.changes().removed());
      }
      case Event.EntityDeleted deleted -> entity(shape, deleted.kind(), deleted.id());
      case Event.ProfileSaved saved -> {
        shape.put("profile", saved.name());
        shape.put("version", saved.version());
        shape.put("json", saved.json());
      }
      case Event.ProfileDropped dropped -> {
        shape.put("profile", dropped.name());
        shape.put("version", dropped.version());
      }
      case RankingEvent ranking -> SurfaceLines.ranking(shape, ranking);
      case Event.SchemaChanged changed -> {
        shape.put("schema", changed.canonical());
        shape.put("signal_ids", changed.ids());
      }
      case Event.UserErased erased -> user(shape, erased);
      case RelationEvent relation -> SurfaceLines.relation(shape, relation);
      case CohortEvent cohort -> SurfaceLines.cohort(shape, cohort);
      case CollectionEvent collection ->
          SurfaceLines.collection(shape, collection, user -> forgotten.user(user, position));
      case SessionEvent session -> SurfaceLines.session(shape, session);
      case VectorEvent.EmbeddingWritten written -> {
        entity(shape, written.kind(), written.id());
        shape.put("slot", written.slot());
        shape.put("vector", written.vector());
      }
    }
    if (event.key() != null) {
      shape.put("key", key(event.key()));
    }
    return shape;
  }

  private void signal(Map<String, Object> shape, Event.SignalRecorded signal) {
    shape.put("signal", signals.getOrDefault(signal.type(), "#" + signal.type()));
    entity(shape, signal.kind(), signal.entity());
    shape.put("weight", signal.weight());
    user(shape, signal);
    if ((signal.flags() & Event.SignalRecorded.CREATOR) != 0) {
      shape.put("creator", Long.toUnsignedString(signal.creator()));
    }
    if ((signal.flags() & Event.SignalRecorded.SESSION) != 0) {
      shape.put("session", Long.toUnsignedString(signal.session()));
    }
    if (signal.firstView()) {
      shape.put("first_view", true);
    }
  }

  static void user(Map<String, Object> shape, Event event) {
    if (event.hasUser()) {
      shape.put("user", Long.toUnsignedString(event.user()));
    }
  }

  static void entity(Map<String, Object> shape, EntityKind kind, long id) {
    shape.put("kind", Admission.label(kind));
    shape.put("id", Long.toUnsignedString(id));
  }

  private static String key(IdempotencyKey key) {
    return switch (key) {
      case IdempotencyKey.Sequence sequence ->
          Long.toUnsignedString(sequence.producer()) + "/" + sequence.number();
      case IdempotencyKey.Bits bits ->
          HexFormat.of().toHexDigits(bits.high()) + HexFormat.of().toHexDigits(bits.low());
      case IdempotencyKey.Text text -> text.text();
    };
  }
}
