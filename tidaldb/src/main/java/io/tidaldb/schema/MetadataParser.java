package io.tidaldb.schema;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes typed values of what a caller gives for one entity: Java values, or strings read by the
/// type of the field.
final class MetadataParser {

  static final int KEYS_MAX = 128;
  static final int KEY_BYTES_MAX = 64;
  static final int KEYWORD_BYTES_MAX = 256;
  static final int TAGS_MAX = 64;
  static final int PLAIN_BYTES_MAX = 4 * 1024;
  static final int TEXT_BYTES_MAX = 256 * 1024;
  static final int METADATA_BYTES_MAX = 512 * 1024;

  private static final int SHOWN_MAX = 80;
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,9})?");
  private static final Pattern SECONDS = Pattern.compile("[+-]?[0-9]{1,18}([.][0-9]{1,9})?");

  private final Schema schema;
  private final EntityKind kind;
  private final EntityId id;

  MetadataParser(Schema schema, EntityKind kind, EntityId id) {
    this.schema = schema;
    this.kind = kind;
    this.id = id;
  }

  /// Checks a key and returns it.
  String key(@Nullable String key) {
    if (key == null || key.isEmpty() || utf8Size(key) < 0) {
      throw new InvalidRequestException(
          "KEY_INVALID", "metadata key is empty or no text: " + facts(String.valueOf(key)));
    }
    checkLimit("metadataKeyBytes", KEY_BYTES_MAX, utf8Size(key), key);
    if (BuiltInFields.isComputed(kind, key)) {
      throw new InvalidRequestException(
          "FIELD_COMPUTED", "field is computed and cannot be written: " + facts(key));
    }
    return key;
  }

  /// The typed value of a key.
  MetadataValue value(String key, @Nullable Object given) {
    var type = schema.field(kind, key).map(Field::type).orElse(FieldType.PLAIN);
    return switch (type) {
      case KEYWORD -> text(key, type, given, "keywordBytes", KEYWORD_BYTES_MAX);
      case TEXT -> text(key, type, given, "textBytes", TEXT_BYTES_MAX);
      case PLAIN -> text(key, type, given, "plainBytes", PLAIN_BYTES_MAX);
      case TAGS -> tags(key, given);
      case INTEGER -> new MetadataValue.Whole(whole(key, given));
      case NUMBER -> new MetadataValue.Real(real(key, given));
      case DURATION -> new MetadataValue.Span(span(key, given));
      case TIME -> new MetadataValue.Moment(moment(key, given));
      case BOOLEAN -> new MetadataValue.Flag(flag(key, given));
      case ID -> new MetadataValue.Id(reference(key, given));
    };
  }

  private MetadataValue.Text text(
      String key, FieldType type, @Nullable Object given, String limitName, int limit) {
    if (!(given instanceof String string)) {
      var hint =
          type == FieldType.PLAIN ? "a string; declare the field for other values" : "a string";
      throw invalid(key, type, given, hint, null);
    }
    checkText(key, type, string, limitName, limit);
    return new MetadataValue.Text(type, string);
  }

  private void checkText(String key, FieldType type, String string, String limitName, int limit) {
    int size = utf8Size(string);
    if (size < 0) {
      throw invalid(key, type, string, "text without unpaired surrogates", null);
    }
    checkLimit(limitName, limit, size, key);
  }

  private MetadataValue.Tags tags(String key, @Nullable Object given) {
    List<@Nullable Object> parts = new ArrayList<>();
    switch (given) {
      case String string -> {
        for (var part : string.split(",", -1)) {
          if (!part.isBlank()) {
            parts.add(part.strip());
          }
        }
      }
      case Collection<?> collection -> parts.addAll(collection);
      case null, default ->
          throw invalid(key, FieldType.TAGS, given, "a collection of strings, or a string", null);
    }
    Set<String> keywords = new LinkedHashSet<>();
    for (var part : parts) {
      if (!(part instanceof String keyword)) {
        throw invalid(key, FieldType.TAGS, part, "strings", null);
      }
      checkText(key, FieldType.TAGS, keyword, "keywordBytes", KEYWORD_BYTES_MAX);
      keywords.add(keyword);
    }
    checkLimit("tags", TAGS_MAX, keywords.size(), key);
    return new MetadataValue.Tags(List.copyOf(keywords));
  }

  private long whole(String key, @Nullable Object given) {
    if (given instanceof Integer || given instanceof Long) {
      return ((Number) given).longValue();
    }
    if (given instanceof String string && WHOLE.matcher(string).matches()) {
      try {
        return Long.parseLong(string);
      } catch (NumberFormatException e) {
        throw invalid(key, FieldType.INTEGER, given, "a whole number of 64 bits", e);
      }
    }
    throw invalid(key, FieldType.INTEGER, given, "Integer, Long, or a decimal string", null);
  }

  private double real(String key, @Nullable Object given) {
    double value =
        switch (given) {
          case Float number -> number;
          case Double number -> number;
          case Integer number -> number;
          case Long number -> number;
          case String string when REAL.matcher(string).matches() -> Double.parseDouble(string);
          case null, default -> Double.NaN;
        };
    if (!Double.isFinite(value)) {
      throw invalid(key, FieldType.NUMBER, given, "a finite number, or a decimal string", null);
    }
    // Turns −0.0 into +0.0, so equal numbers have equal bits.
    return value + 0.0;
  }

  private Duration span(String key, @Nullable Object given) {
    try {
      var span =
          switch (given) {
            case Duration duration -> duration;
            case String string when SECONDS.matcher(string).matches() -> seconds(string);
            case String string -> Duration.parse(string);
            case null, default ->
                throw invalid(key, FieldType.DURATION, given, "Duration, or a string", null);
          };
      // Events keep spans as nanoseconds; what does not fit in 64 bits is refused here.
      var _ = span.toNanos();
      return span;
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid(
          key, FieldType.DURATION, given, "decimal seconds or ISO-8601, up to 292 years", e);
    }
  }

  private static Duration seconds(String decimal) {
    var seconds = new BigDecimal(decimal);
    long whole = seconds.longValue();
    var rest = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9);
    return Duration.ofSeconds(whole, rest.longValueExact());
  }

  private Timestamp moment(String key, @Nullable Object given) {
    try {
      return switch (given) {
        case Timestamp timestamp -> timestamp;
        case Instant instant -> Timestamp.of(instant);
        case String string when WHOLE.matcher(string).matches() ->
            Timestamp.ofNanos(Long.parseLong(string));
        case String string -> Timestamp.of(Instant.parse(string));
        case null, default ->
            throw invalid(key, FieldType.TIME, given, "Instant, Timestamp, or a string", null);
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw invalid(
          key, FieldType.TIME, given, "ISO-8601 with a zone, or nanoseconds since 1970", e);
    } catch (InvalidRequestException e) {
      throw e.code().equals("VALUE_INVALID")
          ? e
          : invalid(key, FieldType.TIME, given, "1970 to 2262", e);
    }
  }

  private boolean flag(String key, @Nullable Object given) {
    return switch (given) {
      case Boolean value -> value;
      case String string when string.equals("true") -> true;
      case String string when string.equals("false") -> false;
      case null, default ->
          throw invalid(key, FieldType.BOOLEAN, given, "Boolean, 'true' or 'false'", null);
    };
  }

  private EntityId reference(String key, @Nullable Object given) {
    return switch (given) {
      case EntityId reference -> reference;
      case Long bits -> EntityId.of(bits);
      case String string -> {
        try {
          yield EntityId.parse(string);
        } catch (InvalidRequestException e) {
          throw invalid(key, FieldType.ID, given, "an unsigned 64-bit decimal number", e);
        }
      }
      case null, default -> throw invalid(key, FieldType.ID, given, "EntityId, Long, string", null);
    };
  }

  private InvalidRequestException invalid(
      String key, FieldType type, @Nullable Object given, String allowed, @Nullable Exception e) {
    var shown = String.valueOf(given);
    var cut = shown.length() > SHOWN_MAX ? shown.substring(0, SHOWN_MAX) + "…" : shown;
    return new InvalidRequestException(
        "VALUE_INVALID",
        "value does not fit its field: "
            + facts(key)
            + " value="
            + cut
            + " type="
            + type
            + " allowed="
            + allowed,
        e);
  }

  private void checkLimit(String name, int limit, long actual, String key) {
    if (actual > limit) {
      throw new LimitExceededException(name, limit, actual, facts(key));
    }
  }

  private String facts(String key) {
    return "kind=" + kind + " entity=" + id + " field=" + key;
  }

  /// Checks the bounds of a whole set of metadata and returns it.
  Metadata bounded(Metadata metadata) {
    var facts = "kind=" + kind + " entity=" + id;
    int keys = metadata.values().size();
    if (keys > KEYS_MAX) {
      throw new LimitExceededException("metadataKeys", KEYS_MAX, keys, facts);
    }
    long size = 0;
    for (var entry : metadata.values().entrySet()) {
      size += utf8Size(entry.getKey()) + size(entry.getValue());
    }
    if (size > METADATA_BYTES_MAX) {
      throw new LimitExceededException("metadataBytes", METADATA_BYTES_MAX, size, facts);
    }
    return metadata;
  }

  private static int size(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Text(var type, var text) -> utf8Size(text);
      case MetadataValue.Tags(var keywords) ->
          keywords.stream().mapToInt(MetadataParser::utf8Size).sum();
      case MetadataValue.Span span -> 12;
      case MetadataValue.Flag flag -> 1;
      case MetadataValue.Whole whole -> 8;
      case MetadataValue.Real real -> 8;
      case MetadataValue.Moment moment -> 8;
      case MetadataValue.Id reference -> 8;
    };
  }

  /// Bytes of a string in UTF-8, or −1 if it has an unpaired surrogate and so has no UTF-8.
  private static int utf8Size(String string) {
    int size = 0;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x80) {
        size++;
      } else if (c < 0x800) {
        size += 2;
      } else if (!Character.isSurrogate(c)) {
        size += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < string.length()
          && Character.isLowSurrogate(string.charAt(i + 1))) {
        size += 4;
        i++;
      } else {
        return -1;
      }
    }
    return size;
  }
}
