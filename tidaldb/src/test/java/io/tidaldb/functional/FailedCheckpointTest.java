package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.checkpoint.StoppingBackend;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A checkpoint that the storage refuses at any of its calls is an error of that checkpoint alone:
/// the next one holds everything, and reopening from it gives the same state.
final class FailedCheckpointTest {

  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend memory = new InMemoryBackend();
  private final ManualClock clock = new ManualClock();

  private TidalDb open(StorageBackend backend) {
    return TestDoor.faults(
            TidalDb.builder().schema(Schemas.surfaces().build()).clock(clock),
            new Faults(Optional.of(volume), Optional.of(backend), CrashInjector.NONE))
        .open();
  }

  @Test
  void theNextCheckpointHoldsWhatAFailedOneHadTaken() {
    var backend =
        new StoppingBackend(
            memory,
            Integer.MAX_VALUE,
            () -> new StorageException("write", "memory", Outcome.NOT_WRITTEN, null));
    var db = open(backend);
    fill(db, 0);
    db.checkpoint();
    fill(db, 1);
    int refused = 0;
    for (int calls = 0; refused == calls; calls++) {
      fill(db, calls + 2);
      backend.allow(calls);
      try {
        db.checkpoint();
      } catch (StorageException expected) {
        refused++;
      }
      backend.allow(Integer.MAX_VALUE);
    }
    assertThat(refused).as("calls of one checkpoint").isGreaterThan(3);
    fill(db, 1_000);
    long position = db.position();
    assertThat(db.checkpoint().position()).isEqualTo(position);
    String digest = db.stateDigest();
    TestDoor.abandon(db);

    try (var again = open(memory)) {
      assertThat(again.recovery().generationPosition()).isEqualTo(position);
      assertThat(again.stateDigest()).isEqualTo(digest);
      assertThat(again.verify(true).findings()).isEmpty();
    }
  }

  private static void fill(TidalDb db, long number) {
    var item = EntityId.of(number);
    var owner = EntityId.of(1);
    db.writeItem(item, Map.of("title", "item " + number));
    db.signal("view", item, Signal.by(1));
    db.signal("like", item, Signal.by(1));
    var list = db.createCollection(owner, "list " + number, Visibility.PRIVATE);
    db.addToCollection(list, item);
  }
}
