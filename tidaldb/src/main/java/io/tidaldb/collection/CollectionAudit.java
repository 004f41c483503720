package io.tidaldb.collection;

import io.tidaldb.log.StateSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// All rows of collections at once: their canonical form, and whether they agree.
///
/// **Threads.** The writer, between two frames.
final class CollectionAudit {

  private record Holding(long item, long collection) {}

  private record Share(long user, long collection) {}

  private final StorageBackend storage;
  private final List<String> findings = new ArrayList<>();
  private final Map<Long, Long> owners = new TreeMap<>();
  private final Map<Long, Header> headers = new HashMap<>();
  private final Map<Long, Map<Long, Member>> members = new HashMap<>();
  private final Set<Share> shares = new HashSet<>();
  private long lastId;
  private long count;

  CollectionAudit(StorageBackend storage) {
    this.storage = storage;
    readSystem();
    readUsers();
  }

  private void readSystem() {
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, Keys.row(0, Tag.COLL))) {
      while (cursor.next()) {
        long id = CollectionRows.plainCollection(cursor.key());
        if (id == 0) {
          var counters = CollectionRows.counters(cursor.value());
          lastId = counters.lastId();
          count = counters.count();
        } else {
          owners.put(id, CollectionRows.owner(cursor.value(), id));
        }
      }
    }
  }

  private void readUsers() {
    try (var cursor = storage.scanPrefix(Keyspace.USERS, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.COLL) {
          try {
            readUser(key, cursor.value());
          } catch (CorruptionException e) {
            findings.add(e.getMessage());
          }
        }
      }
    }
  }

  private void readUser(byte[] key, byte[] value) {
    long id = CollectionRows.collection(key);
    switch (CollectionRows.kind(key)) {
      case CollectionRows.HEADER -> {
        headers.put(id, CollectionRows.header(key, value));
        if (!Long.valueOf(Keys.id(key)).equals(owners.get(id))) {
          findings.add("header without its owner's row: " + CollectionRows.where(Keys.id(key), id));
        }
      }
      case CollectionRows.MEMBER ->
          members
              .computeIfAbsent(id, _ -> new HashMap<>())
              .put(CollectionRows.item(key), CollectionRows.member(key, value));
      case CollectionRows.SHARE -> shares.add(new Share(Keys.id(key), id));
      default -> findings.add("row of no kind: " + CollectionRows.where(Keys.id(key), id));
    }
  }

  /// Every collection with its members in order.
  void digest(StateSink sink) {
    sink.entry("collections", "").value("last id", lastId).value("count", count);
    for (long id : owners.keySet()) {
      var header = headers.get(id);
      if (header == null) {
        continue;
      }
      var entry = sink.entry("collection", Long.toUnsignedString(id));
      entry.value("owner", header.owner());
      entry.value("name", header.name());
      entry.value("visibility", header.visibility().label());
      entry.value("created", header.created());
      entry.value("changed", header.changed());
      entry.value("position", header.position());
      header.shares().forEach(user -> entry.value("share", user));
      var of = members.getOrDefault(id, Map.of());
      for (long item : Sequence.of(of).items()) {
        var member = of.get(item);
        if (member != null) {
          entry.value("item", item);
          entry.value("added", member.addedAt());
          entry.value("position", member.position());
        }
      }
    }
  }

  /// Every member of anything.
  Set<Long> heldItems() {
    Set<Long> items = new TreeSet<>();
    members.values().forEach(of -> items.addAll(of.keySet()));
    return items;
  }

  /// What does not agree, in words.
  List<String> verify() {
    if (count != owners.size()) {
      findings.add("count is not that of the rows: count=" + count + " rows=" + owners.size());
    }
    for (var entry : owners.entrySet()) {
      verify(entry.getKey(), entry.getValue());
    }
    verifyReverse();
    verifyShares();
    return findings;
  }

  private void verify(long id, long owner) {
    String where = CollectionRows.where(owner, id);
    var header = headers.get(id);
    if (header == null) {
      findings.add("no header: " + where);
      return;
    }
    if (Long.compareUnsigned(id, lastId) > 0) {
      findings.add("id beyond the highest: " + where + " highest=" + lastId);
    }
    var of = members.getOrDefault(id, Map.of());
    if (header.count() != of.size()) {
      findings.add(
          "count is not that of the members: "
              + where
              + " count="
              + header.count()
              + " members="
              + of.size());
    }
    if (of.values().stream().map(Member::order).distinct().count() != of.size()) {
      findings.add("two members have the same order: " + where);
    }
  }

  private void verifyReverse() {
    Set<Holding> expected = new HashSet<>();
    members.forEach((id, of) -> of.keySet().forEach(item -> expected.add(new Holding(item, id))));
    members.keySet().stream()
        .filter(id -> !owners.containsKey(id))
        .forEach(id -> findings.add("members without a collection: id=" + id));
    try (var cursor = storage.scanPrefix(Keyspace.ITEMS, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.COLL) {
          var holding = new Holding(Keys.id(key), CollectionRows.plainCollection(key));
          if (!expected.remove(holding)) {
            findings.add("reverse row without a member: " + holding);
          }
        }
      }
    }
    expected.forEach(holding -> findings.add("member without a reverse row: " + holding));
  }

  private void verifyShares() {
    Set<Share> expected = new HashSet<>();
    headers.forEach(
        (id, header) -> header.shares().forEach(user -> expected.add(new Share(user, id))));
    if (!expected.equals(shares)) {
      findings.add(
          "share rows are not those of the headers: missing="
              + without(expected, shares)
              + " more="
              + without(shares, expected));
    }
  }

  private static Set<Share> without(Set<Share> some, Set<Share> others) {
    Set<Share> left = new HashSet<>(some);
    left.removeAll(others);
    return Collections.unmodifiableSet(left);
  }
}
