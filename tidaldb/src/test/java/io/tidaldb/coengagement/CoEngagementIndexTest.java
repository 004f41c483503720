package io.tidaldb.coengagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CoEngagementIndexTest {

  private static final Percentage ALMOST = Percentage.withPercentage(1e-7);
  private static final Timestamp DAY = Timestamp.ofNanos(Duration.ofDays(20_000).toNanos());

  private static double strength(CoEngagementIndex index, long a, long b) {
    return index.strength(EntityId.of(a), EntityId.of(b));
  }

  private static Timestamp later(Duration by) {
    return Timestamp.ofNanos(DAY.nanos() + by.toNanos());
  }

  @Test
  void tenLikesOfOneUserMake45Edges() {
    var index = CoEngagementIndex.withCapacity(1_000);
    for (long item = 1; item <= 10; item++) {
      index.recordPositive(1, item, DAY);
    }
    assertThat(index.edgeCount()).isEqualTo(45);
    assertThat(strength(index, 3, 7)).isEqualTo(1).isEqualTo(strength(index, 7, 3));
    assertThat(index.neighbours(EntityId.of(10), 3))
        .extracting(ScoredEntity::id)
        .containsExactly(EntityId.of(1), EntityId.of(2), EntityId.of(3));
  }

  @Test
  void aPairCountsOnceWhileItIsInTheWindow() {
    var index = CoEngagementIndex.withCapacity(10_000);
    index.recordPositive(1, 1, DAY);
    index.recordPositive(1, 2, DAY);
    index.recordPositive(1, 1, DAY);
    index.recordPositive(1, 2, DAY);
    assertThat(strength(index, 1, 2)).isEqualTo(1);
    // 1 is the older of both: 49 others push it out, then it ties itself to what is left.
    for (long other = 100; other < 149; other++) {
      index.recordPositive(1, other, DAY);
    }
    index.recordPositive(1, 1, DAY);
    assertThat(strength(index, 1, 2)).isEqualTo(2);
  }

  @Test
  void strengthHalvesInThirtyDays() {
    var index = CoEngagementIndex.withCapacity(10);
    index.recordPositive(1, 1, DAY);
    index.recordPositive(1, 2, DAY);
    assertThat(index.strength(EntityId.of(1), EntityId.of(2), later(Duration.ofDays(30))))
        .isCloseTo(0.5, ALMOST);
    assertThat(index.strength(EntityId.of(1), EntityId.of(2), Timestamp.ofNanos(0)))
        .isGreaterThan(1)
        .isFinite();
    index.recordPositive(2, 2, later(Duration.ofDays(90)));
    index.recordPositive(2, 1, later(Duration.ofDays(60)));
    assertThat(strength(index, 1, 2)).isCloseTo(0.125 + 0.5, ALMOST);
  }

  /// So far that no sum under one landmark could hold both.
  @Test
  void edgesOutliveAllTheirStrength() {
    var index = CoEngagementIndex.withCapacity(10);
    index.recordPositive(1, 1, Timestamp.ofNanos(0));
    index.recordPositive(1, 2, Timestamp.ofNanos(0));
    index.recordPositive(2, 8, Timestamp.ofNanos(Long.MAX_VALUE));
    index.recordPositive(2, 9, Timestamp.ofNanos(Long.MAX_VALUE));
    assertThat(index.edgeCount()).isEqualTo(2);
    assertThat(strength(index, 1, 2)).isZero();
    assertThat(strength(index, 8, 9)).isCloseTo(1, ALMOST);
    index.recordPositive(3, 3, Timestamp.ofNanos(0));
    index.recordPositive(3, 4, Timestamp.ofNanos(0));
    assertThat(index.edgeCount()).isEqualTo(3);
    assertThat(strength(index, 3, 4)).isZero();
    assertThat(index.neighbours(EntityId.of(3), 10)).hasSize(1);
  }

  @Test
  void aStrongEdgeSurvivesAFloodOfLightOnes() {
    var index = CoEngagementIndex.withCapacity(100);
    index.insertEdge(0, -1, 100);
    for (long light = 1; light <= 100_000; light++) {
      index.insertEdge(light, light + 1_000_000, 1);
    }
    assertThat(index.edgeCount()).isEqualTo(100);
    assertThat(strength(index, -1, 0)).isEqualTo(100);
  }

  @Test
  void tenUsersWithFortyItemsStayAtTheCapacity() {
    var index = CoEngagementIndex.withCapacity(200);
    for (long user = 0; user < 10; user++) {
      for (long item = 0; item < 40; item++) {
        index.recordPositive(user, item, DAY);
        assertThat(index.edgeCount()).isLessThanOrEqualTo(200);
      }
    }
    assertThat(index.edgeCount()).isEqualTo(200);
  }

  @Test
  void aYoungEdgeOutlivesItsOwnEvent() {
    var index = CoEngagementIndex.withCapacity(3);
    for (long i = 1; i <= 3; i++) {
      index.insertEdge(i, i + 100, 50);
    }
    index.recordPositive(1, 10, Timestamp.ofNanos(0));
    index.recordPositive(1, 11, Timestamp.ofNanos(0));
    assertThat(strength(index, 10, 11)).isEqualTo(1);
    assertThat(index.edgeCount()).isEqualTo(3);
  }

  @Test
  void withoutAnEdgeToLetGoTheNewPairIsDropped() {
    var index = CoEngagementIndex.withCapacity(1);
    index.recordPositive(1, 1, DAY);
    index.recordPositive(1, 2, DAY);
    index.recordPositive(1, 3, DAY);
    assertThat(strength(index, 2, 3)).isEqualTo(1);
    assertThat(index.edgeCount()).isEqualTo(1);
  }

  @Test
  void amongEqualsTheGreaterIdsLeave() {
    var index = CoEngagementIndex.withCapacity(3);
    index.insertEdge(5, 1, 1);
    index.insertEdge(-1, 2, 1);
    index.insertEdge(9, 2, 1);
    index.insertEdge(7, 8, 1);
    assertThat(strength(index, 2, -1)).isZero();
    index.insertEdge(3, 4, 1);
    assertThat(strength(index, 7, 8)).isZero();
    assertThat(strength(index, 1, 5)).isEqualTo(1);
    assertThat(strength(index, 2, 9)).isEqualTo(1);
  }

  @Test
  void anEdgeIsReplacedInEitherOrder() {
    var index = CoEngagementIndex.withCapacity(2);
    index.insertEdge(0, 1, 3);
    index.insertEdge(1, 0, 2.5);
    assertThat(index.edgeCount()).isEqualTo(1);
    assertThat(strength(index, 0, 1)).isEqualTo(2.5);
    index.insertEdge(0, 1, Double.MAX_VALUE);
    index.recordPositive(1, 0, later(Duration.ofDays(17)));
    index.recordPositive(1, 1, later(Duration.ofDays(17)));
    index.insertEdge(0, 1, Double.MAX_VALUE);
    assertThat(strength(index, 0, 1)).isFinite().isGreaterThan(Double.MAX_VALUE / 4);
  }

  @Test
  void whatCannotBeIsRefused() {
    var index = CoEngagementIndex.withCapacity(1);
    assertThat(index.capacity()).isEqualTo(1);
    assertRefused(() -> index.insertEdge(0, 0, 1), "SELF_EDGE");
    for (double strength : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(() -> index.insertEdge(0, 1, strength), "STRENGTH_OUT_OF_RANGE");
    }
    for (int capacity : new int[] {0, -1, 16_777_217}) {
      assertRefused(() -> CoEngagementIndex.withCapacity(capacity), "CAPACITY_OUT_OF_RANGE");
    }
    assertThat(CoEngagementIndex.withCapacity(16_777_216).capacity()).isEqualTo(16_777_216);
    for (int k : new int[] {0, 1_001}) {
      assertRefused(() -> index.neighbours(EntityId.of(0), k), "K_OUT_OF_RANGE");
    }
    assertThat(index.neighbours(EntityId.of(0), 1_000)).isEmpty();
    assertThat(index.edgeCount()).isZero();
  }

  private static void assertRefused(Runnable call, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /// Every event ties its item to the same fifty with the same evidence, so whoever sees half of
  /// one sees neighbours of different strength.
  @Test
  void readersNeverSeeHalfAnEventOrTooManyEdges() throws Exception {
    int capacity = 2_000;
    var index = CoEngagementIndex.withCapacity(capacity);
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      var readers = new ArrayList<Future<?>>();
      for (int reader = 0; reader < 3; reader++) {
        readers.add(threads.submit(() -> readUntil(done, index)));
      }
      var random = new SplittableRandom(7);
      for (int i = 0; i < 40_000; i++) {
        long user = i;
        for (long item = 0; item < 4; item++) {
          index.recordPositive(user, item, DAY);
        }
        index.insertEdge(1_000 + random.nextInt(5_000), 10_000 + random.nextInt(5_000), 1);
      }
      done.set(true);
      for (var reader : readers) {
        reader.get();
      }
    }
    assertThat(index.edgeCount()).isEqualTo(capacity);
  }

  private static void readUntil(AtomicBoolean done, CoEngagementIndex index) {
    while (!done.get()) {
      assertThat(index.edgeCount()).isLessThanOrEqualTo(index.capacity());
      // The fourth item of each user is tied to the three others in one event.
      List<ScoredEntity> neighbours = index.neighbours(EntityId.of(3), 10);
      assertThat(neighbours.stream().map(ScoredEntity::score).distinct().count())
          .isLessThanOrEqualTo(1);
      for (var neighbour : index.neighbours(EntityId.of(1_500), 1_000)) {
        assertThat(neighbour.id().value()).isBetween(10_000L, 15_000L);
      }
      assertThat(index.strength(EntityId.of(0), EntityId.of(1))).isLessThan(40_001);
    }
  }

  /// Now is the newest time recorded, and before the first event there is none: whoever read that
  /// and then found an edge must not take it for the strength of an age before.
  @Test
  void whoReadsWhileTheFirstEventsComeSeesNoStrengthFromBeforeThem() throws Exception {
    for (int round = 0; round < 300; round++) {
      var index = CoEngagementIndex.withCapacity(8);
      var done = new AtomicBoolean();
      try (var threads = Executors.newSingleThreadExecutor()) {
        var reader =
            threads.submit(
                () -> {
                  while (!done.get()) {
                    assertThat(index.strength(EntityId.of(0), EntityId.of(1))).isLessThan(4);
                    for (var neighbour : index.neighbours(EntityId.of(0), 4)) {
                      assertThat(neighbour.score()).isLessThan(4);
                    }
                  }
                });
        for (int day = 1; day <= 3; day++) {
          Timestamp at = later(Duration.ofDays(3_000L * day));
          index.recordPositive(day, 0, at);
          index.recordPositive(day, 1, at);
        }
        done.set(true);
        reader.get();
      }
    }
  }
}
