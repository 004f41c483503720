package io.tidaldb.schema;

import java.util.Optional;
import java.util.Set;

/// A kind of signal, as declared in a schema.
///
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param id its number: alphabetical rank in a schema that has not met a store, else what the
///   store's table says
/// @param target the kind of entity that it happens to
/// @param decay how an event's value fades
/// @param windows the declared windows, in order of length
/// @param velocity whether events per second can be read
/// @param signedWeights whether weights may be negative
/// @param meaning what it says to built-in profiles and sort modes
public record SignalType(
    String name,
    SignalTypeId id,
    EntityKind target,
    Decay decay,
    Set<Window> windows,
    boolean velocity,
    boolean signedWeights,
    Optional<Meaning> meaning) {

  public SignalType {
    windows =
        windows.isEmpty()
            ? Set.of()
            : java.util.Collections.unmodifiableSet(java.util.EnumSet.copyOf(windows));
  }

  /// The same type under another number.
  public SignalType withId(SignalTypeId newId) {
    return new SignalType(name, newId, target, decay, windows, velocity, signedWeights, meaning);
  }

  /// The longest declared window with an end.
  public Optional<Window> longestFiniteWindow() {
    return windows.stream().filter(Window::isFinite).max(java.util.Comparator.naturalOrder());
  }
}
