package io.tidaldb.query;

import io.tidaldb.ledger.SignalReader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The query's signal reader, opened at first use: orders by a key and filters by a field need
/// none.
final class LazySignals implements Supplier<SignalReader>, AutoCloseable {

  private final Supplier<SignalReader> open;
  private @Nullable SignalReader reader;

  LazySignals(Supplier<SignalReader> open) {
    this.open = open;
  }

  @Override
  public SignalReader get() {
    var known = reader;
    if (known == null) {
      known = open.get();
      reader = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
