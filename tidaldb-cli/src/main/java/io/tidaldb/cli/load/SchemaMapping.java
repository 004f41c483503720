package io.tidaldb.cli.load;

import io.tidaldb.cli.Spans;
import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The schema part of a mapping file: names and types are checked here, their rules by
/// [SchemaBuilder#build()].
final class SchemaMapping {

  private SchemaMapping() {}

  static Schema schema(Node node) {
    node.allow("signals", "fields", "retire", "co_engagement");
    var builder = new SchemaBuilder();
    node.get("fields").ifPresent(fields -> fields(fields, builder));
    node.get("retire")
        .ifPresent(names -> names.elements().forEach(name -> builder.retire(name.string())));
    node.get("signals")
        .ifPresent(
            signals -> signals.members().forEach((name, type) -> signal(name, type, builder)));
    node.get("co_engagement").ifPresent(rule -> builder.coEngagement(start -> rule(rule, start)));
    return builder.build();
  }

  private static CoEngagementRule rule(Node node, CoEngagementRule start) {
    node.allow("capacity", "window", "half_life");
    return new CoEngagementRule(
        node.get("capacity").map(SchemaMapping::whole).orElse(start.capacity()),
        node.get("window").map(SchemaMapping::whole).orElse(start.window()),
        node.get("half_life").map(SchemaMapping::span).orElse(start.halfLife()));
  }

  private static void fields(Node node, SchemaBuilder builder) {
    node.allow(labels(EntityKind.values(), SchemaMapping::label))
        .members()
        .forEach(
            (kind, fields) ->
                fields
                    .members()
                    .forEach(
                        (name, type) ->
                            builder.field(
                                one(new Node(fields.path(), text(kind)), EntityKind.values()),
                                name,
                                one(type, FieldType.values()))));
  }

  private static void signal(String name, Node node, SchemaBuilder builder) {
    node.allow("on", "decay", "windows", "velocity", "signed_weights", "means");
    var kind = node.get("on").map(on -> one(on, EntityKind.values())).orElse(EntityKind.ITEM);
    var signal = builder.signal(name, kind, decay(node.require("decay")));
    node.get("windows")
        .ifPresent(
            windows ->
                signal.windows(
                    windows.elements().stream().map(SchemaMapping::window).toArray(Window[]::new)));
    node.get("velocity").ifPresent(velocity -> signal.velocity(velocity.flag()));
    node.get("signed_weights").ifPresent(signed -> signal.signedWeights(signed.flag()));
    node.get("means").ifPresent(means -> signal.means(one(means, Meaning.values())));
    signal.add();
  }

  private static Decay decay(Node node) {
    if (node.isString()) {
      if (!node.string().equals("permanent")) {
        throw node.wrong("\"permanent\", {\"half_life\": \"7d\"} or {\"lifetime\": \"30d\"}");
      }
      return Decay.permanent();
    }
    node.allow("half_life", "lifetime");
    var halfLife = node.get("half_life");
    var lifetime = node.get("lifetime");
    if (halfLife.isPresent() == lifetime.isPresent()) {
      throw node.wrong("either \"half_life\" or \"lifetime\"");
    }
    return halfLife
        .map(span -> Decay.exponential(span(span)))
        .or(() -> lifetime.map(span -> Decay.linear(span(span))))
        .orElseThrow();
  }

  private static Window window(Node node) {
    return Window.ofLabel(node.string())
        .orElseThrow(() -> node.wrong(String.join(", ", labels(Window.values(), Window::label))));
  }

  private static int whole(Node node) {
    if (!node.json().isInt()) {
      throw node.wrong("a whole number");
    }
    return node.json().intValue();
  }

  private static Duration span(Node node) {
    try {
      return Spans.parse(node.string());
    } catch (DateTimeParseException e) {
      throw node.wrong("a span like 90s, 15m, 24h, 7d");
    }
  }

  private static <E extends Enum<E>> E one(Node node, E[] values) {
    var label = node.string();
    return Arrays.stream(values)
        .filter(value -> label(value).equals(label))
        .findFirst()
        .orElseThrow(() -> node.wrong(String.join(", ", labels(values, SchemaMapping::label))));
  }

  private static <E> String[] labels(E[] values, Function<E, String> label) {
    return Arrays.stream(values).map(label).collect(Collectors.toList()).toArray(String[]::new);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static tools.jackson.databind.JsonNode text(String text) {
    return tools.jackson.databind.node.StringNode.valueOf(text);
  }
}
