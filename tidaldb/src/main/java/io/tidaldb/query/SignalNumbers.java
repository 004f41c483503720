package io.tidaldb.query;

import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Window;
import java.util.function.Supplier;

/// A signal's measure of each of a batch of slots. Used by one thread.
final class SignalNumbers implements FilterNode.Numbers {

  private final Supplier<SignalReader> signals;
  private final int type;
  private final Measure measure;
  private final Window window;
  private final long[] counts;

  /// @param signals opens the query's signal reader at first use
  SignalNumbers(Supplier<SignalReader> signals, int type, Measure measure, Window window) {
    this.signals = signals;
    this.type = type;
    this.measure = measure;
    this.window = window;
    this.counts = new long[measure == Measure.COUNT ? FilterNode.BATCH : 0];
  }

  @Override
  public void read(int[] slots, int count, double[] out) {
    var reader = signals.get();
    switch (measure) {
      case DECAYED -> reader.decayScores(type, slots, count, out);
      case VELOCITY -> reader.velocities(type, window, slots, count, out);
      case COUNT -> {
        reader.windowedCounts(type, window, slots, count, counts);
        for (int i = 0; i < count; i++) {
          out[i] = (double) counts[i];
        }
      }
    }
  }
}
