package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.RowView;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.SealedRow;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The relations of users (follow, block, hide, mute) and what they told of items (liked, disliked,
/// saved), as rows of the storage backend; see [RelationCodec] for their bytes.
///
/// With its position the view saves the newest event time and the meanings of signal types, so that
/// it goes on from its rows alone. A frame's rows reach the backend in one batch when it is
/// published.
///
/// **Threads.** The writer applies and publishes; any thread reads what is published.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `published` | writer, after the batch | volatile | volatile | totals of one frame ago |
public final class Relations implements RowView {

  private static final byte[] NAME = "relation".getBytes(StandardCharsets.UTF_8);
  private static final String DAMAGED = "position of the relations is damaged";
  private static final String POSITION_ROW = "SYSTEM/MV/relation";
  private static final int FORGET_MAX = 256;

  private final StorageBackend storage;
  private final Slots slots;
  private final RowOverlay overlay;
  private final RelationFold fold;
  private final RowLists lists;
  private final long loadedPosition;
  private final long[] held = new long[RelationCodec.REVERSE];
  private long nextForgotten;
  private long deletions;
  private volatile Published published = new Published(0, Empty.LONGS);

  /// What readers may know beside the rows. Immutable.
  private static final class Published {

    /// Items deleted since opening.
    private final long deletions;

    /// Rows that hold, by code of the list.
    private final long[] held;

    Published(long deletions, long[] held) {
      this.deletions = deletions;
      this.held = held;
    }
  }

  /// The rows of this backend.
  ///
  /// @param slots folded before this view sees an event
  /// @param cacheBytes what lists of users may take in memory
  public Relations(StorageBackend storage, Slots slots, long cacheBytes) {
    this.storage = storage;
    this.slots = slots;
    this.overlay = new RowOverlay(storage);
    this.fold = new RelationFold(overlay, slots);
    this.lists = new RowLists(cacheBytes);
    this.loadedPosition = storage.get(Keyspace.SYSTEM, positionKey()).map(this::start).orElse(0L);
  }

  /// The saved position, behind which it goes on:
  ///
  /// ```
  ///  0            8                  16                                72                n
  /// +------------+------------------+---------------------------------+-----------------+--------
  /// | position   | newest event i64 | rows that hold, i64 × 7 lists   | meanings, UTF-8 | CRC32C
  /// +------------+------------------+---------------------------------+-----------------+--------
  /// ```
  private long start(byte[] bytes) {
    var in = SealedRow.open(bytes, DAMAGED, POSITION_ROW);
    try {
      long position = in.getLong();
      long newest = in.getLong();
      for (int list : totals()) {
        held[list] = in.getLong();
      }
      var text = StandardCharsets.UTF_8.decode(in).toString();
      fold.start(newest, Meanings.parse(text));
      published = new Published(0, held.clone());
      return position;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new CorruptionException(
          DAMAGED,
          POSITION_ROW,
          -1,
          0,
          "position, time, totals, meanings",
          bytes.length + " bytes: " + e.getMessage());
    }
  }

  private static byte[] positionKey() {
    return Keys.row(0, Tag.MV, NAME);
  }

  /// Lists whose rows are counted over all users.
  private static int[] totals() {
    return new int[] {
      RelationType.FOLLOW.code(),
      RelationType.BLOCK.code(),
      RelationType.HIDE.code(),
      RelationType.MUTE.code(),
      RelationCodec.STATE | UserState.LIKED.code(),
      RelationCodec.STATE | UserState.DISLIKED.code(),
      RelationCodec.STATE | UserState.SAVED.code()
    };
  }

  @Override
  public String name() {
    return "relations";
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public long countOf(long user) {
    return overlay.countOf(user);
  }

  @Override
  public void apply(long position, Event event) {
    fold.fold(event);
    if (event instanceof Event.EntityDeleted deleted && deleted.kind() == EntityKind.ITEM) {
      deletions++;
    }
  }

  /// A frame that changes no row costs nothing here.
  @Override
  public void publish(long position) {
    if (!overlay.isEmpty()) {
      write(position);
    } else if (deletions != published.deletions) {
      published = new Published(deletions, published.held);
    }
  }

  @Override
  public void mark(long position) {
    write(position);
  }

  private void write(long position) {
    forget();
    var batch = new WriteBatch();
    overlay.write(batch);
    var text = fold.meanings().text().getBytes(StandardCharsets.UTF_8);
    var state = ByteBuffer.allocate(16 + 8 * totals().length + text.length);
    state.putLong(position).putLong(fold.newest());
    for (int list : totals()) {
      held[list] += overlay.heldChange(list);
      state.putLong(held[list]);
    }
    var _ = batch.put(Keyspace.SYSTEM, positionKey(), SealedRow.seal(state.put(text)));
    storage.writeBatch(batch);
    published = new Published(deletions, held.clone());
    lists.changed(overlay.changedLists());
    nextForgotten = Math.min(nextForgotten, overlay.earliestMark());
    overlay.clear();
  }

  /// Takes away some of the marks that count no more. They would not be seen anyway.
  private void forget() {
    long horizon = fold.newest() - RelationFold.MARK_NANOS;
    if (nextForgotten >= horizon) {
      return;
    }
    int count = 0;
    long next = Long.MAX_VALUE;
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, RelationCodec.marks())) {
      while (cursor.next()) {
        long time = RelationCodec.markTime(cursor.key());
        if (time >= horizon || count++ == FORGET_MAX) {
          next = time;
          break;
        }
        var key = RelationCodec.markedRow(cursor.key());
        var row = overlay.get(key);
        if (row != null && RelationFold.isForgotten(row, fold.newest())) {
          overlay.put(key, row, null);
        }
      }
    }
    nextForgotten = next;
  }

  /* --- reading, any thread --- */

  /// Rows that hold over all users.
  public long total(RelationType type) {
    long[] now = published.held;
    return type.code() < now.length ? now[type.code()] : 0;
  }

  /// How many relations of this type a user has.
  public long count(long user, RelationType type) {
    return RowOverlay.storedCount(storage, ListKey.of(user, type));
  }

  /// How many users stand in this relation (follow, block) to a target.
  public long reverseCount(EntityKind kind, long target, RelationType type) {
    return RowOverlay.storedCount(storage, ListKey.reverse(kind, target, type));
  }

  /// A relation that holds, or null.
  @Nullable Row relation(long user, RelationType type, EntityKind kind, long target) {
    var row = RowOverlay.stored(storage, RowKey.edge(user, type, kind, target));
    return row == null || row.removed() ? null : row;
  }

  /// Whether a user told to have a state about the present life of an item.
  boolean told(long user, UserState state, long item) {
    var row = RowOverlay.stored(storage, RowKey.state(user, state, item));
    return row != null && !row.removed() && row.slot() == slots.slot(EntityKind.ITEM, item);
  }

  /// A user's relations of a type.
  RowList list(long user, RelationType type) {
    return lists.get(ListKey.of(user, type), this::read);
  }

  /// What a user told.
  RowList list(long user, UserState state) {
    return lists.get(ListKey.of(user, state), this::read);
  }

  /// Who blocks an account, under one of its two kinds.
  RowList blockers(EntityKind kind, long account) {
    return lists.get(ListKey.reverse(kind, account, RelationType.BLOCK), this::readReverse);
  }

  /// The slots of items that a user hid, the caller's own.
  RoaringBitmap hidden(long user) {
    long before = published.deletions;
    return list(user, RelationType.HIDE).itemSlots(slots, before);
  }

  private RowList read(ListKey key) {
    var rows = new RowList.Builder();
    try (var cursor = storage.scanPrefix(Keyspace.USERS, RelationCodec.prefix(key))) {
      while (cursor.next()) {
        var name = RelationCodec.row(cursor.key());
        var row = RelationCodec.row(name, cursor.value());
        if (!row.removed()) {
          rows.add(name, row);
        }
      }
    }
    return rows.build((key.list() & RelationCodec.STATE) != 0);
  }

  private RowList readReverse(ListKey key) {
    var rows = new RowList.Builder();
    try (var cursor =
        storage.scanPrefix(RelationCodec.keyspace(key.kind()), RelationCodec.prefix(key))) {
      while (cursor.next()) {
        if (cursor.value().length == 0) {
          long user = RelationCodec.reverseUser(cursor.key());
          var name = new RowKey(key.owner(), key.list(), EntityKind.USER, user);
          rows.add(name, Row.edge(0, 0, 0));
        }
      }
    }
    return rows.build(false);
  }

  /// Users who stand in a relation (follow, block) to a target, in unsigned order.
  ///
  /// @param after only users above this one; empty to begin
  /// @param limit at most so many
  public List<EntityId> reverse(
      EntityKind kind, long target, RelationType type, Optional<EntityId> after, int limit) {
    List<EntityId> found = new ArrayList<>();
    byte[] prefix = RelationCodec.prefix(ListKey.reverse(kind, target, type));
    try (var snapshot = storage.snapshot()) {
      if (after.isEmpty()) {
        collect(snapshot, kind, prefix, limit, found);
        return found;
      }
      // Ids above x share x's first bytes and then have a greater one: a prefix for each such byte.
      byte[] id = ByteBuffer.allocate(8).putLong(after.get().value()).array();
      for (int shared = 7; shared >= 0; shared--) {
        for (int next = (id[shared] & 0xFF) + 1; next < 256 && found.size() < limit; next++) {
          byte[] longer = Arrays.copyOf(prefix, prefix.length + shared + 1);
          System.arraycopy(id, 0, longer, prefix.length, shared);
          longer[prefix.length + shared] = (byte) next;
          collect(snapshot, kind, longer, limit, found);
        }
      }
    }
    return found;
  }

  private static void collect(
      StorageBackend.Snapshot snapshot,
      EntityKind kind,
      byte[] prefix,
      int limit,
      List<EntityId> found) {
    try (var cursor = snapshot.scanPrefix(RelationCodec.keyspace(kind), prefix)) {
      while (found.size() < limit && cursor.next()) {
        if (cursor.value().length == 0) {
          found.add(EntityId.of(RelationCodec.reverseUser(cursor.key())));
        }
      }
    }
  }

  /// What comes of events that are not applied yet, on top of what is. Writer only.
  public RelationsAhead ahead() {
    return new RelationsAhead(storage, slots, fold);
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    sink.entry("relations", "newest").value("time", fold.newest());
    sink.entry("relations", "meanings").value("types", fold.meanings().text());
    forEachRow(
        (key, row) -> {
          boolean isOfEarlierLife =
              key.isState() && row.slot() != slots.slot(EntityKind.ITEM, key.target());
          if (!isOfEarlierLife && !RelationFold.isForgotten(row, fold.newest())) {
            sink.entry("relation", name(key))
                .value("weight", row.weight())
                .value("since", row.since())
                .value("changed", row.changed())
                .value("removed", row.removed() ? 1 : 0);
          }
        });
  }

  static String name(RowKey key) {
    boolean isState = key.isState();
    var list =
        isState
            ? UserState.ofCode(key.list() & ~RelationCodec.STATE).label()
            : RelationType.ofCode(key.list()).label();
    return "USER "
        + Long.toUnsignedString(key.user())
        + " "
        + list
        + " "
        + key.kind()
        + " "
        + Long.toUnsignedString(key.target());
  }

  interface RowConsumer {
    void accept(RowKey key, Row row);
  }

  void forEachRow(RowConsumer consumer) {
    try (var cursor = storage.scanPrefix(Keyspace.USERS, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.REL && RelationCodec.isRow(key)) {
          var name = RelationCodec.row(key);
          consumer.accept(name, RelationCodec.row(name, cursor.value()));
        }
      }
    }
  }

  @Override
  public List<String> verify() {
    return new RelationAudit(this, storage).findings(held, totals());
  }
}
