package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.StorageBackend;

/// Relations as they will be when events that have a place in the log are applied.
///
/// **Threads.** The writer only.
public final class RelationsAhead {

  private final Slots slots;
  private final RelationFold applied;
  private final RowOverlay rows;
  private final RelationFold ahead;
  private boolean started;

  /// @param applied the fold that this one goes on from
  RelationsAhead(StorageBackend storage, Slots slots, RelationFold applied) {
    this.slots = slots;
    this.applied = applied;
    this.rows = new RowOverlay(storage);
    this.ahead = new RelationFold(rows, slots);
  }

  /// Forgets every event: all are applied or dropped.
  public void clear() {
    rows.clear();
    started = false;
  }

  /// One more event is about to be applied.
  public void fold(Event event) {
    if (!started) {
      ahead.start(applied.newest(), applied.meanings());
      started = true;
    }
    ahead.fold(event);
  }

  /// Whether a relation will hold.
  public boolean holds(long user, RelationType type, EntityKind kind, long target) {
    var row = rows.get(RowKey.edge(user, type, kind, target));
    return row != null && !row.removed();
  }

  /// Whether setting a relation would change nothing: it will hold, and was decided later than
  /// this, or then with the same weight.
  public boolean settled(RelationEvent.RelationSet set) {
    var row = rows.get(RowKey.edge(set.user(), set.type(), set.kind(), set.target()));
    return row != null
        && !row.removed()
        && (row.changed() > set.time()
            || (row.changed() == set.time() && row.weight() == set.weight()));
  }

  /// How many relations of a type a user will have.
  public long count(long user, RelationType type) {
    return rows.count(ListKey.of(user, type));
  }

  /// Whether a user will have saved an item.
  public boolean saved(long user, long item) {
    var row = rows.get(RowKey.state(user, UserState.SAVED, item));
    return row != null && !row.removed();
  }

  /// How many items a user will have saved. Deleted items count until the limit is near, when they
  /// are left out.
  public long savedCount(long user, long limit) {
    long count = rows.count(ListKey.of(user, UserState.SAVED));
    if (count < limit) {
      return count;
    }
    long living = 0;
    int list = RelationCodec.STATE | UserState.SAVED.code();
    for (var key : rows.rowsOf(user, list)) {
      var row = rows.get(key);
      boolean lives =
          row != null && !row.removed() && row.slot() == slots.slot(EntityKind.ITEM, key.target());
      living += lives ? 1 : 0;
    }
    return living;
  }
}
