package io.tidaldb.schema;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a database knows about signals, fields, session policies and co-engagement. Immutable and
/// shareable; made by [SchemaBuilder].
///
/// Two schemas are equal if they declare the same things under the same ids, in whatever order they
/// were declared.
public final class Schema {

  /// What counts as interest if nothing is declared.
  static final List<String> INTERESTS = List.of("category");

  private static final Schema EMPTY =
      new Schema(
          new TreeMap<>(),
          BuiltInFields.all(),
          new TreeSet<>(),
          new TreeMap<>(),
          CoEngagementRule.STANDARD,
          INTERESTS,
          List.of());

  private final SortedMap<String, SignalType> signals;
  private final Map<EntityKind, SortedMap<String, Field>> fields;
  private final Set<String> retired;
  private final SortedMap<String, SessionPolicy> policies;
  private final CoEngagementRule coEngagement;
  private final List<String> interestFields;
  private final List<EmbeddingSlot> embeddingSlots;

  Schema(
      SortedMap<String, SignalType> signals,
      Map<EntityKind, SortedMap<String, Field>> fields,
      Set<String> retired,
      SortedMap<String, SessionPolicy> policies,
      CoEngagementRule coEngagement,
      List<String> interestFields,
      List<EmbeddingSlot> embeddingSlots) {
    this.signals = Collections.unmodifiableSortedMap(new TreeMap<>(signals));
    Map<EntityKind, SortedMap<String, Field>> copy = new EnumMap<>(EntityKind.class);
    fields.forEach(
        (kind, byName) -> copy.put(kind, Collections.unmodifiableSortedMap(new TreeMap<>(byName))));
    this.fields = copy;
    this.retired = Collections.unmodifiableSortedSet(new TreeSet<>(retired));
    this.policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    this.coEngagement = coEngagement;
    this.interestFields = List.copyOf(interestFields);
    this.embeddingSlots = embeddingSlots.stream().sorted().toList();
  }

  /// No signals, and the built-in fields only.
  public static Schema empty() {
    return EMPTY;
  }

  /// Reads what [#canonical()] wrote. Ids are alphabetical ranks from 0, as in a schema that has
  /// not met a store.
  ///
  /// @throws IllegalArgumentException if the text is not a canonical schema
  public static Schema parse(String canonical) {
    return SchemaText.parse(canonical);
  }

  /// The schema as text: one declaration a line, sorted by name, equal for equal schemas whatever
  /// the order of declaration. Its hash is the schema's fingerprint. Ids are not part of it.
  public String canonical() {
    return SchemaText.write(this);
  }

  /// The same schema under the ids of a store's table.
  ///
  /// @param ids name → id, at least for every signal of this schema
  /// @throws IllegalArgumentException if a signal is missing in the table
  public Schema withIds(Map<String, Integer> ids) {
    SortedMap<String, SignalType> renumbered = new TreeMap<>();
    for (var type : signals.values()) {
      var id = ids.get(type.name());
      if (id == null) {
        throw new IllegalArgumentException("no id for signal: name=" + type.name());
      }
      renumbered.put(type.name(), type.withId(SignalTypeId.of(id)));
    }
    return new Schema(
        renumbered, fields, retired, policies, coEngagement, interestFields, embeddingSlots);
  }

  /// What queries over one kind of entity see: over creators, what happens to items happens to
  /// their creators too.
  public Schema over(EntityKind kind) {
    if (kind != EntityKind.CREATOR) {
      return this;
    }
    SortedMap<String, SignalType> known = new TreeMap<>(signals);
    SignalType.rolledUp(signals.values()).forEach(type -> known.put(type.name(), type));
    return new Schema(
        known, fields, retired, policies, coEngagement, interestFields, embeddingSlots);
  }

  /// The same schema with these names given up as well.
  Schema withRetired(Set<String> names) {
    Set<String> all = new TreeSet<>(retired);
    all.addAll(names);
    return new Schema(signals, fields, all, policies, coEngagement, interestFields, embeddingSlots);
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
    return List.copyOf(fields.getOrDefault(kind, Collections.emptySortedMap()).values());
  }

  /// The field of this kind and name, declared or built in.
  public Optional<Field> field(EntityKind kind, String name) {
    return Optional.ofNullable(fields.getOrDefault(kind, Collections.emptySortedMap()).get(name));
  }

  /// Fields of items whose values count as interests of users, sorted.
  public List<String> interestFields() {
    return interestFields;
  }

  /// Every place for vectors, by kind and name.
  public List<EmbeddingSlot> embeddingSlots() {
    return embeddingSlots;
  }

  /// The place for vectors of this kind and name.
  public Optional<EmbeddingSlot> embeddingSlot(EntityKind kind, String name) {
    return embeddingSlots.stream()
        .filter(slot -> slot.kind() == kind && slot.name().equals(name))
        .findFirst();
  }

  /// Names that were given up, sorted.
  public Set<String> retired() {
    return retired;
  }

  /// Every session policy, sorted by name; `default` is one even if it is not declared.
  public List<SessionPolicy> sessionPolicies() {
    SortedMap<String, SessionPolicy> all = new TreeMap<>(policies);
    all.putIfAbsent(SessionPolicy.DEFAULT_NAME, SessionPolicy.DEFAULT);
    return List.copyOf(all.values());
  }

  /// The session policy of this name, declared or built in.
  public Optional<SessionPolicy> sessionPolicy(String name) {
    var declared = policies.get(name);
    return declared == null && name.equals(SessionPolicy.DEFAULT_NAME)
        ? Optional.of(SessionPolicy.DEFAULT)
        : Optional.ofNullable(declared);
  }

  /// What is kept of items that are liked together.
  public CoEngagementRule coEngagement() {
    return coEngagement;
  }

  /// The session policies that say more than what is built in.
  SortedMap<String, SessionPolicy> declaredPolicies() {
    return policies;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schema schema
        && signals.equals(schema.signals)
        && fields.equals(schema.fields)
        && retired.equals(schema.retired)
        && policies.equals(schema.policies)
        && coEngagement.equals(schema.coEngagement)
        && interestFields.equals(schema.interestFields)
        && embeddingSlots.equals(schema.embeddingSlots);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        signals, fields, retired, policies, coEngagement, interestFields, embeddingSlots);
  }

  /// The canonical text.
  @Override
  public String toString() {
    return canonical();
  }
}
