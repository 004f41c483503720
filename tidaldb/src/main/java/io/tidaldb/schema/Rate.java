package io.tidaldb.schema;

import java.util.Locale;

/// How well something is received, as a number in [0, 1] that is made of several signals.
public enum Rate {
  /// The lower end of Wilson's interval (z = 1.96) of finished among viewed, or of likes among
  /// likes and dislikes.
  QUALITY,
  /// (S + 20·p) / (V + 20): the share of views that were finished, pulled toward the prior p.
  COMPLETION_RATE;

  /// The rate's name in queries: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
