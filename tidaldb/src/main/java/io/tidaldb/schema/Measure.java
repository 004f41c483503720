package io.tidaldb.schema;

import java.util.Locale;

/// What is read of a signal.
public enum Measure {
  /// Events in a window.
  COUNT,
  /// Events per second in a window.
  VELOCITY,
  /// The decayed score.
  DECAYED;

  /// The measure's name in queries: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
