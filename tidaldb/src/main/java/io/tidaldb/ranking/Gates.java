package io.tidaldb.ranking;

import io.tidaldb.schema.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The gates of a profile: drop candidates whose feature lies outside its bounds, and count them.
final class Gates {

  private final List<Gate> gates = new ArrayList<>();

  Gates(List<Profile.Gate> gates, FeatureBinder features) {
    for (var gate : gates) {
      this.gates.add(
          new Gate(
              features.bind(gate.feature()),
              gate.min().orElse(Double.NEGATIVE_INFINITY),
              gate.max().orElse(Double.POSITIVE_INFINITY)));
    }
  }

  boolean isEmpty() {
    return gates.isEmpty();
  }

  /// Takes out of the batch what they drop, reading no more than they need.
  void sift(Binder binder, Batch batch) {
    if (gates.isEmpty()) {
      return;
    }
    for (var gate : gates) {
      binder.fill(gate.feature.columns(), batch);
    }
    Arrays.fill(batch.dropped, 0, batch.count, false);
    apply(batch);
    batch.removeDropped();
  }

  /// Marks what they drop.
  void apply(Batch batch) {
    for (int g = 0; g < gates.size(); g++) {
      gates.get(g).drop(batch);
    }
  }

  /// Candidates dropped so far, per gate; the first gate that fails counts.
  Map<String, Long> dropped() {
    var counts = new TreeMap<String, Long>();
    for (var gate : gates) {
      if (gate.dropped > 0) {
        counts.merge("gate " + gate.feature.name(), gate.dropped, Long::sum);
      }
    }
    return counts;
  }

  private static final class Gate {
    private final BoundFeature feature;
    private final double min;
    private final double max;
    private long dropped;

    Gate(BoundFeature feature, double min, double max) {
      this.feature = feature;
      this.min = min;
      this.max = max;
    }

    void drop(Batch batch) {
      for (int i = 0; i < batch.count; i++) {
        if (batch.dropped[i] || !feature.computable(batch.in, i)) {
          continue;
        }
        double u = feature.u(batch.in, i);
        if (u < min || u > max) {
          batch.dropped[i] = true;
          dropped++;
        }
      }
    }
  }
}
