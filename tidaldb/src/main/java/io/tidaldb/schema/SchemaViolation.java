package io.tidaldb.schema;

/// One rule that a schema breaks.
///
/// @param code the rule, for example `HALF_LIFE_OUT_OF_RANGE`
/// @param path where, for example `signal.view`
/// @param given what was declared
/// @param allowed what would be right
public record SchemaViolation(Code code, String path, String given, String allowed) {

  /// The rules of a schema.
  public enum Code {
    NAME_INVALID,
    NAME_DUPLICATE,
    NAME_RETIRED,
    KIND_MISSING,
    DECAY_MISSING,
    HALF_LIFE_OUT_OF_RANGE,
    LIFETIME_OUT_OF_RANGE,
    WINDOWS_EMPTY,
    VELOCITY_WITHOUT_WINDOW,
    SIGNED_LINEAR,
    DEFINITION_OPEN,
    TOO_MANY_SIGNALS,
    TOO_MANY_FIELDS,
    TOO_MANY_SLOTS,
    DIMENSION_OUT_OF_RANGE,
    METRIC_MISSING,
    MEANING_DUPLICATE,
    CAPACITY_OUT_OF_RANGE,
    WINDOW_OUT_OF_RANGE,
    FIELD_REDECLARED,
    FRESHNESS_OUT_OF_RANGE,
    FRESHNESS_UNFIT,
    INTEREST_UNKNOWN,
    TOO_MANY_INTERESTS,
    POLICY_SIGNAL_UNKNOWN,
    POLICY_OUT_OF_RANGE,
    TOO_MANY_POLICIES
  }

  @Override
  public String toString() {
    return code + " at " + path + ": given=" + given + " allowed=" + allowed;
  }
}
