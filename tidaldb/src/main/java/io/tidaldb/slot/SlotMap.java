package io.tidaldb.slot;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;

/// The view that gives entities their slots: each entity that an event names has one from then on,
/// in log order from 0. The engine folds an event here first, then into every other view, and after
/// a deletion calls [#retire].
///
/// Within one event the order is: target, then user, then creator.
///
/// **Threads.** As [io.tidaldb.log.View]. A slot can be seen as soon as `apply` gave it; it holds
/// nothing until other views publish. `verify` and `digest` belong to the writer.
public final class SlotMap implements Slots, PageView {

  private final KindSlots[] kinds = {
    new KindSlots(EntityKind.ITEM),
    new KindSlots(EntityKind.USER),
    new KindSlots(EntityKind.CREATOR)
  };
  private long loadedPosition;

  @Override
  public int slot(EntityKind kind, long id) {
    return of(kind).slot(id);
  }

  @Override
  public long id(EntityKind kind, int slot) {
    return of(kind).id(slot);
  }

  @Override
  public int count(EntityKind kind) {
    return of(kind).count();
  }

  @Override
  public boolean isDead(EntityKind kind, int slot) {
    return of(kind).isDead(slot);
  }

  /// Gives an id its slot if it has none, outside of any log. Writer only.
  ///
  /// @return the slot
  public int assign(EntityKind kind, long id) {
    of(kind).assign(id);
    return of(kind).slot(id);
  }

  @Override
  public String name() {
    return "slot";
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.SignalRecorded e -> {
        of(e.kind()).assign(e.entity());
        assignUser(e);
        if ((e.flags() & Event.SignalRecorded.CREATOR) != 0) {
          of(EntityKind.CREATOR).assign(e.creator());
        }
      }
      case Event.EntityWritten e -> {
        of(e.kind()).assign(e.id());
        assignUser(e);
        if (e.kind() == EntityKind.ITEM
            && e.metadata().values().get("creator_id") instanceof MetadataValue.Id creator) {
          of(EntityKind.CREATOR).assign(creator.value().value());
        }
      }
      case Event.EntityDeleted e -> of(e.kind()).assign(e.id());
      case VectorEvent.EmbeddingWritten e -> of(e.kind()).assign(e.id());
      case RelationEvent.RelationSet e -> {
        of(e.kind()).assign(e.target());
        assignUser(e);
      }
      case Event.Blank _,
          Event.NumbersWritten _,
          Event.UserErased _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          Event.SchemaChanged _,
          RelationEvent.RelationRemoved _,
          RelationEvent.StateCleared _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _ ->
          assignUser(event);
    }
  }

  /// Ends what the event ends; of an erased user not even the id is kept. Called after every view
  /// has seen the event; changes nothing for an event that is no deletion or erasure.
  public void retire(Event event) {
    if (event instanceof Event.EntityDeleted deleted) {
      of(deleted.kind()).retire(deleted.id());
    } else if (event instanceof Event.UserErased erased) {
      of(EntityKind.USER).forget(erased.user());
    }
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public Tag tag() {
    return Tag.SLOT;
  }

  @Override
  public FrozenPages freeze(boolean all) {
    return new FrozenSlots(kinds, all);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    int page = (int) key.page();
    if (key.page() != page || key.column() > KindSlots.DEAD) {
      throw new IllegalArgumentException("no page of slots: key=" + key);
    }
    of(EntityKind.ofCode(key.type())).load(page, key.column(), content);
  }

  @Override
  public void loaded(long position) {
    for (KindSlots kind : kinds) {
      kind.loaded();
    }
    loadedPosition = position;
  }

  @Override
  public void clear() {
    for (KindSlots kind : kinds) {
      kind.clear();
    }
    loadedPosition = 0;
  }

  @Override
  public void digest(StateSink sink) {
    for (KindSlots kind : kinds) {
      kind.digest(sink);
    }
  }

  @Override
  public List<String> verify() {
    List<String> wrong = new ArrayList<>();
    for (KindSlots kind : kinds) {
      wrong.addAll(kind.verify());
    }
    return wrong;
  }

  private void assignUser(Event event) {
    if (event.hasUser()) {
      of(EntityKind.USER).assign(event.user());
    }
  }

  private KindSlots of(EntityKind kind) {
    return kinds[kind.code() - 1];
  }
}
