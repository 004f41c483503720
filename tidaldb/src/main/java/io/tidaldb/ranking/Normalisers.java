package io.tidaldb.ranking;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/// The sizes of the whole that a ranking compares candidates with (N, X, priors), in the order in
/// which it asks for them. Read live on the first page and pinned on the pages after it, so that
/// pages fit together.
public final class Normalisers {

  private final List<Double> values = new ArrayList<>();
  private final List<Double> pinned;

  private Normalisers(List<Double> pinned) {
    this.pinned = pinned;
  }

  /// Reads every value from the store.
  public static Normalisers live() {
    return new Normalisers(List.of());
  }

  /// Uses the values of an earlier page.
  public static Normalisers pinned(List<Double> values) {
    return new Normalisers(List.copyOf(values));
  }

  /// The values asked for so far.
  public List<Double> values() {
    return List.copyOf(values);
  }

  /// The next value: that of the earlier page, else what the store says.
  public double next(DoubleSupplier live) {
    double value = values.size() < pinned.size() ? pinned.get(values.size()) : live.getAsDouble();
    values.add(value);
    return value;
  }
}
