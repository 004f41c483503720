package io.tidaldb.schema;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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

  /// Reads what a caller gives: every value by the type of its field, a string or a Java value.
  ///
  /// @throws InvalidRequestException if a value does not fit (`VALUE_INVALID`), a key is empty
  ///   (`KEY_INVALID`) or computed (`FIELD_COMPUTED`)
  /// @throws LimitExceededException if there are too many keys, or a key, a value or all together
  ///   are too long
  public static Metadata parse(Schema schema, EntityKind kind, EntityId id, Map<String, ?> given) {
    var parser = new MetadataParser(schema, kind, id);
    SortedMap<String, MetadataValue> values = new TreeMap<>();
    for (var entry : given.entrySet()) {
      var key = parser.key(entry.getKey());
      values.put(key, parser.value(key, entry.getValue()));
    }
    return parser.bounded(of(values));
  }

  /// The metadata after an update: given keys are set, removed keys go, others stay.
  ///
  /// @throws LimitExceededException if the result has too many keys or is too long
  public static Metadata merge(
      EntityKind kind, EntityId id, Metadata current, MetadataChanges changes) {
    return new MetadataParser(Schema.empty(), kind, id).bounded(changes.applied(current));
  }

  /// The values, sorted by key.
  public SortedMap<String, MetadataValue> values() {
    return values;
  }

  /// The value under a key.
  public Optional<MetadataValue> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// The keyword, text or plain string under a key.
  public Optional<String> text(String key) {
    return values.get(key) instanceof MetadataValue.Text(var type, var text)
        ? Optional.of(text)
        : Optional.empty();
  }

  /// The keywords under a key: those of TAGS, the one of a KEYWORD, none if there is neither.
  public List<String> keywords(String key) {
    return switch (values.get(key)) {
      case MetadataValue.Tags(var keywords) -> keywords;
      case MetadataValue.Text(var type, var text) when type == FieldType.KEYWORD -> List.of(text);
      case null, default -> List.of();
    };
  }

  /// The whole number under a key.
  public OptionalLong whole(String key) {
    return values.get(key) instanceof MetadataValue.Whole(var value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /// The number under a key: an INTEGER, a NUMBER, or a DURATION in seconds.
  public OptionalDouble number(String key) {
    return switch (values.get(key)) {
      case MetadataValue.Whole(var value) -> OptionalDouble.of((double) value);
      case MetadataValue.Real(var value) -> OptionalDouble.of(value);
      case MetadataValue.Span span -> OptionalDouble.of(span.seconds());
      case null, default -> OptionalDouble.empty();
    };
  }

  /// The span of time under a key.
  public Optional<Duration> duration(String key) {
    return values.get(key) instanceof MetadataValue.Span(var value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /// The moment under a key.
  public Optional<Timestamp> time(String key) {
    return values.get(key) instanceof MetadataValue.Moment(var value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /// The boolean under a key.
  public Optional<Boolean> flag(String key) {
    return values.get(key) instanceof MetadataValue.Flag(var value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /// The id under a key.
  public Optional<EntityId> id(String key) {
    return values.get(key) instanceof MetadataValue.Id(var value)
        ? Optional.of(value)
        : Optional.empty();
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
