package io.tidaldb.schema;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The canonical text of a schema: the same bytes for the same declarations, in whatever order they
/// were made.
///
/// ```
/// tidaldb schema 1
/// embedding item content 128 cosine
/// field item genre keyword
/// field item title text searched
/// field item seats number fresh=PT5M
/// retired rating
/// signal view item exponential PT168H windows=1h,24h,all velocity=true signed=false meaning=view
/// ```
///
/// Lines after the first are sorted by their characters; every line ends with a line feed; built-in
/// fields that were not declared differently do not appear.
final class SchemaText {

  private static final String HEADER = "tidaldb schema 1";

  private SchemaText() {}

  static String write(Schema schema) {
    List<String> lines = new ArrayList<>();
    for (var kind : EntityKind.values()) {
      for (var field : schema.fields(kind)) {
        if (!field.builtIn()) {
          lines.add(line(field));
        }
      }
    }
    schema.embeddingSlots().forEach(slot -> lines.add(line(slot)));
    schema.retired().forEach(name -> lines.add("retired " + name));
    schema.signals().forEach(type -> lines.add(line(type)));
    schema.declaredPolicies().values().forEach(policy -> lines.add(SessionPolicies.line(policy)));
    if (!schema.coEngagement().equals(CoEngagementRule.STANDARD)) {
      lines.add(line(schema.coEngagement()));
    }
    if (!schema.interestFields().equals(Schema.INTERESTS)) {
      schema.interestFields().forEach(field -> lines.add("interest " + field));
    }
    return Stream.concat(Stream.of(HEADER), lines.stream().sorted())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(CoEngagementRule rule) {
    return String.join(
        " ",
        "coengagement",
        "capacity=" + rule.capacity(),
        "window=" + rule.window(),
        "halfLife=" + rule.halfLife());
  }

  private static String line(EmbeddingSlot slot) {
    return String.join(
        " ",
        "embedding",
        lower(slot.kind()),
        slot.name(),
        Integer.toString(slot.dimensions()),
        slot.metric().label());
  }

  private static String line(Field field) {
    return String.join(" ", "field", lower(field.kind()), field.name(), lower(field.type()))
        + (field.searched() ? " searched" : "")
        + field.fresh().map(span -> " fresh=" + span).orElse("");
  }

  private static String line(SignalType type) {
    var decay =
        switch (type.decay()) {
          case Decay.Exponential(var halfLife) -> "exponential " + halfLife;
          case Decay.Linear(var lifetime) -> "linear " + lifetime;
          case Decay.Permanent() -> "permanent -";
        };
    var windows = type.windows().stream().map(Window::label).collect(Collectors.joining(","));
    return String.join(
        " ",
        "signal",
        type.name(),
        lower(type.target()),
        decay,
        "windows=" + windows,
        "velocity=" + type.velocity(),
        "signed=" + type.signedWeights(),
        "meaning=" + type.meaning().map(Meaning::label).orElse(""));
  }

  static Schema parse(String text) {
    var lines = text.split("\n", -1);
    if (!lines[0].equals(HEADER)) {
      throw nonsense(lines[0], "the first line is '" + HEADER + "'", null);
    }
    var builder = new SchemaBuilder();
    for (int i = 1; i < lines.length - 1; i++) {
      try {
        read(builder, lines[i].split(" ", -1));
      } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
        throw nonsense(lines[i], "a declaration", e);
      }
    }
    Schema schema;
    try {
      schema = builder.build();
    } catch (SchemaException e) {
      throw nonsense("", "a valid schema", e);
    }
    // Whatever was read too kindly above (order, spelling, repeats) shows here.
    if (!write(schema).equals(text)) {
      throw nonsense("", "canonical text", null);
    }
    return schema;
  }

  private static void read(SchemaBuilder builder, String[] words) {
    switch (words[0]) {
      case "coengagement" ->
          builder.coEngagement(
              rule ->
                  rule.capacity(Integer.parseInt(value(words[1], "capacity=")))
                      .window(Integer.parseInt(value(words[2], "window=")))
                      .halfLife(Duration.parse(value(words[3], "halfLife="))));
      case "embedding" ->
          builder.embeddingSlot(
              words[2],
              EntityKind.valueOf(upper(words[1])),
              Integer.parseInt(words[3]),
              Metric.valueOf(upper(words[4])));
      case "interest" -> builder.interestField(words[1]);
      case "retired" -> builder.retire(words[1]);
      case "field" -> {
        var kind = EntityKind.valueOf(upper(words[1]));
        boolean searched = words.length == 5 && words[4].equals("searched");
        if (searched) {
          builder.textField(kind, words[2], TextType.valueOf(upper(words[3])));
        } else {
          var type = FieldType.valueOf(upper(words[3]));
          builder.field(kind, words[2], type, rule -> rule(rule, words));
        }
      }
      case "signal" -> readSignal(builder, words);
      case "session" -> SessionPolicies.read(builder, words);
      default -> throw new IllegalArgumentException("unknown declaration: given=" + words[0]);
    }
  }

  private static FieldRule rule(FieldRule rule, String[] words) {
    return words.length == 5 ? rule.fresh(Duration.parse(value(words[4], "fresh="))) : rule;
  }

  private static void readSignal(SchemaBuilder builder, String[] words) {
    var decay =
        switch (words[3]) {
          case "exponential" -> Decay.exponential(Duration.parse(words[4]));
          case "linear" -> Decay.linear(Duration.parse(words[4]));
          case "permanent" -> Decay.permanent();
          default -> throw new IllegalArgumentException("unknown decay: given=" + words[3]);
        };
    var definition =
        builder
            .signal(words[1], EntityKind.valueOf(upper(words[2])), decay)
            .windows(windows(value(words[5], "windows=")))
            .velocity(Boolean.parseBoolean(value(words[6], "velocity=")))
            .signedWeights(Boolean.parseBoolean(value(words[7], "signed=")));
    var meaning = value(words[8], "meaning=");
    if (!meaning.isEmpty()) {
      definition = definition.means(Meaning.valueOf(upper(meaning)));
    }
    definition.add();
  }

  private static Window[] windows(String labels) {
    return labels.isEmpty()
        ? new Window[0]
        : Stream.of(labels.split(",", -1))
            .map(Window::ofLabel)
            .map(w -> w.orElseThrow(IllegalArgumentException::new))
            .toArray(Window[]::new);
  }

  private static String value(String word, String key) {
    if (!word.startsWith(key)) {
      throw new IllegalArgumentException("expected " + key + ": given=" + word);
    }
    return word.substring(key.length());
  }

  private static IllegalArgumentException nonsense(
      String line, String expected, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "not the canonical text of a schema: expected=" + expected + " line='" + line + "'", cause);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
