package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows as they will be: those of the backend and, before them, what was folded and not yet
/// written.
///
/// **Threads.** The writer only.
final class RowOverlay {

  private record Mark(long time, RowKey row) {}

  private final StorageBackend storage;
  private final Map<RowKey, Optional<Row>> rows = new HashMap<>();
  private final Map<ListKey, Long> counts = new HashMap<>();
  private final Map<Mark, Boolean> marks = new HashMap<>();
  private final long[] heldChange = new long[RelationCodec.REVERSE];

  RowOverlay(StorageBackend storage) {
    this.storage = storage;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void clear() {
    if (!rows.isEmpty()) {
      rows.clear();
      counts.clear();
      marks.clear();
      Arrays.fill(heldChange, 0);
    }
  }

  /// How many more rows hold in all lists of a code.
  long heldChange(int list) {
    return heldChange[list];
  }

  @Nullable Row get(RowKey key) {
    var folded = rows.get(key);
    return folded != null ? folded.orElse(null) : stored(storage, key);
  }

  static @Nullable Row stored(StorageBackend storage, RowKey key) {
    return storage
        .get(Keyspace.USERS, RelationCodec.key(key))
        .map(value -> RelationCodec.row(key, value))
        .orElse(null);
  }

  /// How many rows of a list hold.
  long count(ListKey list) {
    var folded = counts.get(list);
    return folded != null ? folded : storedCount(storage, list);
  }

  static long storedCount(StorageBackend storage, ListKey list) {
    return storage
        .get(RelationCodec.keyspace(list.kind()), RelationCodec.countKey(list))
        .map(value -> RelationCodec.count(value, list))
        .orElse(0L);
  }

  /// Replaces a row; null takes it away.
  ///
  /// @param before what [#get] gave
  void put(RowKey key, @Nullable Row before, @Nullable Row after) {
    rows.put(key, Optional.ofNullable(after));
    boolean held = before != null && !before.removed();
    boolean holds = after != null && !after.removed();
    if (held != holds) {
      int change = holds ? 1 : -1;
      heldChange[key.list()] += change;
      add(key.forward(), change);
      if (key.hasReverse()) {
        add(key.reverse(), change);
      }
    }
    if (before != null && before.removed()) {
      marks.put(new Mark(before.changed(), key), false);
    }
    if (after != null && after.removed()) {
      marks.put(new Mark(after.changed(), key), true);
    }
  }

  private void add(ListKey list, int change) {
    counts.put(list, count(list) + change);
  }

  /// How many rows name a user, marks too.
  long countOf(long user) {
    long count = rowsOf(user, 0).stream().filter(key -> get(key) != null).count();
    for (var type : new RelationType[] {RelationType.FOLLOW, RelationType.BLOCK}) {
      count +=
          rowsTo(ListKey.reverse(EntityKind.USER, user, type)).stream()
              .filter(key -> key.user() != user && get(key) != null)
              .count();
    }
    return count;
  }

  /// Every row of a user whose list this is, marks too; all lists if the code is 0.
  List<RowKey> rowsOf(long user, int list) {
    Set<RowKey> found = new LinkedHashSet<>();
    byte[] prefix =
        list == 0
            ? Keys.row(user, Tag.REL)
            : RelationCodec.prefix(new ListKey(EntityKind.USER, user, list));
    try (var cursor = storage.scanPrefix(Keyspace.USERS, prefix)) {
      while (cursor.next()) {
        if (RelationCodec.isRow(cursor.key())) {
          found.add(RelationCodec.row(cursor.key()));
        }
      }
    }
    rows.forEach(
        (key, row) -> {
          if (key.user() == user && (list == 0 || key.list() == list)) {
            found.add(key);
          }
        });
    return new ArrayList<>(found);
  }

  /// Every row that has this reverse list's owner as its target, marks too.
  List<RowKey> rowsTo(ListKey reverse) {
    int list = reverse.list() & ~RelationCodec.REVERSE;
    Set<RowKey> found = new LinkedHashSet<>();
    try (var cursor =
        storage.scanPrefix(RelationCodec.keyspace(reverse.kind()), RelationCodec.prefix(reverse))) {
      while (cursor.next()) {
        long user = RelationCodec.reverseUser(cursor.key());
        found.add(new RowKey(user, list, reverse.kind(), reverse.owner()));
      }
    }
    rows.forEach(
        (key, row) -> {
          if (key.list() == list && key.reverse().equals(reverse)) {
            found.add(key);
          }
        });
    return new ArrayList<>(found);
  }

  /// Adds everything folded to a batch.
  void write(WriteBatch batch) {
    rows.forEach(
        (key, row) -> {
          byte[] bytes = RelationCodec.key(key);
          row.ifPresentOrElse(
              kept -> put(batch, Keyspace.USERS, bytes, RelationCodec.value(key, kept)),
              () -> delete(batch, Keyspace.USERS, bytes));
          if (key.hasReverse()) {
            var keyspace = RelationCodec.keyspace(key.kind());
            byte[] reverse = RelationCodec.reverseKey(key);
            row.ifPresentOrElse(
                kept -> put(batch, keyspace, reverse, RelationCodec.reverseValue(kept)),
                () -> delete(batch, keyspace, reverse));
          }
        });
    counts.forEach(
        (list, count) -> {
          var keyspace = RelationCodec.keyspace(list.kind());
          if (count == 0) {
            delete(batch, keyspace, RelationCodec.countKey(list));
          } else {
            put(batch, keyspace, RelationCodec.countKey(list), RelationCodec.countValue(count));
          }
        });
    marks.forEach(
        (mark, kept) -> {
          byte[] key = RelationCodec.markKey(mark.row, mark.time);
          if (kept) {
            put(batch, Keyspace.SYSTEM, key, new byte[0]);
          } else {
            delete(batch, Keyspace.SYSTEM, key);
          }
        });
  }

  private static void put(WriteBatch batch, Keyspace keyspace, byte[] key, byte[] value) {
    var _ = batch.put(keyspace, key, value);
  }

  private static void delete(WriteBatch batch, Keyspace keyspace, byte[] key) {
    var _ = batch.delete(keyspace, key);
  }

  /// The lists that changed.
  Set<ListKey> changedLists() {
    Set<ListKey> changed = new LinkedHashSet<>();
    for (var key : rows.keySet()) {
      changed.add(key.forward());
      if (key.hasReverse()) {
        changed.add(key.reverse());
      }
    }
    return changed;
  }

  /// The earliest mark that was made; `Long.MAX_VALUE` if none was.
  long earliestMark() {
    long earliest = Long.MAX_VALUE;
    for (var mark : marks.entrySet()) {
      if (mark.getValue()) {
        earliest = Math.min(earliest, mark.getKey().time());
      }
    }
    return earliest;
  }
}
