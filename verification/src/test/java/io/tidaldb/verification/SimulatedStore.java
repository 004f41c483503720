package io.tidaldb.verification;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.disk.Volume;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Everything that a database leaves behind: a simulated disk and a backend in memory. The clock
/// stands still, so equal writes give equal states.
record SimulatedStore(SimulatedVolume volume, InMemoryBackend backend) {

  /// When everything is received.
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  static SimulatedStore empty() {
    return new SimulatedStore(new SimulatedVolume(), new InMemoryBackend());
  }

  TidalDb open() {
    return open(CrashInjector.NONE);
  }

  TidalDb open(CrashInjector injector) {
    return open(volume, backend, injector);
  }

  /// Opens with another volume in front of this one.
  static TidalDb open(Volume volume, InMemoryBackend backend, CrashInjector injector) {
    var builder =
        TidalDb.builder()
            .schema(Lane.SCHEMA)
            .clock(new ManualClock(NOW))
            .segmentBytes(4 << 10)
            .relaxedSyncInterval(Duration.ofSeconds(1))
            .checkpointInterval(Duration.ofHours(1))
            .dedupKeys(4_096);
    return TestDoor.faults(builder, new Faults(Optional.of(volume), Optional.of(backend), injector))
        .open();
  }

  /// What a crash leaves.
  ///
  /// @param lostShare 0 … 1: how many of the batches that the backend has not flushed are lost
  SimulatedStore crash(CrashChoice choice, double lostShare) {
    return new SimulatedStore(volume.crash(choice), lost(lostShare));
  }

  /// The backend after a crash.
  InMemoryBackend lost(double lostShare) {
    int unflushed = CrashedBackend.unflushedBatches(backend);
    return CrashedBackend.of(backend, (int) Math.round(unflushed * lostShare));
  }
}
