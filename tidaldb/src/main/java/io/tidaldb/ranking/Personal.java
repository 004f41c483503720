package io.tidaldb.ranking;

import io.tidaldb.schema.Profile;
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
/// @param habits what the user does, keeps and follows; empty without user
/// @param scored the profile that scores: for `personalized`, `for_you`
/// @param warmth how far the user is known, 0 … 1
public record Personal(
    Optional<LongToDoubleFunction> affinity,
    Optional<IntToDoubleFunction> together,
    Optional<IntToDoubleFunction> preferenceMatch,
    Optional<IntToDoubleFunction> similarity,
    Optional<IntToDoubleFunction> recentMatch,
    Optional<Habits> habits,
    Profile scored,
    double warmth) {}
