package io.tidaldb.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What a user did in sessions, running and ended ones together.
///
/// @param sessions how many sessions
/// @param signals signals in them
/// @param refusals refused calls in them
/// @param topSignals the ten most frequent signals by name, most frequent first
/// @param drift 1 − cosine between what the first and the last session liked, 0 … 2; empty with
///   fewer than two sessions that liked anything
public record UserSessionSummary(
    long sessions,
    long signals,
    long refusals,
    Map<String, Long> topSignals,
    OptionalDouble drift) {

  public UserSessionSummary {
    topSignals = Collections.unmodifiableMap(new LinkedHashMap<>(topSignals));
  }
}
