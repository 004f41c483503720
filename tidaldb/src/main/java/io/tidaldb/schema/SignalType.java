package io.tidaldb.schema;

import java.util.Collection;
import java.util.List;
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

  private static final double WEIGHT_MIN = 1e-9;
  private static final double WEIGHT_MAX = 1e9;

  public SignalType {
    windows =
        windows.isEmpty()
            ? Set.of()
            : java.util.Collections.unmodifiableSet(java.util.EnumSet.copyOf(windows));
  }

  /// A weight as it is kept: −0.0 becomes 0.
  ///
  /// @throws InvalidRequestException if it does not fit (`WEIGHT_INVALID`)
  public double checkedWeight(EntityId entity, double weight) {
    double size = Math.abs(weight);
    boolean inRange = size == 0 || (size >= WEIGHT_MIN && size <= WEIGHT_MAX);
    if (!inRange || (weight < 0 && !signedWeights)) {
      throw new InvalidRequestException(
          "WEIGHT_INVALID",
          "weight does not fit: operation=signal signal="
              + name
              + " entity="
              + entity
              + " given="
              + weight
              + " allowed=0 or "
              + WEIGHT_MIN
              + "…"
              + WEIGHT_MAX
              + (signedWeights ? " with either sign" : ", not negative"));
    }
    return size == 0 ? 0.0 : weight;
  }

  /// The same type under another number.
  public SignalType withId(SignalTypeId newId) {
    return new SignalType(name, newId, target, decay, windows, velocity, signedWeights, meaning);
  }

  /// The types on items as they are on creators: a signal on an item is also one on its creator.
  public static List<SignalType> rolledUp(Collection<SignalType> types) {
    return types.stream()
        .filter(type -> type.target() == EntityKind.ITEM)
        .map(SignalType::ofCreator)
        .toList();
  }

  private SignalType ofCreator() {
    return new SignalType(
        name, id, EntityKind.CREATOR, decay, windows, velocity, signedWeights, meaning);
  }

  /// The longest declared window with an end.
  public Optional<Window> longestFiniteWindow() {
    return windows.stream().filter(Window::isFinite).max(java.util.Comparator.naturalOrder());
  }
}
