package io.tidaldb.cli.load;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A line that is a JSON object.
record JsonRow(long line, String text, JsonNode object) implements Row {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  static JsonRow parse(long line, String text) throws BadRowException {
    try {
      var object = JSON.readTree(text);
      if (!object.isObject()) {
        throw new BadRowException("not a JSON object");
      }
      return new JsonRow(line, text, object);
    } catch (JacksonException e) {
      var place = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      throw new BadRowException("not JSON: column=" + place + " " + e.getOriginalMessage());
    }
  }

  @Override
  public @Nullable Object value(String column) throws BadRowException {
    var node = object.get(column);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      var text = scalar(column, node);
      return text.isEmpty() ? null : text;
    }
    var list = new ArrayList<String>(node.size());
    for (var element : node) {
      list.add(scalar(column, element));
    }
    return list;
  }

  private static String scalar(String column, JsonNode node) throws BadRowException {
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isNumber()) {
      return node.decimalValue().toPlainString();
    }
    if (node.isBoolean()) {
      return Boolean.toString(node.booleanValue());
    }
    throw new BadRowException("value is not a string, number or boolean: column=" + column);
  }
}
