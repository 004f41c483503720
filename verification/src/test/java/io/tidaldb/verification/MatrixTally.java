package io.tidaldb.verification;

import io.tidaldb.fault.CrashPoint;
import io.tidaldb.testing.Surface;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// How often each cell of the matrix was tried: point × surface. A sequence counts for a cell only
/// if the point fired, the surface had something answered before, and, where the point lies in the
/// path of a frame, that frame held an event of the surface.
final class MatrixTally {

  private static final Map<CrashPoint, Surface> BOLD =
      Map.of(
          CrashPoint.SIGNAL_AGGREGATION_UPDATE, Surface.SIGNALS,
          CrashPoint.COHORT_LEDGER_UPDATE, Surface.COHORTS,
          CrashPoint.COLLECTION_INDEX_UPDATE, Surface.COLLECTIONS,
          CrashPoint.CO_ENGAGEMENT_UPDATE, Surface.CO_ENGAGEMENT);

  private static final Set<CrashPoint> LOG =
      EnumSet.of(CrashPoint.WAL_PRE_AGGREGATE, CrashPoint.WAL_POST_AGGREGATE);

  private final Map<CrashPoint, Map<Surface, Integer>> cells = new EnumMap<>(CrashPoint.class);
  private final Map<CrashPoint, Integer> sequences = new EnumMap<>(CrashPoint.class);
  private final Map<CrashPoint, Integer> fired = new EnumMap<>(CrashPoint.class);

  MatrixTally() {
    for (var point : CrashPoint.values()) {
      cells.put(point, new EnumMap<>(Surface.class));
    }
  }

  /// Notes a sequence.
  ///
  /// @param interrupted the surfaces of the interrupted frame
  void add(CrashPoint point, boolean hasFired, Collection<Surface> interrupted) {
    sequences.merge(point, 1, Integer::sum);
    if (!hasFired) {
      return;
    }
    fired.merge(point, 1, Integer::sum);
    for (var surface : Surface.values()) {
      boolean needed = LOG.contains(point) || surface == BOLD.get(point);
      if (!needed || interrupted.contains(surface)) {
        cells.get(point).merge(surface, 1, Integer::sum);
      }
    }
  }

  /// How often a point fired.
  int fired(CrashPoint point) {
    return fired.getOrDefault(point, 0);
  }

  /// How many sequences there were for a point.
  int sequences(CrashPoint point) {
    return sequences.getOrDefault(point, 0);
  }

  /// How often a cell was tried.
  int cell(CrashPoint point, Surface surface) {
    return cells.get(point).getOrDefault(surface, 0);
  }

  /// The least tried cell of a point.
  int least(CrashPoint point) {
    int least = Integer.MAX_VALUE;
    for (var surface : Surface.values()) {
      least = Math.min(least, cell(point, surface));
    }
    return least;
  }

  /// The matrix as a table of Markdown.
  String table() {
    var text = new StringBuilder("| Point | sequences | fired |");
    for (var surface : Surface.values()) {
      text.append(' ').append(label(surface)).append(" |");
    }
    text.append("\n|---|---|---|").append("---|".repeat(Surface.values().length));
    for (var point : CrashPoint.values()) {
      text.append("\n| `").append(point).append("` | ").append(sequences(point));
      text.append(" | ").append(fired(point)).append(" |");
      for (var surface : Surface.values()) {
        text.append(' ').append(cell(point, surface)).append(" |");
      }
    }
    return text.append('\n').toString();
  }

  private static String label(Surface surface) {
    return surface.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
