package io.tidaldb.query;

import io.tidaldb.schema.Window;
import java.util.HashMap;
import java.util.Map;

/// An item of a [FakeWorld]: every fact about it in plain maps.
final class FakeItem {
  final long id;
  final int slot;
  long created;
  boolean live = true;
  final Map<String, Object> fields = new HashMap<>();
  final Map<String, Double> decayed = new HashMap<>();
  final Map<String, Double> weights = new HashMap<>();
  final Map<String, Map<Window, Long>> counts = new HashMap<>();

  FakeItem(long id, int slot, long created) {
    this.id = id;
    this.slot = slot;
    this.created = created;
  }

  long count(String signal, Window window) {
    return counts.getOrDefault(signal, Map.of()).getOrDefault(window, 0L);
  }

  double velocity(String signal, Window window) {
    return count(signal, window) / (double) window.seconds();
  }

  double decayed(String signal) {
    return decayed.getOrDefault(signal, 0.0);
  }

  double weightSum(String signal) {
    return weights.getOrDefault(signal, 0.0);
  }
}
