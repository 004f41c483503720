package io.tidaldb.schema;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which signals to export from the retained log. Immutable; each call gives a new value.
///
/// @param user signals of this user
/// @param signals names of the signals to tell; empty for all
/// @param since signals of this time or later
/// @param until signals before this time
/// @param limit at most so many signals, 1 … 100,000
public record SignalExport(
    Optional<EntityId> user,
    Set<String> signals,
    Optional<Timestamp> since,
    Optional<Timestamp> until,
    int limit) {

  /// @throws InvalidRequestException `LIMIT_OUT_OF_RANGE` if the limit is out of range
  public SignalExport {
    signals = Collections.unmodifiableSet(new TreeSet<>(signals));
    SessionExport.checkLimit(limit);
  }

  /// All signals, at most 100,000.
  public static SignalExport all() {
    return new SignalExport(
        Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), SessionExport.LIMIT_MAX);
  }

  /// The same of this user.
  public SignalExport user(EntityId given) {
    return new SignalExport(Optional.of(given), signals, since, until, limit);
  }

  /// The same of these names.
  public SignalExport signals(Set<String> given) {
    return new SignalExport(user, given, since, until, limit);
  }

  /// The same of this time or later.
  public SignalExport since(Timestamp given) {
    return new SignalExport(user, signals, Optional.of(given), until, limit);
  }

  /// The same before this time.
  public SignalExport until(Timestamp given) {
    return new SignalExport(user, signals, since, Optional.of(given), limit);
  }

  /// The same with at most so many signals.
  public SignalExport limit(int given) {
    return new SignalExport(user, signals, since, until, given);
  }
}
