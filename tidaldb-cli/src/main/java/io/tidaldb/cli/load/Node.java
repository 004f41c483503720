package io.tidaldb.cli.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.schema.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A place in a JSON document that is read strictly: every complaint says where.
///
/// @param path where, for example `sources[1].signals`
/// @param json what stands there
record Node(String path, JsonNode json) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// The whole document; `//` comments are allowed.
  static Node parse(String text) {
    try {
      return new Node("", JSON.readTree(text));
    } catch (JacksonException e) {
      var place = e.getLocation();
      var at = place == null ? "" : " line=" + place.getLineNr() + " column=" + place.getColumnNr();
      throw new InvalidRequestException(
          "MAPPING_INVALID", "not JSON:" + at + " " + e.getOriginalMessage(), e);
    }
  }

  /// An object with no other keys than these.
  @CanIgnoreReturnValue
  Node allow(String... keys) {
    if (!json.isObject()) {
      throw wrong("an object with " + new TreeSet<>(List.of(keys)));
    }
    var allowed = Set.of(keys);
    for (var key : json.propertyNames()) {
      if (!allowed.contains(key)) {
        throw invalid(
            "unknown key: at=" + place() + " key=" + key + " allowed=" + new TreeSet<>(allowed));
      }
    }
    return this;
  }

  /// What stands under a key.
  Optional<Node> get(String key) {
    var value = json.get(key);
    return value == null ? Optional.empty() : Optional.of(new Node(child(key), value));
  }

  /// What stands under a key that must be there.
  Node require(String key) {
    return get(key).orElseThrow(() -> invalid("missing: at=" + place() + " key=" + key));
  }

  /// The members of an object, in the order of the file.
  Map<String, Node> members() {
    if (!json.isObject()) {
      throw wrong("an object");
    }
    var members = new LinkedHashMap<String, Node>();
    for (var member : json.properties()) {
      members.put(member.getKey(), new Node(child(member.getKey()), member.getValue()));
    }
    return members;
  }

  /// The elements of an array.
  List<Node> elements() {
    if (!json.isArray()) {
      throw wrong("an array");
    }
    var elements = new ArrayList<Node>();
    for (var element : json) {
      elements.add(new Node(path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  String string() {
    if (!json.isString()) {
      throw wrong("a string");
    }
    return json.stringValue();
  }

  boolean flag() {
    if (!json.isBoolean()) {
      throw wrong("true or false");
    }
    return json.booleanValue();
  }

  /// A string, number or boolean as text.
  String scalar() {
    if (json.isString()) {
      return json.stringValue();
    }
    if (json.isNumber()) {
      return json.decimalValue().toPlainString();
    }
    if (json.isBoolean()) {
      return Boolean.toString(json.booleanValue());
    }
    throw wrong("a string, a number, true or false");
  }

  boolean isObject() {
    return json.isObject();
  }

  boolean isString() {
    return json.isString();
  }

  boolean isArray() {
    return json.isArray();
  }

  boolean isNumber() {
    return json.isNumber();
  }

  /// The complaint that something else should stand here.
  InvalidRequestException wrong(String wanted) {
    var given = json.toString();
    var shown = given.length() > 80 ? given.substring(0, 80) + "…" : given;
    return invalid("wrong value: at=" + place() + " given=" + shown + " wanted=" + wanted);
  }

  private String place() {
    return path.isEmpty() ? "the top" : path;
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static InvalidRequestException invalid(String message) {
    return new InvalidRequestException("MAPPING_INVALID", message);
  }
}
