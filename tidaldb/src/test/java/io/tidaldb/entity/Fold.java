package io.tidaldb.entity;

import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaEvolution;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.InMemoryBackend;
import java.util.Map;
import java.util.TreeMap;

/// Slots, rows and index under one writer, as the engine folds them.
final class Fold {

  final SlotMap slots = new SlotMap();
  final InMemoryBackend storage = new InMemoryBackend();
  final EntityRows rows = new EntityRows(storage);
  final EntityIndex index = new EntityIndex(slots);
  long position;

  void apply(Event event) {
    position++;
    slots.apply(position, event);
    index.apply(position, event);
    rows.apply(position, event);
    slots.retire(event);
  }

  void publish() {
    index.publish(position);
    rows.publish(position);
  }

  /// Applies and publishes.
  void fold(Event event) {
    apply(event);
    publish();
  }

  EntityReader items() {
    return items(0);
  }

  /// As a query at this time reads.
  EntityReader items(long at) {
    return index.reader(EntityKind.ITEM, rows, at);
  }

  int slot(long item) {
    return slots.slot(EntityKind.ITEM, item);
  }

  static Event schema(Schema schema) {
    var evolution = SchemaEvolution.compare(Schema.empty(), new TreeMap<>(), schema);
    return switch (evolution) {
      case SchemaEvolution.Accepted(var merged, var canonical, var ids) ->
          new Event.SchemaChanged(0, canonical, ids);
      case SchemaEvolution.Unchanged(var same) ->
          new Event.SchemaChanged(0, same.canonical(), new TreeMap<>());
      case SchemaEvolution.Refused(var differences) ->
          throw new AssertionError(differences.toString());
    };
  }

  static Event item(Schema schema, long time, long id, Map<String, ?> metadata) {
    return new Event.EntityWritten(
        time,
        EntityKind.ITEM,
        id,
        Metadata.parse(schema, EntityKind.ITEM, EntityId.of(id), metadata),
        null);
  }

  static Event deleted(long id) {
    return new Event.EntityDeleted(0, EntityKind.ITEM, id, null);
  }
}
