package io.tidaldb.collection;

import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What may be asked of collections, as of the last published frame. A viewer is a user who may see
/// some of them; a call without one is trusted. What a viewer may not see does not exist for it.
///
/// **Threads.** Any. A whole collection is copied when it is first read after a change and shared
/// until the next one; readers never wait for the writer, at most for each other's copies.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `versions` | writer, after the rows | volatile | volatile | a copy from before a frame that is not answered yet |
/// | `count` | writer | volatile | volatile | as above |
public final class CollectionReader {

  private static final int STRIPES = 4_096;
  private static final int SNAPSHOTS_MAX = 16;
  private static final int HEX = 16;

  private final StorageBackend storage;
  private final Slots slots;
  private final Recent<Listing> listings;
  private final AtomicLongArray versions = new AtomicLongArray(STRIPES);
  private final Semaphore snapshots = new Semaphore(SNAPSHOTS_MAX);
  private volatile long count;

  CollectionReader(StorageBackend storage, Slots slots, long cacheBytes) {
    this.storage = storage;
    this.slots = slots;
    this.listings = new Recent<>(cacheBytes);
  }

  /* --- what the writer tells --- */

  void counted(long collections) {
    count = collections;
  }

  /// The rows of these collections are others now.
  void changed(Set<Long> collections, long collectionCount) {
    count = collectionCount;
    collections.forEach(id -> versions.incrementAndGet(stripe(id)));
  }

  private static int stripe(long collection) {
    return Long.hashCode(collection) & (STRIPES - 1);
  }

  /* --- what any thread asks --- */

  /// How many collections there are.
  public long count() {
    return count;
  }

  /// A collection.
  ///
  /// @throws NotFoundException if there is none, or none for this viewer
  public CollectionInfo info(long collection, OptionalLong viewer) {
    return header(collection)
        .filter(header -> header.isReadableBy(viewer))
        .orElseThrow(() -> unknown(collection))
        .info();
  }

  /// The collections of an owner that are listed to a viewer, by id: all of them to the owner,
  /// those that are public or shared with it to another.
  public List<CollectionInfo> list(long owner, OptionalLong viewer) {
    List<CollectionInfo> found = new ArrayList<>();
    try (var cursor = storage.scanPrefix(Keyspace.USERS, CollectionRows.headersOf(owner))) {
      while (cursor.next()) {
        var header = CollectionRows.header(cursor.key(), cursor.value());
        if (header.isListedTo(viewer)) {
          found.add(header.info());
        }
      }
    }
    return found;
  }

  /// The collections of an owner that hold an item, by id.
  public List<CollectionInfo> holding(long item, long owner) {
    return inSnapshot(
        snapshot -> {
          List<CollectionInfo> found = new ArrayList<>();
          try (var cursor = snapshot.scanPrefix(Keyspace.USERS, CollectionRows.headersOf(owner))) {
            while (cursor.next()) {
              long id = CollectionRows.collection(cursor.key());
              byte[] member = CollectionRows.memberKey(owner, id, item);
              if (snapshot.get(Keyspace.USERS, member).isPresent()) {
                found.add(CollectionRows.header(cursor.key(), cursor.value()).info());
              }
            }
          }
          return found;
        });
  }

