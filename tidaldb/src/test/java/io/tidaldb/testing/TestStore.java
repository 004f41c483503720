package io.tidaldb.testing;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.Schema;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Everything that a database leaves behind: a simulated disk and a backend in memory. Small
/// segments; checkpoints only when asked for.
public record TestStore(SimulatedVolume volume, InMemoryBackend backend) {

  /// Nothing yet.
  public static TestStore empty() {
    return new TestStore(new SimulatedVolume(), new InMemoryBackend());
  }

  /// Opens it without faults.
  public TidalDb open(Schema schema, InstantSource clock) {
    return open(schema, clock, CrashInjector.NONE, UnaryOperator.identity());
  }

  /// Opens it.
  ///
  /// @param injector called at every crash point
  /// @param options what else the builder is told
  public TidalDb open(
      Schema schema,
      InstantSource clock,
      CrashInjector injector,
      UnaryOperator<TidalDbBuilder> options) {
    var builder =
        TidalDb.builder()
            .schema(schema)
            .clock(clock)
            .segmentBytes(16 << 10)
            .relaxedSyncInterval(Duration.ofSeconds(1))
            .checkpointInterval(Duration.ofHours(1))
            .dedupKeys(4_096);
    var faults = new Faults(Optional.of(volume), Optional.of(backend), injector);
    return TestDoor.faults(options.apply(builder), faults).open();
  }

  /// What a crash leaves.
  ///
  /// @param lostShare 0 … 1: how many of the batches that the backend has not flushed are lost
  public TestStore crash(CrashChoice choice, double lostShare) {
    int unflushed = CrashedBackend.unflushedBatches(backend);
    int lost = (int) Math.round(unflushed * lostShare);
    return new TestStore(volume.crash(choice), CrashedBackend.of(backend, lost));
  }
}
