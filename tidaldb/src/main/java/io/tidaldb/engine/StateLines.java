package io.tidaldb.engine;

import io.tidaldb.log.StateSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Gives the canonical state entry by entry. [#finish] gives the last one.
final class StateLines implements StateSink {

  private final Consumer<Map<String, Object>> to;
  private Map<String, Object> entry = new LinkedHashMap<>();
  private long entries;

  StateLines(Consumer<Map<String, Object>> to) {
    this.to = to;
  }

  @Override
  public StateSink entry(String what, String key) {
    finish();
    entry.put("entry", what);
    entry.put("key", key);
    entries++;
    return this;
  }

  @Override
  public StateSink value(String name, long value) {
    // A long may be an id, and JSON's numbers end at 2^53.
    return put(name, Long.toString(value));
  }

  @Override
  public StateSink value(String name, double value) {
    return put(name, value);
  }

  @Override
  public StateSink value(String name, String value) {
    return put(name, value);
  }

  /// Gives the entry that is under way.
  void finish() {
    if (!entry.isEmpty()) {
      to.accept(entry);
      entry = new LinkedHashMap<>();
    }
  }

  /// How many entries there were.
  long entries() {
    return entries;
  }

  private StateSink put(String name, Object value) {
    entry.put(name, value);
    return this;
  }
}
