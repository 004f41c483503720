package io.tidaldb.collection;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// What was used last, up to a weight.
///
/// **Threads.** Any; every call holds the monitor for the time of a lookup.
final class Recent<V> {

  private record Held<V>(V value, long weight) {}

  private final LinkedHashMap<Long, Held<V>> values = new LinkedHashMap<>(16, 0.75f, true);
  private final long weightMax;
  private long weightNow;

  Recent(long weightMax) {
    this.weightMax = weightMax;
  }

  synchronized @Nullable V get(long id) {
    var held = values.get(id);
    return held == null ? null : held.value;
  }

  /// Keeps a value and forgets the least recently used ones beyond the bound.
  synchronized void put(long id, V value, long weight) {
    remove(id);
    values.put(id, new Held<>(value, weight));
    weightNow += weight;
    while (weightNow > weightMax && values.size() > 1) {
      remove(values.firstEntry().getKey());
    }
  }

  synchronized void remove(long id) {
    var gone = values.remove(id);
    if (gone != null) {
      weightNow -= gone.weight;
    }
  }
}
