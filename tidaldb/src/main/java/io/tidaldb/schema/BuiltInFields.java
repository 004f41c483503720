package io.tidaldb.schema;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The fields that every schema has without declaring them, and the names that are computed and so
/// nobody's to write.
final class BuiltInFields {

  private static final String LIVE_COUNTER = "live_viewer_count";

  /// For how long a number of live viewers is believed.
  private static final Duration LIVE = Duration.ofMinutes(5);

  private static final Map<EntityKind, Map<String, FieldType>> TYPES =
      Map.of(
          EntityKind.ITEM,
          Map.ofEntries(
              Map.entry("title", FieldType.PLAIN),
              Map.entry("category", FieldType.KEYWORD),
              Map.entry("format", FieldType.KEYWORD),
              Map.entry("language", FieldType.KEYWORD),
              Map.entry("region", FieldType.KEYWORD),
              Map.entry("tags", FieldType.TAGS),
              Map.entry("creator_id", FieldType.ID),
              Map.entry("created_at", FieldType.TIME),
              Map.entry("available_from", FieldType.TIME),
              Map.entry("available_until", FieldType.TIME),
              Map.entry("duration", FieldType.DURATION),
              Map.entry(LIVE_COUNTER, FieldType.NUMBER)),
          EntityKind.USER,
          Map.of(
              "language", FieldType.KEYWORD,
              "region", FieldType.KEYWORD,
              "country", FieldType.KEYWORD,
              "age", FieldType.INTEGER,
              "interests", FieldType.TAGS),
          EntityKind.CREATOR,
          Map.of(
              "name", FieldType.PLAIN,
              "language", FieldType.KEYWORD,
              "region", FieldType.KEYWORD,
              "verified", FieldType.BOOLEAN));

  private static final Map<EntityKind, Set<String>> COMPUTED =
      Map.of(EntityKind.CREATOR, Set.of("followers"));

  private BuiltInFields() {}

  /// Every built-in field, by kind and name.
  static Map<EntityKind, SortedMap<String, Field>> all() {
    Map<EntityKind, SortedMap<String, Field>> all = new EnumMap<>(EntityKind.class);
    for (var kind : EntityKind.values()) {
      SortedMap<String, Field> fields = new TreeMap<>();
      TYPES
          .getOrDefault(kind, Map.of())
          .forEach((name, type) -> fields.put(name, builtIn(kind, name, type)));
      all.put(kind, fields);
    }
    return all;
  }

  private static Field builtIn(EntityKind kind, String name, FieldType type) {
    var rule = name.equals(LIVE_COUNTER) ? FieldRule.STANDARD.fresh(LIVE) : FieldRule.STANDARD;
    return new Field(kind, name, type, true, false, rule);
  }

  /// Whether the name is computed for this kind, and so can be neither declared nor written.
  static boolean isComputed(EntityKind kind, String name) {
    return COMPUTED.getOrDefault(kind, Set.of()).contains(name);
  }

  /// Whether a field may be declared beside what is built in: the same type, or text where a plain
  /// string stands.
  static boolean agrees(Field declared) {
    if (isComputed(declared.kind(), declared.name())) {
      return false;
    }
    var builtIn = TYPES.getOrDefault(declared.kind(), Map.of()).get(declared.name());
    return builtIn == null
        || builtIn == declared.type()
        || (builtIn == FieldType.PLAIN && declared.type() == FieldType.TEXT);
  }

  /// What a declaration of this name must say, in words.
  static String allowed(Field declared) {
    if (isComputed(declared.kind(), declared.name())) {
      return "another name: this one is computed";
    }
    var builtIn = TYPES.getOrDefault(declared.kind(), Map.of()).get(declared.name());
    return builtIn == FieldType.PLAIN ? "TEXT or no declaration" : String.valueOf(builtIn);
  }
}