  /// Members in order.
  ///
  /// @throws NotFoundException if there is no such collection, or none for this viewer
  public Page<CollectionItem> items(long collection, OptionalLong viewer, PageRequest request) {
    var listing = listing(collection, viewer);
    int from = request.after().map(token -> behind(listing, token, request)).orElse(0);
    int to = Math.min(from + request.limit(), listing.items.length);
    List<CollectionItem> page = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      page.add(
          new CollectionItem(
              EntityId.of(listing.items[i]), i, Timestamp.ofNanos(listing.addedAt(i))));
    }
    return new Page<>(
        page, to < listing.items.length ? Optional.of(token(listing, to - 1)) : Optional.empty());
  }

  private static String token(Listing listing, int index) {
    return Long.toHexString(listing.order(index)) + "-" + Long.toHexString(listing.items[index]);
  }

  private static int behind(Listing listing, String token, PageRequest request) {
    int dash = token.indexOf('-');
    try {
      return listing.behind(
          Long.parseUnsignedLong(token, 0, Math.max(dash, 0), HEX),
          Long.parseUnsignedLong(token, dash + 1, token.length(), HEX));
    } catch (NumberFormatException e) {
      var refusal = request.tokenInvalid("collection items");
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /// The slots of the items in a collection, for filters. Shared: not to be changed. Cheap until
  /// the collection changes.
  ///
  /// @throws NotFoundException if there is no such collection, or none for this viewer
  public RoaringBitmap slots(long collection, OptionalLong viewer) {
    return listing(collection, viewer).slots();
  }

  /// The slots of the items in any collection of an owner, for filters. The caller's own.
  public RoaringBitmap slotsOf(long owner) {
    var all = new RoaringBitmap();
    for (var info : list(owner, OptionalLong.empty())) {
      var listing = listing(info.id().value());
      if (listing != null) {
        all.or(listing.slots());
      }
    }
    return all;
  }

  private static NotFoundException unknown(long collection) {
    return new NotFoundException(
        "collection", Long.toUnsignedString(collection), "list the owner's collections");
  }

  /// A collection as it stands in the rows.
  Optional<Header> header(long collection) {
    if (collection == 0) {
      return Optional.empty();
    }
    return storage
        .get(Keyspace.SYSTEM, CollectionRows.ownerKey(collection))
        .flatMap(
            owner -> {
              byte[] key =
                  CollectionRows.headerKey(CollectionRows.owner(owner, collection), collection);
              return storage
                  .get(Keyspace.USERS, key)
                  .map(value -> CollectionRows.header(key, value));
            });
  }

  /* --- whole collections --- */

  private Listing listing(long collection, OptionalLong viewer) {
    var listing = listing(collection);
    if (listing == null || !listing.header.isReadableBy(viewer)) {
      throw unknown(collection);
    }
    return listing;
  }

  private @Nullable Listing listing(long collection) {
    var known = listings.get(collection);
    if (known != null && known.version == versions.get(stripe(collection))) {
      return known;
    }
    var copied = copy(collection);
    if (copied == null) {
      listings.remove(collection);
    } else {
      listings.put(collection, copied, copied.weight());
    }
    return copied;
  }

  /// The version is read before the rows: a copy of newer rows counts as old and is made again.
  private @Nullable Listing copy(long collection) {
    if (collection == 0) {
      return null;
    }
    long version = versions.get(stripe(collection));
    return inSnapshot(snapshot -> copy(snapshot, collection, version));
  }

  private @Nullable Listing copy(StorageBackend.Snapshot snapshot, long collection, long version) {
    var ownerRow = snapshot.get(Keyspace.SYSTEM, CollectionRows.ownerKey(collection));
    if (ownerRow.isEmpty()) {
      return null;
    }
    long owner = CollectionRows.owner(ownerRow.get(), collection);
    byte[] headerKey = CollectionRows.headerKey(owner, collection);
    var header =
        snapshot
            .get(Keyspace.USERS, headerKey)
            .map(value -> CollectionRows.header(headerKey, value))
            .orElseThrow(() -> lost(owner, collection));
    var items = new ArrayList<Row>(header.count());
    byte[] prefix = CollectionRows.membersOf(owner, collection);
    try (var cursor = snapshot.scanPrefix(Keyspace.USERS, prefix)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        items.add(new Row(CollectionRows.item(key), CollectionRows.member(key, cursor.value())));
      }
    }
    items.sort((a, b) -> Long.compare(a.member.order(), b.member.order()));
    return new Listing(
        version,
        header,
        items.stream().mapToLong(Row::item).toArray(),
        items.stream().mapToLong(row -> row.member.order()).toArray(),
        items.stream().mapToLong(row -> row.member.addedAt()).toArray(),
        slotsOf(items, slotCount(snapshot)));
  }

  private record Row(long item, Member member) {}

  /// How many slots were given when the rows were written.
  private static long slotCount(StorageBackend.Snapshot snapshot) {
    return snapshot
        .get(Keyspace.SYSTEM, CollectionRows.ownerKey(0))
        .map(CollectionRows::counters)
        .map(CollectionRows.Counters::slots)
        .orElse(0L);
  }

  /// A slot given after the rows were written belongs to another life of an item.
  private RoaringBitmap slotsOf(List<Row> items, long slotCount) {
    int[] found =
        items.stream()
            .mapToInt(row -> slots.slot(EntityKind.ITEM, row.item))
            .filter(slot -> slot >= 0 && slot < slotCount)
            .toArray();
    Arrays.sort(found);
    return RoaringBitmap.bitmapOf(found);
  }

  private static CorruptionException lost(long owner, long collection) {
    return CollectionRows.damaged(CollectionRows.where(owner, collection), "a header", "none");
  }

  /// Readers take turns before a backend's own bound refuses them.
  private <T extends @Nullable Object> T inSnapshot(Function<StorageBackend.Snapshot, T> read) {
    snapshots.acquireUninterruptibly();
    try (var snapshot = storage.snapshot()) {
      return read.apply(snapshot);
    } finally {
      snapshots.release();
    }
  }
}
