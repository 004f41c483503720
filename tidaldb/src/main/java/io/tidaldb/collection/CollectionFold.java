package io.tidaldb.collection;

import io.tidaldb.collection.CollectionRows.Counters;
import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.SealedRow;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The collections that the writer is at work on: loaded when they are first asked for, kept while
/// there is room, and the batch that takes their changed rows to the backend.
///
/// **Threads.** The writer only.
final class CollectionFold {

  /// Rows of one batch beyond which it is written, at 64 bytes each far below what a backend takes.
  static final int BATCH_ROWS = 200_000;

  private static final byte[] NAME = "collection".getBytes(StandardCharsets.UTF_8);
  private static final long NAME_BYTES = 128;

  private final StorageBackend storage;
  private final Slots slots;
  private final CollectionReader reader;
  private final int batchRows;
  private final long loadedPosition;

  /// What the frame under way touched.
  private final Map<Long, Folded> touched = new LinkedHashMap<>();

  /// Items that came or went in the frame under way, and where.
  private final Map<Long, Set<Long>> touchedHolders = new HashMap<>();

  private final Recent<Folded> recent;
  private final Recent<Map<String, Long>> names;
  private int changedRows;
  private long lastId;
  private long count;

  CollectionFold(
      StorageBackend storage,
      Slots slots,
      CollectionReader reader,
      long cacheBytes,
      int batchRows) {
    this.storage = storage;
    this.slots = slots;
    this.batchRows = batchRows;
    this.reader = reader;
    this.recent = new Recent<>(cacheBytes / 4 * 3);
    this.names = new Recent<>(cacheBytes / 4);
    this.loadedPosition =
        storage.get(Keyspace.SYSTEM, positionKey()).map(CollectionRows::position).orElse(0L);
    storage
        .get(Keyspace.SYSTEM, CollectionRows.ownerKey(0))
        .map(CollectionRows::counters)
        .ifPresent(
            counters -> {
              lastId = counters.lastId();
              count = counters.count();
            });
    reader.counted(count);
  }

  private static byte[] positionKey() {
    return Keys.row(0, Tag.MV, NAME);
  }

  long loadedPosition() {
    return loadedPosition;
  }

  long lastId() {
    return lastId;
  }

  /* --- looking --- */

  /// A collection that exists, or did before the frame under way; null if there is none.
  @Nullable Folded collection(long id) {
    var folded = touched.get(id);
    if (folded != null) {
      return folded;
    }
    folded = recent.get(id);
    if (folded != null || id == 0) {
      return folded;
    }
    var header = reader.header(id);
    if (header.isEmpty()) {
      return null;
    }
    folded = new Folded(id, header.get().owner(), header.get());
    recent.put(id, folded, folded.weight());
    return folded;
  }

  Sequence members(Folded folded) {
    var members = folded.members;
    if (members == null) {
      members = load(folded);
      folded.members = members;
      if (!touched.containsKey(folded.id)) {
        recent.put(folded.id, folded, folded.weight());
      }
    }
    return members;
  }

