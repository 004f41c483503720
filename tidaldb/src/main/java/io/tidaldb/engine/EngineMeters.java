package io.tidaldb.engine;

import io.tidaldb.schema.Receipt;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// What the engine counts about itself, for `metrics`.
///
/// **Threads.** Adders: any thread adds, any thread sums.
final class EngineMeters {

  final LongAdder events = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder frames = new LongAdder();
  final LongAdder syncs = new LongAdder();
  final LongAdder checkpoints = new LongAdder();
  final LongAdder checkpointFailures = new LongAdder();
  final LongAdder checkpointBytes = new LongAdder();
  final LongAdder segmentsDeleted = new LongAdder();
  final Histogram commitSeconds = new Histogram();
  final Histogram syncSeconds = new Histogram();
  final Histogram applySeconds = new Histogram();
  final Histogram checkpointSeconds = new Histogram();
  final Histogram checkpointPauseSeconds = new Histogram();

  void frame(int count, long nanos) {
    if (count > 0) {
      frames.increment();
      commitSeconds.record(nanos);
    }
  }

  void sync(long nanos) {
    syncs.increment();
    syncSeconds.record(nanos);
  }

  void apply(int count, long nanos) {
    events.add(count);
    applySeconds.record(nanos);
  }

  void rejected() {
    rejected.increment();
  }

  void answered(List<?> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      if (receipts.get(i) instanceof Receipt receipt && receipt.duplicate()) {
        duplicates.increment();
      }
    }
  }
}
