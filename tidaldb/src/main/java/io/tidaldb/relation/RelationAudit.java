package io.tidaldb.relation;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Checks that the rows of relations agree with each other: each with its reverse, and all with
/// their counts.
///
/// **Threads.** The writer, between two frames.
final class RelationAudit {

  private final Relations relations;
  private final StorageBackend storage;

  RelationAudit(Relations relations, StorageBackend storage) {
    this.relations = relations;
    this.storage = storage;
  }

  /// What is wrong, in words.
  ///
  /// @param held rows that hold as they were counted, by code of the list
  /// @param totals the codes that are counted
  List<String> findings(long[] held, int[] totals) {
    List<String> findings = new ArrayList<>();
    Map<ListKey, Long> counted = new HashMap<>();
    try {
      relations.forEachRow(
          (key, row) -> {
            if (key.hasReverse()) {
              checkReverse(key, row, findings);
            }
            if (!row.removed()) {
              counted.merge(key.forward(), 1L, Long::sum);
              if (key.hasReverse()) {
                counted.merge(key.reverse(), 1L, Long::sum);
              }
            }
          });
      for (var kind : new EntityKind[] {EntityKind.USER, EntityKind.CREATOR}) {
        checkReverses(kind, findings);
      }
    } catch (CorruptionException e) {
      findings.add(e.getMessage());
    }
    counted.forEach(
        (list, count) -> {
          long stored = RowOverlay.storedCount(storage, list);
          if (stored != count) {
            findings.add("a count differs: list=" + list + " counted=" + count + " kept=" + stored);
          }
        });
    checkTotals(counted, held, totals, findings);
    return findings;
  }

  private void checkReverse(RowKey key, Row row, List<String> findings) {
    var reverse = storage.get(RelationCodec.keyspace(key.kind()), RelationCodec.reverseKey(key));
    boolean agrees =
        reverse.isPresent() && Arrays.equals(reverse.get(), RelationCodec.reverseValue(row));
    if (!agrees) {
      findings.add("a relation and its reverse differ: " + Relations.name(key));
    }
  }

  private void checkReverses(EntityKind kind, List<String> findings) {
    try (var cursor = storage.scanPrefix(RelationCodec.keyspace(kind), new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        int code =
            Keys.tag(key) == Tag.REL && key.length > Keys.PREFIX_BYTES
                ? key[Keys.PREFIX_BYTES] & 0xFF
                : 0;
        if ((code & RelationCodec.REVERSE) != 0) {
          var row =
              new RowKey(
                  RelationCodec.reverseUser(key),
                  code & ~RelationCodec.REVERSE,
                  kind,
                  Keys.id(key));
          if (RowOverlay.stored(storage, row) == null) {
            findings.add("a reverse has no relation: " + Relations.name(row));
          }
        }
      }
    }
  }

  private static void checkTotals(
      Map<ListKey, Long> counted, long[] held, int[] totals, List<String> findings) {
    Map<Integer, Long> byList = new TreeMap<>();
    counted.forEach((list, count) -> byList.merge(list.list(), count, Long::sum));
    for (int list : totals) {
      long count = byList.getOrDefault(list, 0L);
      if (count != held[list]) {
        findings.add("a total differs: list=" + list + " counted=" + count + " kept=" + held[list]);
      }
    }
  }
}
