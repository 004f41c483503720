package io.tidaldb.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// How much may be sent to a user in any 24 hours, by the signals that mean `notified`: what was
/// sent already is taken off, and what is beyond is left out. Never relaxed.
///
/// @param perCreator at most so many of one creator, 1 … 1,000
/// @param total at most so many, 1 … 1,000
public record NotificationCaps(OptionalInt perCreator, OptionalInt total) {

  /// Everything may be sent.
  public static final NotificationCaps NONE =
      new NotificationCaps(OptionalInt.empty(), OptionalInt.empty());

  private static final String PER_CREATOR = "per_creator";
  private static final String TOTAL = "total";
  private static final int MAX = 1_000;

  /// At most so many of one creator, and so many.
  public static NotificationCaps of(int perCreator, int total) {
    return new NotificationCaps(OptionalInt.of(perCreator), OptionalInt.of(total));
  }

  /// Whether it caps nothing.
  public boolean isNone() {
    return perCreator.isEmpty() && total.isEmpty();
  }

  /// What it says, by the names that TidalQL and the JSON of profiles use, in their order.
  public Map<String, Integer> values() {
    var values = new LinkedHashMap<String, Integer>();
    perCreator.ifPresent(value -> values.put(PER_CREATOR, value));
    total.ifPresent(value -> values.put(TOTAL, value));
    return values;
  }

  /// As [#values()] says.
  ///
  /// @throws InvalidRequestException if a name is unknown, or a number is not whole or out of its
  ///   range
  public static NotificationCaps of(Map<String, ? extends Number> values) {
    var caps = NONE;
    for (var entry : values.entrySet()) {
      var value = OptionalInt.of(whole(entry.getKey(), entry.getValue()));
      caps =
          switch (entry.getKey()) {
            case PER_CREATOR -> new NotificationCaps(value, caps.total);
            case TOTAL -> new NotificationCaps(caps.perCreator, value);
            default ->
                throw invalid(
                    "unknown cap: given=" + entry.getKey() + " allowed=per_creator, total");
          };
    }
    return caps.checked();
  }

  private static int whole(String name, Number value) {
    if (value.doubleValue() != value.intValue()) {
      throw invalid(name + " is a whole number: given=" + value);
    }
    return value.intValue();
  }

  /// The same.
  ///
  /// @throws InvalidRequestException if a value is out of its range
  public NotificationCaps checked() {
    values()
        .forEach(
            (name, value) -> {
              if (value < 1 || value > MAX) {
                throw invalid("caps out of range: " + name + "=" + value + " allowed=1…" + MAX);
              }
            });
    return this;
  }

  private static InvalidRequestException invalid(String why) {
    return new InvalidRequestException("CAPS_INVALID", why);
  }

  /// As TidalQL writes it.
  @Override
  public String toString() {
    var text = new StringBuilder();
    values()
        .forEach(
            (name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(':').append(value));
    return text.isEmpty() ? "NONE" : text.toString();
  }
}
