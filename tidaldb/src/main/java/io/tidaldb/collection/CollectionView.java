package io.tidaldb.collection;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.log.CollectionEvent.CollectionDropped;
import io.tidaldb.log.CollectionEvent.ItemAdded;
import io.tidaldb.log.CollectionEvent.ItemMoved;
import io.tidaldb.log.CollectionEvent.ItemRemoved;
import io.tidaldb.log.Event;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.RowView;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.StorageBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The view of collections: rows, written through in one batch per published frame.
///
/// What a frame changes is kept in memory while it is folded. A frame that changes very many rows
/// (an item in a million collections is deleted) is written in several batches, each of which holds
/// whole events, or whole collections of the one event under way, with the position behind which
/// replay begins; an event that goes through many collections gives the same result when it is
/// folded again over a part of itself.
///
/// **Threads.** The writer applies, publishes and asks what is folded; any thread reads through
/// [#reader()].
public final class CollectionView implements RowView {

  private final StorageBackend storage;
  private final CrashInjector injector;
  private final CollectionFold fold;
  private final CollectionReader reader;
  private final long loadedPosition;

  /// The collections in this backend.
  ///
  /// @param cacheBytes how much of them may be kept in memory
  public CollectionView(
      StorageBackend storage, Slots slots, CrashInjector injector, long cacheBytes) {
    this(storage, slots, injector, cacheBytes, CollectionFold.BATCH_ROWS);
  }

  /// The same with batches of about so many rows.
  CollectionView(
      StorageBackend storage, Slots slots, CrashInjector injector, long cacheBytes, int batchRows) {
    this.storage = storage;
    this.injector = injector;
    this.reader = new CollectionReader(storage, slots, cacheBytes / 2);
    this.fold = new CollectionFold(storage, slots, reader, cacheBytes / 2, batchRows);
    this.loadedPosition = fold.loadedPosition();
  }

  @Override
  public String name() {
    return "collection";
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  /// What any thread may read.
  public CollectionReader reader() {
    return reader;
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case CollectionEvent change -> change(position, change);
      case Event.EntityDeleted deleted -> {
        if (deleted.kind() == EntityKind.ITEM) {
          takeOutEverywhere(position, deleted);
        }
      }
      case Event.UserErased erased -> forget(position, erased);
      case Event.SignalRecorded _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          Event.SchemaChanged _,
          Event.Blank _,
          RelationEvent _,
          CohortEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
    fold.spill(position);
  }

  private void change(long position, CollectionEvent event) {
    if (event instanceof CollectionCreated created) {
      fold.create(position, created);
      return;
    }
    var folded = fold.collection(event.collection());
    if (folded == null || folded.header == null) {
      return;
    }
    switch (event) {
      case CollectionCreated _ -> {}
      case CollectionChanged changed -> fold.alter(folded, changed);
      case CollectionDropped _ -> fold.drop(folded);
      case ItemAdded added -> {
        var members = fold.members(folded);
        if (!members.contains(added.item())) {
          int index = place(added.index(), members.size());
          boolean renumbered = members.insert(index, added.item(), added.time(), position);
          fold.rowChanged(folded, added.item(), renumbered);
          injector.reached(CrashPoint.COLLECTION_INDEX_UPDATE);
          fold.membershipChanged(folded, added.item(), added.time());
        }
      }
      case ItemRemoved removed -> takeOut(folded, removed.item(), removed.time());
      case ItemMoved moved -> move(folded, moved);
    }
  }

  /// The place that an index means among so many: −1, and what lies beyond, is the end.
  private static int place(int index, int size) {
    return index < 0 || index > size ? size : index;
  }

  private void takeOut(Folded folded, long item, long time) {
    var members = fold.members(folded);
    if (members.contains(item)) {
      members.remove(item);
      fold.rowChanged(folded, item, false);
      injector.reached(CrashPoint.COLLECTION_INDEX_UPDATE);
      fold.membershipChanged(folded, item, time);
    }
  }

  private void move(Folded folded, ItemMoved moved) {
    var members = fold.members(folded);
    var member = members.member(moved.item());
    if (member == null) {
      return;
    }
    int index = place(moved.index(), members.size() - 1);
    if (index == members.index(moved.item())) {
      return;
    }
    members.remove(moved.item());
    boolean renumbered = members.insert(index, moved.item(), member.addedAt(), member.position());
    fold.rowChanged(folded, moved.item(), renumbered);
    injector.reached(CrashPoint.COLLECTION_INDEX_UPDATE);
    fold.headerChanged(folded, moved.time());
  }

  private void takeOutEverywhere(long position, Event.EntityDeleted deleted) {
    for (long id : fold.holders(deleted.id())) {
      var folded = fold.collection(id);
      if (folded != null && folded.header != null) {
        takeOut(folded, deleted.id(), deleted.time());
        fold.spill(position - 1);
      }
    }
  }

  private void forget(long position, Event.UserErased erased) {
    for (long id : fold.owned(erased.user())) {
      var folded = fold.collection(id);
      if (folded != null && folded.header != null) {
        fold.drop(folded);
        fold.spill(position - 1);
      }
    }
    for (long id : fold.sharedWith(erased.user())) {
      var folded = fold.collection(id);
      // Stored rows may still say what an event of this batch has ended.
      if (folded != null
          && folded.header != null
          && folded.header.shares().contains(erased.user())) {
        fold.unshare(folded, erased.user(), erased.time());
        fold.spill(position - 1);
      }
    }
  }

  /// Collections that the user owns or may see by name.
  @Override
  public long countOf(long user) {
    return (long) fold.owned(user).size() + fold.sharedWith(user).size();
  }

  /// A frame that changes no collection costs nothing here.
  @Override
  public void publish(long position) {
    fold.publish(position);
  }

  @Override
  public void mark(long position) {
    fold.write(position);
  }

  /* --- what the writer asks --- */

  /// What is folded of a collection. Writer only.
  public Optional<Header> header(long collection) {
    var folded = fold.collection(collection);
    return folded == null ? Optional.empty() : Optional.ofNullable(folded.header);
  }

  /// Whether an item is a member. Writer only.
  public boolean contains(long collection, long item) {
    var folded = fold.collection(collection);
    return folded != null && folded.header != null && fold.members(folded).contains(item);
  }

  /// The place of a member, or −1. Writer only.
  public int index(long collection, long item) {
    var folded = fold.collection(collection);
    return folded == null || folded.header == null ? -1 : fold.members(folded).index(item);
  }

  /// The members in order, a copy. Writer only.
  public long[] items(long collection) {
    var folded = fold.collection(collection);
    return folded == null || folded.header == null ? new long[0] : fold.members(folded).items();
  }

  /// The collections of an owner by name; changes only when events are applied. Writer only.
  public Map<String, Long> names(long owner) {
    return fold.names(owner);
  }

  /// The highest id that was ever given. Writer only.
  public long lastId() {
    return fold.lastId();
  }

  /// Every item that is a member of something, each once.
  public Set<Long> heldItems() {
    return new CollectionAudit(storage).heldItems();
  }

  @Override
  public void digest(StateSink sink) {
    new CollectionAudit(storage).digest(sink);
  }

  @Override
  public List<String> verify() {
    return new CollectionAudit(storage).verify();
  }
}
