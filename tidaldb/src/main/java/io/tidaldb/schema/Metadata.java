package io.tidaldb.schema;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The metadata of one entity: typed values by key, sorted by key. Immutable.
public final class Metadata {

  /// As a value in an update: the key goes.
  public static final Object REMOVE =
      new Object() {
        @Override
        public String toString() {
          return "Metadata.REMOVE";
        }
      };

  private static final Metadata EMPTY = new Metadata(new TreeMap<>());

  private final SortedMap<String, MetadataValue> values;

  private Metadata(SortedMap<String, MetadataValue> values) {
    this.values = Collections.unmodifiableSortedMap(values);
  }

  /// No values.
  public static Metadata empty() {
    return EMPTY;
  }

  /// These typed values.
  public static Metadata of(Map<String, MetadataValue> values) {
    return values.isEmpty() ? EMPTY : new Metadata(new TreeMap<>(values));
  }

  /// The values, sorted by key.
  public SortedMap<String, MetadataValue> values() {
    return values;
  }

  /// The value under a key.
  public Optional<MetadataValue> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// Canonical text of every value; undeclared values exactly as given.
  public Map<String, String> asStrings() {
    return values.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> e.getValue().text(), (a, b) -> a, TreeMap::new));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metadata metadata && values.equals(metadata.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return asStrings().toString();
  }
}
