package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.ReadOnlyException;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random writes of vectors through the door: what was answered is there, before and after power
/// cuts and crashes at any crash point.
final class VectorsProperties {

  private static final Generator<Long> SEEDS = Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE);
  private static final int IDS = 20;
  private static final int DIMENSIONS = 6;

  /// A client that remembers what was answered, and the one call that was not.
  private static final class Client {
    private final SplittableRandom random;
    private final Map<Long, float[]> vectors = new HashMap<>();
    private long unknown = -1;

    Client(SplittableRandom random) {
      this.random = random;
    }

    void call(TidalDb db) {
      long id = random.nextInt(IDS);
      unknown = id;
      var item = EntityId.of(id);
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          float[] vector = vector();
          db.writeItem(item, Map.of(), vector);
          vectors.put(id, vector);
        }
        case 3 -> {
          if (db.readItem(item).isPresent()) {
            float[] vector = vector();
            db.writeEmbedding(item, "content", vector);
            vectors.put(id, vector);
          }
        }
        case 4 -> {
          if (db.readItem(item).isPresent()) {
            db.removeEmbedding(item, "content");
            vectors.remove(id);
          }
        }
        default -> {
          if (random.nextInt(3) == 0) {
            db.deleteItem(item);
            vectors.remove(id);
          } else {
            db.signal("like", item, Signal.by(EntityId.of(random.nextInt(3))));
          }
        }
      }
      unknown = -1;
    }

    private float[] vector() {
      float[] vector = new float[DIMENSIONS];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return vector;
    }

    void compare(TidalDb db) {
      for (long id = 0; id < IDS; id++) {
        if (id == unknown) {
          continue;
        }
        var read = db.readEmbedding(EntityKind.ITEM, EntityId.of(id), "content");
        assertThat(read.map(embedding -> embedding.vector()).orElse(null))
            .as("item %s", id)
            .isEqualTo(vectors.get(id));
      }
    }
  }

  private static TidalDb open(
      SimulatedVolume volume, InMemoryBackend backend, CrashInjector injector) {
    return TestDoor.faults(
            TidalDb.builder()
                .schema(
                    SchemaBuilder.from(Schemas.withEntities())
                        .embeddingSlot("content", DIMENSIONS)
                        .build())
                .clock(new ManualClock())
                .segmentBytes(1 << 16)
                .dedupKeys(1_000)
                .headCapacity(0),
            new Faults(Optional.of(volume), Optional.of(backend), injector))
        .open();
  }

  @Test
  void whatWasAnsweredSurvivesACrashAtAnyPoint() {
    Property.forAll(SEEDS)
        .tries(30)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var points = CrashPoint.values();
              var point = points[random.nextInt(points.length)];
              var client = new Client(random);
              var volume = new SimulatedVolume();
              var backend = new InMemoryBackend();
              var crashes = Crashes.at(point, random.nextInt(1, 30));
              TidalDb db;
              try {
                db = open(volume, backend, crashes);
              } catch (OutcomeUnknownException | SimulatedCrash stopped) {
                return;
              }
              try {
                for (int i = 0; i < 150; i++) {
                  client.call(db);
                  if (random.nextInt(30) == 0) {
                    db.checkpoint();
                  }
                }
              } catch (OutcomeUnknownException | ReadOnlyException | SimulatedCrash stopped) {
                // The one call in flight may or may not have happened.
              } finally {
                TestDoor.abandon(db);
              }
              reopened(client, volume.crash(CrashChoice.seeded(seed)), backend, random);
            });
  }

  private static void reopened(
      Client client, SimulatedVolume left, InMemoryBackend backend, SplittableRandom random) {
    var after = CrashedBackend.of(backend, random);
    var db = open(left, after, CrashInjector.NONE);
    String digest;
    try {
      client.compare(db);
      assertThat(db.verify(true).findings()).isEmpty();
      digest = db.stateDigest();
    } finally {
      TestDoor.abandon(db);
    }
    var again =
        open(left.crash(CrashChoice.none()), CrashedBackend.of(after, random), CrashInjector.NONE);
    try {
      assertThat(again.stateDigest()).isEqualTo(digest);
    } finally {
      TestDoor.abandon(again);
    }
  }
}
