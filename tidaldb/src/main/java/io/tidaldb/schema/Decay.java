package io.tidaldb.schema;

import java.time.Duration;

/// How the value of an event fades with its age.
///
/// An event of weight *w* and age *a* has the value *w · 2^(−a/h)* (exponential, half-life *h*), *w
/// · max(0, 1 − a/T)* (linear, lifetime *T*), or *w* (permanent). Ranges are checked by
/// [SchemaBuilder#build()].
public sealed interface Decay {

  /// Halves every `halfLife`, 1 s … 36,500 days.
  static Decay exponential(Duration halfLife) {
    return new Exponential(halfLife);
  }

  /// Falls on a straight line to nothing at `lifetime`, 60 s … 36,500 days.
  static Decay linear(Duration lifetime) {
    return new Linear(lifetime);
  }

  /// Never fades.
  static Decay permanent() {
    return new Permanent();
  }

  /// @param halfLife the age at which half of the value is left
  record Exponential(Duration halfLife) implements Decay {}

  /// @param lifetime the age at which nothing is left
  record Linear(Duration lifetime) implements Decay {}

  /// The value stays.
  record Permanent() implements Decay {}
}
