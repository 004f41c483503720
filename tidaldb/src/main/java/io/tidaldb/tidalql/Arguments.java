package io.tidaldb.tidalql;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Timestamp;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The parameters of one text: values by name, each of which must be used. A value is never made
/// into text.
final class Arguments {

  static final String MISSING = "PARAMETER_MISSING";
  static final String UNUSED = "PARAMETER_UNUSED";
  static final String TYPE = "PARAMETER_TYPE";

  private static final Optional<EntityId> NO_ID = Optional.empty();
  private static final BigInteger IDS = BigInteger.ONE.shiftLeft(64);

  private final Map<String, ?> given;
  private final Set<String> used = new HashSet<>();

  Arguments(Map<String, ?> given) {
    this.given = given;
  }

  /// The value of a parameter.
  ///
  /// @throws QuerySyntaxException if it has none, or one of a type that no query knows
  Value value(Token parameter, Tokens tokens) {
    Object value = given.get(parameter.text());
    if (value == null) {
      throw tokens.refused(MISSING, parameter, "parameter has no value: name=" + parameter.text());
    }
    used.add(parameter.text());
    try {
      return value(value)
          .orElseThrow(
              () ->
                  tokens.refused(
                      TYPE,
                      parameter,
                      "parameter has a type that no query knows: name="
                          + parameter.text()
                          + " type="
                          + value.getClass().getName()));
    } catch (InvalidRequestException e) {
      throw e instanceof QuerySyntaxException ? e : tokens.refused(parameter, e);
    }
  }

  /// @throws QuerySyntaxException if a value was given that nothing asked for
  void checkAllUsed(Token end, Tokens tokens) {
    if (used.size() == given.size()) {
      return;
    }
    var left = new TreeSet<String>();
    for (var name : given.keySet()) {
      if (!used.contains(name)) {
        left.add(String.valueOf(name));
      }
    }
    throw tokens.refused(UNUSED, end, "parameters that the text does not name: " + left);
  }

  private static Optional<Value> value(@Nullable Object value) {
    return Optional.ofNullable(
        switch (value) {
          case String text -> new Value.Text(text);
          case Boolean truth -> new Value.Truth(truth);
          case Long number -> whole(number, true);
          case Integer number -> whole(number, false);
          case Short number -> whole(number, false);
          case Byte number -> whole(number, false);
          case BigInteger number -> whole(number);
          case Double number -> decimal(number);
          case Float number -> decimal(Double.parseDouble(number.toString()));
          case BigDecimal number -> decimal(number.doubleValue());
          case EntityId id -> new Value.Id(id);
          case SessionId id -> new Value.Id(EntityId.of(id.value()));
          case CollectionId id -> new Value.Id(EntityId.of(id.value()));
          case Duration span -> new Value.Span(span);
          case Instant time -> new Value.Moment(Timestamp.of(time));
          case Timestamp time -> new Value.Moment(time);
          case Collection<?> values -> many(values);
          case long[] values -> numbers(values);
          case float[] values -> numbers(values);
          case double[] values -> numbers(values);
          case Object[] values -> many(Arrays.asList(values));
          case null, default -> null;
        });
  }

  private static @Nullable Value many(Collection<?> given) {
    var values = new ArrayList<Value>(given.size());
    for (var one : given) {
      var value = value(one);
      if (value.isEmpty() || value.get() instanceof Value.Many) {
        return null;
      }
      values.add(value.get());
    }
    return new Value.Many(values);
  }

  private static Value numbers(long[] given) {
    var values = new ArrayList<Value>(given.length);
    for (long number : given) {
      values.add(whole(number, true));
    }
    return new Value.Many(values);
  }

  private static Value numbers(float[] given) {
    var values = new ArrayList<Value>(given.length);
    for (float number : given) {
      values.add(decimal(number));
    }
    return new Value.Many(values);
  }

  private static Value numbers(double[] given) {
    var values = new ArrayList<Value>(given.length);
    for (double number : given) {
      values.add(decimal(number));
    }
    return new Value.Many(values);
  }

  /// @param unsigned whether one below 0 may be an id all the same
  private static Value whole(long number, boolean unsigned) {
    var id = number >= 0 || unsigned ? Optional.of(EntityId.of(number)) : NO_ID;
    return new Value.Numeral(number, id, Optional.of(number), number < 0);
  }

  private static Value whole(BigInteger number) {
    boolean id = number.signum() >= 0 && number.compareTo(IDS) < 0;
    return new Value.Numeral(
        number.doubleValue(),
        id ? Optional.of(EntityId.of(number.longValue())) : NO_ID,
        number.bitLength() < Long.SIZE ? Optional.of(number.longValue()) : Optional.empty(),
        number.signum() < 0);
  }

  private static Value decimal(double number) {
    return new Value.Numeral(number, NO_ID, Optional.empty(), number < 0);
  }
}
