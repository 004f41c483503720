package io.tidaldb.cli;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Field;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads one condition of the command line, by the types of a schema's fields.
///
/// ```
///  category=jazz     category!=jazz|folk    duration<10m       price>=9.5
///  created>=2021-06-01                      verified=true      creator=17     id=1|2
///  view.count(24h)>=100                     view.velocity(1h)>0.5             view.decayed>3
///  creator.verified=true                    creator.followers>=100            quality>=0.5
/// ```
final class Where {

  private static final Pattern CONDITION =
      Pattern.compile(
          "\\s*([a-z][a-z0-9_.]*(?:\\([a-z0-9]+\\))?)\\s*(!=|<=|>=|=|<|>)\\s*(.*?)\\s*");
  private static final Pattern SIGNAL =
      Pattern.compile("([a-z][a-z0-9_]*)\\.(count|velocity|decayed)(?:\\(([a-z0-9]+)\\))?");

  private static final String OF_CREATOR = "creator.";

  /// What is computed, unless the schema has a field of the name.
  private static final Set<String> RATES = Set.of("quality", "completion_rate");

  private final Schema schema;
  private final String text;

  private Where(Schema schema, String text) {
    this.schema = schema;
    this.text = text;
  }

  /// The filter that a condition says.
  ///
  /// @throws InvalidRequestException if it cannot be read or names no field or signal
  static Filter parse(String text, Schema schema) {
    var found = CONDITION.matcher(text);
    var where = new Where(schema, text);
    if (!found.matches()) {
      throw where.wrong("wanted=NAME, one of = != < <= > >=, VALUE; quote it for the shell");
    }
    var comparison = comparison(found.group(2));
    var signal = SIGNAL.matcher(found.group(1));
    return signal.matches()
        ? where.signal(
            signal.group(1), measure(signal.group(2)), signal.group(3), comparison, found.group(3))
        : where.field(found.group(1), comparison, found.group(3));
  }

  private Filter signal(
      String name, Measure measure, String window, Filter.Comparison comparison, String value) {
    if (schema.signal(name).isEmpty()) {
      throw wrong("no such signal, known=" + schema.signals().stream().map(s -> s.name()).toList());
    }
    if ((window == null) != (measure == Measure.DECAYED)) {
      throw wrong("count and velocity take a window like (24h), decayed takes none");
    }
    var span =
        window == null
            ? Window.ALL_TIME
            : Window.ofLabel(window).orElseThrow(() -> wrong("windows are 1h 24h 7d 30d all"));
    return new Filter.SignalThreshold(name, measure, span, comparison, number(value));
  }

  private Filter field(String name, Filter.Comparison comparison, String value) {
    if (schema.field(EntityKind.ITEM, name).isPresent() && RATES.contains(name)) {
      return byType(name, schema.field(EntityKind.ITEM, name).get().type(), comparison, value);
    }
    return switch (name) {
      case "id" -> ids(comparison, new Filter.IdIn(idsOf(value)));
      case "creator", "creator_id" -> ids(comparison, new Filter.RefersTo("creator", idsOf(value)));
      case "created", "created_at" -> time("created", comparison, value);
      case "creator.followers" -> range(name, comparison, number(value));
      case "creator.created" -> time(name, comparison, value);
      case "quality" -> Filter.quality().compare(comparison, number(value));
      case "completion_rate" -> Filter.completionRate().compare(comparison, number(value));
      default -> {
        var field =
            name.startsWith(OF_CREATOR)
                ? schema.field(EntityKind.CREATOR, name.substring(OF_CREATOR.length()))
                : schema.field(EntityKind.ITEM, name);
        yield byType(name, field.orElseThrow(() -> unknown(name)).type(), comparison, value);
      }
    };
  }

