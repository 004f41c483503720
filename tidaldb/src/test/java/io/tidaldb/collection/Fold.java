package io.tidaldb.collection;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metadata;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import java.util.ArrayList;
import java.util.List;

/// Slots and the view of collections under one writer, as the engine folds them, and the log that
/// they are folded from.
final class Fold {

  private final List<Event> log = new ArrayList<>();
  private final long cacheBytes;
  private final int batchRows;
  private CrashInjector injector = CrashInjector.NONE;
  InMemoryBackend storage = new InMemoryBackend();
  SlotMap slots = new SlotMap();
  CollectionView view;

  Fold(long cacheBytes, int batchRows) {
    this.cacheBytes = cacheBytes;
    this.batchRows = batchRows;
    this.view = view();
  }

  Fold() {
    this(1 << 20, CollectionFold.BATCH_ROWS);
  }

  private CollectionView view() {
    return new CollectionView(
        storage, slots, point -> injector.reached(point), cacheBytes, batchRows);
  }

  Fold crashingBy(CrashInjector given) {
    injector = given;
    return this;
  }

  CollectionReader reader() {
    return view.reader();
  }

  long position() {
    return log.size();
  }

  void apply(Event event) {
    log.add(event);
    slots.apply(log.size(), event);
    view.apply(log.size(), event);
    slots.retire(event);
  }

  void publish() {
    view.publish(log.size());
  }

  /// Loses the last batches and folds the log again from where the rows are.
  void crash(int lostBatches) {
    storage = CrashedBackend.of(storage, lostBatches);
    slots = new SlotMap();
    injector = CrashInjector.NONE;
    view = view();
    long loaded = view.loadedPosition();
    for (int i = 0; i < log.size(); i++) {
      slots.apply(i + 1, log.get(i));
      if (i >= loaded) {
        view.apply(i + 1, log.get(i));
      }
      slots.retire(log.get(i));
    }
    publish();
  }

  /// The same log, folded into an empty backend in one frame.
  Fold fresh() {
    var fresh = new Fold();
    log.forEach(fresh::apply);
    fresh.publish();
    return fresh;
  }

  static Event written(long time, long item) {
    return new Event.EntityWritten(time, EntityKind.ITEM, item, Metadata.empty(), null);
  }

  static Event deleted(long time, long item) {
    return new Event.EntityDeleted(time, EntityKind.ITEM, item, null);
  }
}
