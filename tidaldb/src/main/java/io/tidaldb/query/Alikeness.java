package io.tidaldb.query;

import io.tidaldb.search.Vectors;
import io.tidaldb.search.Vectors.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How alike two items of a query are, by their vectors. Used by one thread.
final class Alikeness {

  private final Vectors vectors;

  /// What was compared with; empty for what has no direction.
  private final Map<Integer, Optional<Target>> directions = new HashMap<>();

  Alikeness(Vectors vectors) {
    this.vectors = vectors;
  }

  /// The cosine of the vectors in two slots; 0 if one has none.
  double cosine(int slot, int other) {
    var direction = directions.computeIfAbsent(other, this::direction);
    double cosine = direction.map(target -> vectors.cosine(target, slot)).orElse(0.0);
    return Double.isNaN(cosine) ? 0 : cosine;
  }

  private Optional<Target> direction(int slot) {
    float[] vector = vectors.vector(slot);
    return vector == null ? Optional.empty() : Optional.ofNullable(vectors.direction(vector));
  }
}
