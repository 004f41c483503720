package io.tidaldb.schema;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an update says about metadata, checked and typed: values to set and keys that go.
///
/// @param set the values to set, by key
/// @param removed the keys that go
public record MetadataChanges(SortedMap<String, MetadataValue> set, Set<String> removed) {

  public MetadataChanges {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /// Reads an update: every value by the type of its field, [Metadata#REMOVE] as a removal.
  ///
  /// @throws InvalidRequestException if a value does not fit (`VALUE_INVALID`), a key is empty
  ///   (`KEY_INVALID`) or computed (`FIELD_COMPUTED`)
  /// @throws LimitExceededException if a key or value is too long
  public static MetadataChanges parse(
      Schema schema, EntityKind kind, EntityId id, Map<String, ?> given) {
    var parser = new MetadataParser(schema, kind, id);
    SortedMap<String, MetadataValue> set = new TreeMap<>();
    SortedSet<String> removed = new TreeSet<>();
    for (var entry : given.entrySet()) {
      var key = parser.key(entry.getKey());
      if (Metadata.REMOVE.equals(entry.getValue())) {
        removed.add(key);
      } else {
        set.put(key, parser.value(key, entry.getValue()));
      }
    }
    return new MetadataChanges(set, removed);
  }
}
