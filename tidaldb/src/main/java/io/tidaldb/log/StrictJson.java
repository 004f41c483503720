package io.tidaldb.log;

import io.tidaldb.schema.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A JSON object that is read strictly: what nobody knows, or what has another type, is refused by
/// name.
public final class StrictJson {

  /// Bytes of UTF-8 that a document may have.
  public static final int SIZE_MAX = 64 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String what;
  private final ObjectNode node;

  private StrictJson(String what, ObjectNode node) {
    this.what = what;
    this.node = node;
  }

  /// Reads a document.
  ///
  /// @param what what it describes, for messages; in capitals it begins the code of refusals
  /// @throws InvalidRequestException if it is too long, not JSON, or no object
  public static StrictJson read(String what, String json) {
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    if (size > SIZE_MAX) {
      throw refused(what, "is larger than its limit: size=" + size + " limit=" + SIZE_MAX);
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          code(what), what + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(root instanceof ObjectNode object)) {
      throw refused(what, "is not a JSON object");
    }
    return new StrictJson(what, object);
  }

  /// An empty object, to be written.
  public static ObjectNode empty() {
    return MAPPER.createObjectNode();
  }

  /// The object without spaces.
  public static String write(ObjectNode object) {
    return MAPPER.writeValueAsString(object);
  }

  /// @throws InvalidRequestException if there is a key beside these
  public void requireKeys(Collection<String> allowed) {
    for (var key : node.propertyNames()) {
      if (!allowed.contains(key)) {
        throw refused(
            "has an unknown key: key="
                + key
                + " allowed="
                + String.join(", ", allowed.stream().sorted().toList()));
      }
    }
  }

  /// A string; empty if it is absent.
  public Optional<String> text(String key) {
    var value = node.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw refused("needs a string under '" + key + "': given=" + value);
    }
    return Optional.of(value.stringValue());
  }

  /// A number; empty if it is absent.
  public OptionalDouble number(String key) {
    var value = node.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber()) {
      throw refused("needs a number under '" + key + "': given=" + value);
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /// An object; empty if it is absent.
  public Optional<StrictJson> object(String key) {
    var value = node.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof ObjectNode object)) {
      throw refused("needs an object under '" + key + "': given=" + value);
    }
    return Optional.of(new StrictJson(what, object));
  }

  /// A list of objects; none if it is absent.
  public List<StrictJson> objects(String key) {
    var list = node.get(key);
    if (list == null) {
      return List.of();
    }
    if (!list.isArray()) {
      throw refused("needs a list under '" + key + "': given=" + list);
    }
    var objects = new ArrayList<StrictJson>();
    for (var entry : list) {
      if (!(entry instanceof ObjectNode object)) {
        throw refused("needs objects in the list '" + key + "': given=" + entry);
      }
      objects.add(new StrictJson(what, object));
    }
    return objects;
  }

  /// The keys, in the order in which they stand.
  public Collection<String> keys() {
    return node.propertyNames();
  }

  /// What the document describes, refused.
  public InvalidRequestException refused(String why) {
    return refused(what, why);
  }

  private static InvalidRequestException refused(String what, String why) {
    return new InvalidRequestException(code(what), what + " " + why);
  }

  private static String code(String what) {
    return what.toUpperCase(java.util.Locale.ROOT).replace(' ', '_') + "_INVALID";
  }
}
