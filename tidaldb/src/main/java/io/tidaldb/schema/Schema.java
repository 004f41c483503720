package io.tidaldb.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a database knows about signals and fields. Immutable and shareable; made by
/// [SchemaBuilder].
public final class Schema {

  private final SortedMap<String, SignalType> signals;
  private final Map<EntityKind, SortedMap<String, Field>> fields;
  private final Set<String> retired;

  Schema(
      SortedMap<String, SignalType> signals,
      Map<EntityKind, SortedMap<String, Field>> fields,
      Set<String> retired) {
    this.signals = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(signals));
    this.fields = Map.copyOf(fields);
    this.retired = Set.copyOf(retired);
  }

  /// Every signal type, sorted by name.
  public List<SignalType> signals() {
    return List.copyOf(signals.values());
  }

  /// The signal type of this name.
  public Optional<SignalType> signal(String name) {
    return Optional.ofNullable(signals.get(name));
  }

  /// The signal type that has this meaning.
  public Optional<SignalType> signal(Meaning meaning) {
    return signals.values().stream()
        .filter(t -> t.meaning().equals(Optional.of(meaning)))
        .findFirst();
  }

  /// Declared and built-in fields of a kind, sorted by name.
  public List<Field> fields(EntityKind kind) {
    return List.copyOf(fields.getOrDefault(kind, new TreeMap<>()).values());
  }

  /// The field of this kind and name, declared or built in.
  public Optional<Field> field(EntityKind kind, String name) {
    return Optional.ofNullable(fields.getOrDefault(kind, new TreeMap<>()).get(name));
  }

  /// Names that were given up.
  public Set<String> retired() {
    return retired;
  }
}
