package io.tidaldb;

import static io.tidaldb.testing.Endings.forEachEnding;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.coengagement.CoEngagementIndex;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ModelCoEngagement;
import io.tidaldb.testing.Schemas;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Edges, inserted and from likes, that never exceed their capacity.
final class EdgeTries {

  static final double HALF_LIFE = 30 * 86_400e9;
  private static final long BASE = LedgerTries.BASE;
  private static final long STEP = LedgerTries.STEP;

  private EdgeTries() {}

  /// How many edges, or likes.
  record EdgeLoad(int edges, long seed) {}

  static void insertedEdgesFit(int edges) {
    var index = CoEngagementIndex.withCapacity(50);
    for (int i = 0; i < edges; i++) {
      index.insertEdge(i, i + 1, i + 0.5);
      assertThat(index.edgeCount()).isEqualTo(Math.min(i + 1, 50));
    }
    var storage = new InMemoryBackend();
    index.checkpoint(storage);
    for (int capacity : new int[] {50, 20}) {
      var restored = CoEngagementIndex.withCapacity(capacity);
      restored.restore(storage).orElseThrow();
      int kept = Math.min(edges, capacity);
      assertThat(restored.edgeCount()).isEqualTo(kept);
      if (capacity == 50) {
        assertThat(restored.edgeCount()).isEqualTo(Math.min(edges, index.edgeCount()));
      }
      for (int i = 0; i < edges; i++) {
        double strength = restored.strength(EntityId.of(i), EntityId.of(i + 1));
        assertThat(strength).isEqualTo(i >= edges - kept ? i + 0.5 : 0);
      }
    }
  }

  /// Likes of ten users in the place of inserts, against the model after each.
  static void likesFit(EdgeLoad load) {
    var random = new SplittableRandom(load.seed);
    var index = CoEngagementIndex.withCapacity(50);
    var model = new ModelCoEngagement(50, 50, HALF_LIFE);
    for (int i = 0; i < load.edges; i++) {
      long user = random.nextInt(10);
      long item = random.nextInt(30);
      long at = BASE + i * 1_000_000_000L - random.nextInt(3) * STEP;
      index.recordPositive(user, item, Timestamp.ofNanos(at));
      model.positive(user, item, at);
      assertThat(index.edgeCount()).isEqualTo(model.edgeCount()).isLessThanOrEqualTo(50);
    }
    EdgeReadings.agree(index, model);
    var storage = new InMemoryBackend();
    index.checkpoint(storage);
    for (int capacity : new int[] {50, 20}) {
      var restored = CoEngagementIndex.withCapacity(capacity);
      restored.restore(storage).orElseThrow();
      EdgeReadings.agree(restored, model.trimmedTo(capacity));
    }
  }

  static void capacityHoldsInADatabase() {
    forEachEnding(
        Schemas.surfaces().coEngagement(c -> c.capacity(50)).build(),
        db -> {
          for (var like : manyLikes()) {
            var signal = Signal.by(like[0]).at(Timestamp.ofNanos(like[2]));
            db.signal("like", EntityId.of(like[1]), signal);
            assertThat(db.coEngagement().edgeCount()).isLessThanOrEqualTo(50);
          }
        },
        db -> {
          var model = new ModelCoEngagement(50, 50, HALF_LIFE);
          manyLikes().forEach(like -> model.positive(like[0], like[1], like[2]));
          assertThat(db.coEngagement().edgeCount()).isEqualTo(50);
          EdgeReadings.agree(db.coEngagement(), model);
        });
  }

  /// User, item, time.
  static List<long[]> manyLikes() {
    var random = new SplittableRandom(50);
    return LongStream.range(0, 120)
        .mapToObj(i -> new long[] {random.nextInt(10), random.nextInt(30), BASE + i * STEP})
        .toList();
  }
}