  private Sequence load(Folded folded) {
    Map<Long, Member> members = new HashMap<>();
    byte[] prefix = CollectionRows.membersOf(folded.owner, folded.id);
    try (var cursor = storage.scanPrefix(Keyspace.USERS, prefix)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        members.put(CollectionRows.item(key), CollectionRows.member(key, cursor.value()));
      }
    }
    return Sequence.of(members);
  }

  /// The collections that hold an item, with what the frame under way changed.
  SortedSet<Long> holders(long item) {
    SortedSet<Long> holders = new TreeSet<>(touchedHolders.getOrDefault(item, Set.of()));
    try (var cursor = storage.scanPrefix(Keyspace.ITEMS, Keys.row(item, Tag.COLL))) {
      while (cursor.next()) {
        holders.add(CollectionRows.plainCollection(cursor.key()));
      }
    }
    return holders;
  }

  /// The collections of a user, with those that the frame under way touched.
  SortedSet<Long> owned(long user) {
    var owned = scan(CollectionRows.headersOf(user));
    touched.values().stream()
        .filter(folded -> folded.owner == user)
        .forEach(folded -> owned.add(folded.id));
    return owned;
  }

  /// The collections that are shared with a user, with those that the frame under way touched.
  SortedSet<Long> sharedWith(long user) {
    var shared = scan(CollectionRows.sharesOf(user));
    touched.values().stream()
        .filter(folded -> folded.header != null && folded.header.shares().contains(user))
        .forEach(folded -> shared.add(folded.id));
    return shared;
  }

  private SortedSet<Long> scan(byte[] prefix) {
    SortedSet<Long> found = new TreeSet<>();
    try (var cursor = storage.scanPrefix(Keyspace.USERS, prefix)) {
      while (cursor.next()) {
        found.add(CollectionRows.collection(cursor.key()));
      }
    }
    return found;
  }

  /// The collections of an owner by name.
  Map<String, Long> names(long owner) {
    var known = names.get(owner);
    if (known != null) {
      return known;
    }
    Map<String, Long> loaded = new HashMap<>();
    for (long id : owned(owner)) {
      var folded = collection(id);
      if (folded != null && folded.header != null) {
        loaded.put(folded.header.name(), id);
      }
    }
    names.put(owner, loaded, NAME_BYTES * (1 + loaded.size()));
    return loaded;
  }

  /* --- changing --- */

  private void touch(Folded folded) {
    if (touched.put(folded.id, folded) == null) {
      recent.remove(folded.id);
    }
  }

  void create(long position, CollectionCreated event) {
    long id = event.collection();
    var before = collection(id);
    if (id == 0 || (before != null && before.header != null)) {
      return;
    }
    var folded = before != null ? before : new Folded(id, event.user(), null);
    if (folded.owner != event.user()) {
      return;
    }
    touch(folded);
    folded.header =
        new Header(
            event.user(),
            id,
            event.name(),
            event.visibility(),
            event.time(),
            event.time(),
            position,
            0,
            List.of());
    folded.members = new Sequence();
    folded.headerChanged = true;
    named(folded, null);
    if (Long.compareUnsigned(id, lastId) > 0) {
      lastId = id;
    }
    count++;
  }

  void alter(Folded folded, CollectionChanged event) {
    touch(folded);
    var before = header(folded);
    var after = before.at(event.time());
    if (event.name().isPresent()) {
      after = after.withName(event.name().get());
    }
    if (event.visibility().isPresent()) {
      after = after.withVisibility(event.visibility().get());
    }
    if (event.shareAdded().isPresent()) {
      after = after.sharedWith(event.shareAdded().getAsLong());
      shareChanged(folded, event.shareAdded().getAsLong());
    }
    if (event.shareRemoved().isPresent()) {
      after = after.notSharedWith(event.shareRemoved().getAsLong());
      shareChanged(folded, event.shareRemoved().getAsLong());
    }
    folded.header = after;
    folded.headerChanged = true;
    named(folded, before);
  }

  void unshare(Folded folded, long user, long time) {
    touch(folded);
    folded.header = header(folded).notSharedWith(user).at(time);
    folded.headerChanged = true;
    shareChanged(folded, user);
  }

  private void shareChanged(Folded folded, long user) {
    if (folded.shares.add(user)) {
      changedRows++;
    }
  }

  void drop(Folded folded) {
    touch(folded);
    var header = header(folded);
    for (long item : members(folded).items()) {
      row(folded, item);
      holder(folded, item);
    }
    header.shares().forEach(user -> shareChanged(folded, user));
    folded.members = new Sequence();
    folded.header = null;
    folded.headerChanged = true;
    named(folded, header);
    count--;
  }

  /// A member row is another; after renumbering all are.
  void rowChanged(Folded folded, long item, boolean renumbered) {
    touch(folded);
    row(folded, item);
    if (renumbered) {
      for (long other : members(folded).items()) {
        row(folded, other);
      }
    }
  }

  private void row(Folded folded, long item) {
    if (folded.rows.add(item)) {
      changedRows++;
    }
  }

  /// An item came or went: its reverse row and the count are others.
  void membershipChanged(Folded folded, long item, long time) {
    holder(folded, item);
    headerChanged(folded, time);
  }

  private void holder(Folded folded, long item) {
    if (folded.reverse.add(item)) {
      changedRows++;
      touchedHolders.computeIfAbsent(item, _ -> new HashSet<>()).add(folded.id);
    }
  }

  void headerChanged(Folded folded, long time) {
    folded.header = header(folded).at(time).withCount(members(folded).size());
    folded.headerChanged = true;
  }

  private static Header header(Folded folded) {
    var header = folded.header;
    if (header == null) {
      throw new IllegalStateException("collection is gone: id=" + folded.id);
    }
    return header;
  }

  /// Keeps the names of the owner, if they are loaded, equal to the headers.
  private void named(Folded folded, @Nullable Header before) {
    var known = names.get(folded.owner);
    if (known == null) {
      return;
    }
    if (before != null) {
      known.remove(before.name(), folded.id);
    }
    if (folded.header != null) {
      known.put(folded.header.name(), folded.id);
    }
    names.put(folded.owner, known, NAME_BYTES * (1 + known.size()));
  }

  /* --- writing --- */

  /// Writes what is folded if it became very much; the position is that of the last whole event.
  void spill(long position) {
    if (changedRows > batchRows) {
      write(position);
    }
  }

  void publish(long position) {
    if (!touched.isEmpty()) {
      write(position);
    }
  }

  void write(long position) {
    var batch = new WriteBatch();
    touched.values().forEach(folded -> put(batch, folded));
    if (!touched.isEmpty()) {
      var counters = new Counters(lastId, count, slots.count(EntityKind.ITEM));
      batch.put(Keyspace.SYSTEM, CollectionRows.ownerKey(0), CollectionRows.encode(counters));
    }
    batch.put(Keyspace.SYSTEM, positionKey(), SealedRow.seal(position));
    storage.writeBatch(batch);
    reader.changed(touched.keySet(), count);
    for (var folded : touched.values()) {
      folded.written();
      if (folded.header != null) {
        recent.put(folded.id, folded, folded.weight());
      }
    }
    touched.clear();
    touchedHolders.clear();
    changedRows = 0;
  }

  private static void put(WriteBatch batch, Folded folded) {
    byte[] none = new byte[0];
    var header = folded.header;
    if (folded.headerChanged) {
      byte[] key = CollectionRows.headerKey(folded.owner, folded.id);
      byte[] ownerKey = CollectionRows.ownerKey(folded.id);
      if (header == null) {
        batch.delete(Keyspace.USERS, key).delete(Keyspace.SYSTEM, ownerKey);
      } else {
        batch
            .put(Keyspace.USERS, key, CollectionRows.encode(header))
            .put(Keyspace.SYSTEM, ownerKey, SealedRow.seal(folded.owner));
      }
    }
    for (long user : folded.shares) {
      byte[] key = CollectionRows.shareKey(user, folded.id);
      if (header != null && header.shares().contains(user)) {
        batch.put(Keyspace.USERS, key, none);
      } else {
        batch.delete(Keyspace.USERS, key);
      }
    }
    var members = folded.members;
    for (long item : folded.rows) {
      byte[] key = CollectionRows.memberKey(folded.owner, folded.id, item);
      var member = members == null ? null : members.member(item);
      if (member == null) {
        batch.delete(Keyspace.USERS, key);
      } else {
        batch.put(Keyspace.USERS, key, CollectionRows.encode(member));
      }
    }
    for (long item : folded.reverse) {
      byte[] key = CollectionRows.reverseKey(item, folded.id);
      if (members != null && members.contains(item)) {
        batch.put(Keyspace.ITEMS, key, none);
      } else {
        batch.delete(Keyspace.ITEMS, key);
      }
    }
  }
}
