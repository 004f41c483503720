package io.tidaldb.schema;

/// A cohort to be defined: a named predicate over users.
///
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param predicate who is in it
/// @param backfill whether earlier signals of its members are counted as well, as far as the log
///   still holds them
public record CohortDefinition(String name, Predicate predicate, boolean backfill) {

  /// @throws InvalidRequestException if the name does not fit (`NAME_INVALID`)
  /// @throws LimitExceededException if the predicate is too large
  public CohortDefinition {
    if (!PredicateRules.NAME.matcher(name).matches()) {
      throw new InvalidRequestException(
          "NAME_INVALID", "cohort name not valid: given=" + name + " allowed=[a-z][a-z0-9_]{0,63}");
    }
    predicate = PredicateRules.bounded(predicate);
  }

  /// A cohort that counts from its definition.
  public static CohortDefinition of(String name, Predicate predicate) {
    return new CohortDefinition(name, predicate, false);
  }

  /// The same with or without earlier signals.
  public CohortDefinition backfill(boolean earlier) {
    return new CohortDefinition(name, predicate, earlier);
  }
}
