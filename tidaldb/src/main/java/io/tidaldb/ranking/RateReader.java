package io.tidaldb.ranking;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Rate;
import io.tidaldb.schema.Results.Warning;
import java.util.List;

/// Reads a rate of candidates in batches, by the formula of the feature of the same name. Used by
/// one thread.
public final class RateReader {

  private final Binder binder;
  private final BoundFeature feature;
  private final Batch batch;

  private RateReader(Binder binder, BoundFeature feature) {
    this.binder = binder;
    this.feature = feature;
    this.batch = new Batch(binder.inputs().size());
  }

  /// Binds a rate to one query.
  ///
  /// @param warnings takes what the caller should know
  /// @throws InvalidRequestException if the schema has not the signals that it is made of
  public static RateReader of(Rate rate, RankingScope scope, List<Warning> warnings) {
    var binder = new Binder(scope, warnings);
    var feature =
        switch (rate) {
          case QUALITY -> binder.quality();
          case COMPLETION_RATE -> binder.completionRate();
        };
    if (feature instanceof BoundFeature.Missing missing) {
      throw new InvalidRequestException(
          "RATE_UNDECLARED",
          "rate needs a signal that is not declared: rate="
              + rate.label()
              + " reason="
              + missing.reason()
              + "; declare one in the schema");
    }
    return new RateReader(binder, feature);
  }

  /// `out[i]` = the rate of the candidate at `slots[i]`.
  ///
  /// @param count at most [Batch#CAPACITY]
  public void read(int[] slots, int count, double[] out) {
    System.arraycopy(slots, 0, batch.slots, 0, count);
    batch.count = count;
    batch.begin();
    binder.fill(feature.columns(), batch);
    for (int i = 0; i < count; i++) {
      out[i] = feature.u(batch.in, i);
    }
  }
}
