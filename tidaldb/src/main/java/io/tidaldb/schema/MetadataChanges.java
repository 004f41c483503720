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
/// @param numeric those of both whose field is numeric, see [FieldType#isNumeric]
public record MetadataChanges(
    SortedMap<String, MetadataValue> set, Set<String> removed, Set<String> numeric) {

  public MetadataChanges {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    numeric = Collections.unmodifiableSortedSet(new TreeSet<>(numeric));
  }

  /// The part of it that is not numeric.
  public MetadataChanges others() {
    SortedMap<String, MetadataValue> otherSet = new TreeMap<>(set);
    otherSet.keySet().removeAll(numeric);
    SortedSet<String> otherRemoved = new TreeSet<>(removed);
    otherRemoved.removeAll(numeric);
    return new MetadataChanges(otherSet, otherRemoved, Set.of());
  }

  /// The part of it that is numeric and among these keys.
  public MetadataChanges only(Set<String> keys) {
    SortedMap<String, MetadataValue> kept = new TreeMap<>(set);
    kept.keySet().retainAll(keys);
    SortedSet<String> gone = new TreeSet<>(removed);
    gone.retainAll(keys);
    return new MetadataChanges(kept, gone, keys);
  }

  /// Metadata with these changes, unchecked.
  public Metadata applied(Metadata current) {
    SortedMap<String, MetadataValue> merged = new TreeMap<>(current.values());
    merged.keySet().removeAll(removed);
    merged.putAll(set);
    return Metadata.of(merged);
  }

  /// Whether it says nothing.
  public boolean isEmpty() {
    return set.isEmpty() && removed.isEmpty();
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
    SortedSet<String> numeric = new TreeSet<>();
    for (var entry : given.entrySet()) {
      var key = parser.key(entry.getKey());
      if (schema.field(kind, key).filter(field -> field.type().isNumeric()).isPresent()) {
        numeric.add(key);
      }
      if (Metadata.REMOVE.equals(entry.getValue())) {
        removed.add(key);
      } else {
        set.put(key, parser.value(key, entry.getValue()));
      }
    }
    return new MetadataChanges(set, removed, numeric);
  }
}
