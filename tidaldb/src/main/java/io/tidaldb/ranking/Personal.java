package io.tidaldb.ranking;

import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongToDoubleFunction;

/// What a ranking knows of whom and what a query is asked for.
///
/// @param affinity how much the user engages with a creator, 0 if not at all; empty without user
/// @param together the edge between an item's slot and the nearest seed, as a share of the seed's
///   strongest, in [0, 1]; empty without seeds
/// @param preferenceMatch max(0, cos) of an item's vector with what the user prefers; empty if
///   nothing is known of that
/// @param similarity max(0, cos) of an item's vector with the nearest seed; empty without one
/// @param recentMatch how much an item follows what the user engaged with last, in [0, 1]; empty
///   where the user has engaged with nothing
/// @param warmth how far the user is known, 0 … 1
public record Personal(
    Optional<LongToDoubleFunction> affinity,
    Optional<IntToDoubleFunction> together,
    Optional<IntToDoubleFunction> preferenceMatch,
    Optional<IntToDoubleFunction> similarity,
    Optional<IntToDoubleFunction> recentMatch,
    double warmth) {

  /// Nobody in particular, nothing in particular.
  public static Personal none() {
    return new Personal(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
