package io.tidaldb.schema;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What becomes of a stored schema when another one is given: it stays, it changes, or the given
/// one is refused.
///
/// A known name keeps its id for ever; new names get the next free ids in alphabetical order; a
/// retired id is never given again.
public sealed interface SchemaEvolution {

  /// The given schema says what the stored one says.
  ///
  /// @param schema the schema under the store's ids
  record Unchanged(Schema schema) implements SchemaEvolution {}

  /// The given schema is accepted and must be logged.
  ///
  /// @param schema the merged schema under the new table's ids
  /// @param canonical its canonical text
  /// @param ids every name ever known → its id
  record Accepted(Schema schema, String canonical, SortedMap<String, Integer> ids)
      implements SchemaEvolution {

    public Accepted {
      ids = Collections.unmodifiableSortedMap(new TreeMap<>(ids));
    }
  }

  /// The stored state cannot follow the given schema; nothing may be logged.
  ///
  /// @param differences every finding, never empty
  record Refused(List<SchemaDifference> differences) implements SchemaEvolution {

    public Refused {
      differences = List.copyOf(differences);
    }
  }

  /// Compares a given schema with the stored one.
  ///
  /// @param stored the schema of the store, [Schema#empty()] for a new one
  /// @param storedIds the store's table, empty for a new one
  /// @param given what the program declares
  static SchemaEvolution compare(
      Schema stored, SortedMap<String, Integer> storedIds, Schema given) {
    var differences = new SchemaComparison(stored, given).differences();
    if (!differences.isEmpty()) {
      return new Refused(differences);
    }
    SortedMap<String, Integer> ids = new TreeMap<>(storedIds);
    int next = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    for (var type : given.signals()) {
      if (!ids.containsKey(type.name())) {
        ids.put(type.name(), next++);
      }
    }
    if (next > SchemaCheck.SIGNAL_IDS_MAX) {
      return new Refused(
          List.of(
              new SchemaDifference(
                  "signal",
                  storedIds.size() + " ids",
                  next + " ids",
                  "a store gives " + SchemaCheck.SIGNAL_IDS_MAX + " ids ever; begin a new one")));
    }
    var merged = given.withRetired(stored.retired()).withIds(ids);
    var canonical = merged.canonical();
    if (canonical.equals(stored.canonical()) && ids.equals(storedIds)) {
      return new Unchanged(merged);
    }
    return new Accepted(merged, canonical, ids);
  }
}
