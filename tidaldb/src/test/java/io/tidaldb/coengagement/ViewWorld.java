package io.tidaldb.coengagement;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.slot.SlotMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// A co-engagement view with its slots, for tests.
final class ViewWorld {

  final SlotMap slots = new SlotMap();
  final CoEngagementView view = new CoEngagementView(slots, CrashInjector.NONE);
  private long position;
  private long time;

  ViewWorld(Schema schema) {
    schema(schema);
  }

  private ViewWorld() {}

  void apply(Event event) {
    position++;
    time = Math.max(time, event.time());
    slots.apply(position, event);
    view.apply(position, event);
    slots.retire(event);
    view.publish(position);
  }

  void schema(Schema schema) {
    var ids = new TreeMap<String, Integer>();
    schema.signals().forEach(type -> ids.put(type.name(), type.id().value()));
    apply(new Event.SchemaChanged(time, schema.canonical(), ids));
  }

  /// A signal of a user on an item.
  void signal(int type, long user, long item, double weight, long at) {
    apply(
        new Event.SignalRecorded(
            at, type, EntityKind.ITEM, item, weight, Event.SignalRecorded.USER, user, 0, 0, null));
  }

  void delete(long item) {
    apply(new Event.EntityDeleted(time, EntityKind.ITEM, item, null));
  }

  void erase(long user) {
    apply(new Event.UserErased(time, user, null));
  }

  /// What a checkpoint of these pages leaves.
  static void store(FrozenPages pages, SortedMap<PageKey, byte[]> stored) {
    pages.forEach(
        (key, content) -> {
          if (content.length == 0) {
            stored.remove(key);
          } else {
            stored.put(key, content);
          }
        });
    pages.committed();
  }

  /// A world from saved pages.
  static ViewWorld load(
      SortedMap<PageKey, byte[]> slotPages, SortedMap<PageKey, byte[]> pages, long position) {
    var world = new ViewWorld();
    slotPages.forEach(world.slots::load);
    world.slots.loaded(position);
    // Any order will do.
    pages.reversed().forEach(world.view::load);
    world.view.loaded(position);
    world.position = position;
    return world;
  }

  long position() {
    return position;
  }

  /// The canonical state as text.
  String state() {
    var text = new StringBuilder();
    view.digest(
        new StateSink() {
          @Override
          public StateSink entry(String what, String key) {
            text.append('\n').append(what).append(' ').append(key);
            return this;
          }

          @Override
          public StateSink value(String name, long value) {
            return value(name, Long.toString(value));
          }

          @Override
          public StateSink value(String name, double value) {
            return value(name, Long.toHexString(Double.doubleToRawLongBits(value)));
          }

          @Override
          public StateSink value(String name, String value) {
            text.append(' ').append(name).append('=').append(value);
            return this;
          }
        });
    return text.toString();
  }
}
