package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.Tag;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows that say how far a view has come, and what it counts: a changed bit in one of them would
/// make the view skip events, so the database refuses to open.
final class DamagedRowsTest {

  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    return TestDoor.faults(
            TidalDb.builder().schema(Schemas.surfaces().build()).clock(new ManualClock()),
            new Faults(Optional.of(volume), Optional.of(backend), CrashInjector.NONE))
        .open();
  }

  private void fill() {
    try (var db = open()) {
      var item = EntityId.of(1);
      db.writeItem(item, Map.of("title", "one"));
      db.signal("like", item, Signal.by(2));
      var list = db.createCollection(EntityId.of(2), "kept", Visibility.PRIVATE);
      db.addToCollection(list, item);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"entity", "relation", "collection"})
  void anyFlippedBitOfAPositionIsReported(String view) {
    fill();
    byte[] key = Keys.row(0, Tag.MV, view.getBytes(StandardCharsets.UTF_8));
    byte[] value = backend.get(Keyspace.SYSTEM, key).orElseThrow();
    for (int bit = 0; bit < 8 * value.length; bit++) {
      byte[] damaged = value.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      backend.put(Keyspace.SYSTEM, key, damaged);
      assertThatThrownBy(this::open)
          .as("bit %d", bit)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("SYSTEM/MV/" + view);
    }
    backend.put(Keyspace.SYSTEM, key, value);
    try (var db = open()) {
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }
}
