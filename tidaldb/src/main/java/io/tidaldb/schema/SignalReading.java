package io.tidaldb.schema;

import java.util.Map;

/// Everything kept about one signal of one entity, at one position of the log.
///
/// @param decayedScore the sum of its events' values
/// @param counts events in each declared window
/// @param velocities events per second in each declared finite window; empty without velocity
public record SignalReading(
    double decayedScore, Map<Window, Long> counts, Map<Window, Double> velocities) {

  public SignalReading {
    counts = Map.copyOf(counts);
    velocities = Map.copyOf(velocities);
  }
}