  private Filter byType(String name, FieldType type, Filter.Comparison comparison, String value) {
    return switch (type) {
      case KEYWORD, TAGS -> ids(comparison, new Filter.KeywordIn(name, Set.of(values(value))));
      case INTEGER, NUMBER -> range(name, comparison, number(value));
      case DURATION -> range(name, comparison, seconds(value));
      case TIME -> time(name, comparison, value);
      case BOOLEAN -> ids(comparison, new Filter.BooleanIs(name, flag(value)));
      case ID -> ids(comparison, new Filter.RefersTo(name, idsOf(value)));
      case TEXT, PLAIN -> throw wrong("a field of type " + FieldType.TEXT + " is no filter");
    };
  }

  /// A condition that knows equal and unequal only.
  private Filter ids(Filter.Comparison comparison, Filter equal) {
    return switch (comparison) {
      case EQUAL -> equal;
      case NOT_EQUAL -> equal.negate();
      case LESS, AT_MOST, GREATER, AT_LEAST -> throw wrong("only = and != fit this field");
    };
  }

  private static Filter range(String name, Filter.Comparison comparison, double value) {
    var some = OptionalDouble.of(value);
    var none = OptionalDouble.empty();
    return switch (comparison) {
      case EQUAL -> new Filter.NumberRange(name, some, true, some, true);
      case NOT_EQUAL -> new Filter.NumberRange(name, some, true, some, true).negate();
      case LESS -> new Filter.NumberRange(name, none, true, some, false);
      case AT_MOST -> new Filter.NumberRange(name, none, true, some, true);
      case GREATER -> new Filter.NumberRange(name, some, false, none, true);
      case AT_LEAST -> new Filter.NumberRange(name, some, true, none, true);
    };
  }

  private Filter time(String name, Filter.Comparison comparison, String value) {
    var at = moment(value);
    var next = Timestamp.ofNanos(at.nanos() + 1);
    var field = Filter.field(name);
    return switch (comparison) {
      case EQUAL -> field.after(at).and(field.before(next));
      case NOT_EQUAL -> field.after(at).and(field.before(next)).negate();
      case LESS -> field.before(at);
      case AT_MOST -> field.before(next);
      case GREATER -> field.after(next);
      case AT_LEAST -> field.after(at);
    };
  }

  private Timestamp moment(String value) {
    try {
      return Timestamp.of(
          value.length() == 10
              ? LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC)
              : Instant.parse(value));
    } catch (DateTimeException e) {
      throw wrong("not a day or moment like 2021-06-01 or 2021-06-01T12:00:00Z");
    }
  }

  private double number(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw wrong("not a number");
    }
  }

  private double seconds(String value) {
    try {
      return Character.isLetter(value.charAt(value.length() - 1))
          ? Spans.parse(value).toNanos() / 1e9
          : number(value);
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      throw wrong("not a span like 600, 90s or 10m");
    }
  }

  private boolean flag(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("not true or false");
    };
  }

  private static Set<EntityId> idsOf(String value) {
    return Arrays.stream(values(value)).map(EntityId::parse).collect(Collectors.toSet());
  }

  private static String[] values(String value) {
    return Arrays.stream(value.split("\\|", -1))
        .map(String::strip)
        .distinct()
        .toArray(String[]::new);
  }

  private static Measure measure(String label) {
    return Measure.valueOf(label.toUpperCase(java.util.Locale.ROOT));
  }

  private static Filter.Comparison comparison(String symbol) {
    return Arrays.stream(Filter.Comparison.values())
        .filter(comparison -> comparison.symbol().equals(symbol))
        .findFirst()
        .orElseThrow();
  }

  private InvalidRequestException unknown(String name) {
    List<String> known = schema.fields(EntityKind.ITEM).stream().map(Field::name).toList();
    return wrong("no such field: name=" + name + " known=" + known);
  }

  private InvalidRequestException wrong(String why) {
    return new InvalidRequestException(
        "CONDITION_INVALID", "condition cannot be read: given=" + text + "; " + why);
  }
}
