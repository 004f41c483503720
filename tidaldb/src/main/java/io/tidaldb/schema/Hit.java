package io.tidaldb.schema;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// One result of a query.
///
/// @param id the entity
/// @param rank its place, from 1 over all pages
/// @param score what it was ranked by
/// @param slot whether its score gave it the place, or chance
/// @param sources the sources that proposed it; none where everything allowed was looked at
/// @param team the variant that put it here, from 0, where an experiment interleaves two
/// @param snapshot the raw signal values that were used, by name
/// @param explanation the parts of the score
public record Hit(
    EntityId id,
    int rank,
    double score,
    Slot slot,
    List<String> sources,
    OptionalInt team,
    Map<String, Double> snapshot,
    Part explanation) {

  /// How a hit came to its place.
  public enum Slot {
    /// By its score.
    RANKED,
    /// Drawn from what is new and hardly shown yet.
    EXPLORATION
  }

  public Hit {
    sources = List.copyOf(sources);
    snapshot = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(snapshot));
  }

  /// The same hit at another rank, put there by this variant.
  public Hit ofTeam(int variant, int newRank) {
    return new Hit(
        id, newRank, score, slot, sources, OptionalInt.of(variant), snapshot, explanation);
  }
}
