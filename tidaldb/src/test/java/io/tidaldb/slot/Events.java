package io.tidaldb.slot;

import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataValue;
import java.util.Map;

/// Events that name entities.
final class Events {

  private Events() {}

  static Event signal(EntityKind kind, long entity) {
    return new Event.SignalRecorded(1, 0, kind, entity, 1.0, 0, 0, 0, 0, null);
  }

  static Event signal(long item, long user, long creator) {
    int flags = Event.SignalRecorded.USER | Event.SignalRecorded.CREATOR;
    return new Event.SignalRecorded(
        1, 0, EntityKind.ITEM, item, 1.0, flags, user, creator, 0, null);
  }

  static Event written(EntityKind kind, long id) {
    return new Event.EntityWritten(1, kind, id, Metadata.empty(), null);
  }

  static Event itemOf(long id, long creator) {
    var metadata = Metadata.of(Map.of("creator_id", new MetadataValue.Id(EntityId.of(creator))));
    return new Event.EntityWritten(1, EntityKind.ITEM, id, metadata, null);
  }

  static Event deleted(EntityKind kind, long id) {
    return new Event.EntityDeleted(1, kind, id, null);
  }
}
