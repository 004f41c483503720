package io.tidaldb.coengagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.checkpoint.StoppingBackend;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.ModelCoEngagement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IndexCheckpointTest {

  private static final long HALF_LIFE = Duration.ofDays(30).toNanos();

  private static void fill(CoEngagementIndex index, int from, int to) {
    for (int i = from; i < to; i++) {
      index.recordPositive(i % 7, i * 31L % 97, Timestamp.ofNanos(i * HALF_LIFE / 50));
    }
  }

  private static CoEngagementIndex filled(int capacity) {
    var index = CoEngagementIndex.withCapacity(capacity);
    fill(index, 0, 300);
    return index;
  }

  private static SortedMap<String, String> content(StorageBackend storage) {
    var content = new TreeMap<String, String>();
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        content.put(
            HexFormat.of().formatHex(cursor.key()), HexFormat.of().formatHex(cursor.value()));
      }
    }
    return content;
  }

  private static List<Double> strengths(CoEngagementIndex index) {
    var strengths = new ArrayList<Double>();
    for (long a = 0; a < 97; a++) {
      for (long b = 0; b < 97; b++) {
        strengths.add(index.strength(EntityId.of(a), EntityId.of(b)));
      }
    }
    return strengths;
  }

  private static CoEngagementIndex restored(StorageBackend storage, int capacity) {
    var index = CoEngagementIndex.withCapacity(capacity);
    assertThat(index.restore(storage)).isPresent();
    return index;
  }

  @Test
  void aRestoredIndexIsTheSavedOneToTheBitAndGoesOnLikeIt() {
    var index = filled(900);
    var storage = new InMemoryBackend();
    index.checkpoint(storage);
    var restored = CoEngagementIndex.withCapacity(900);
    restored.insertEdge(1_000, 1_001, 5);
    var meta = restored.restore(storage).orElseThrow();

    assertThat(meta.position()).isZero();
    assertThat(meta.checkpointTime()).isEqualTo(Timestamp.ofNanos(299 * HALF_LIFE / 50));
    assertThat(meta.payloadHash().isZero()).isFalse();
    assertThat(restored.edgeCount()).isEqualTo(index.edgeCount());
    assertThat(strengths(restored)).isEqualTo(strengths(index));
    assertThat(restored.strength(EntityId.of(1_000), EntityId.of(1_001))).isZero();
    fill(index, 300, 500);
    fill(restored, 300, 500);
    assertThat(strengths(restored)).isEqualTo(strengths(index));
  }

  @Test
  void savingRestoringAndSavingGivesEqualBytes() {
    var first = new InMemoryBackend();
    filled(900).checkpoint(first);
    var second = new InMemoryBackend();
    restored(first, 900).checkpoint(second);
    assertThat(content(second)).isEqualTo(content(first));
  }

  @Test
  void whatIsRecordedLaterIsNotInTheImage() {
    var index = filled(900);
    var storage = new InMemoryBackend();
    index.checkpoint(storage);
    var before = strengths(index);
    fill(index, 300, 350);
    assertThat(strengths(restored(storage, 900))).isEqualTo(before);
    index.checkpoint(storage);
    assertThat(strengths(restored(storage, 900))).isEqualTo(strengths(index));
  }

  @Test
  void aStorageWithoutCheckpointLeavesTheIndexAsItWas() {
    var index = filled(900);
    var before = strengths(index);
    assertThat(index.restore(new InMemoryBackend())).isEmpty();
    assertThat(strengths(index)).isEqualTo(before);
  }

  @Test
  void aSmallerIndexKeepsTheStrongest() {
    var storage = new InMemoryBackend();
    var model = new ModelCoEngagement(5_000, 50, HALF_LIFE);
    var random = new SplittableRandom(3);
    var index = CoEngagementIndex.withCapacity(5_000);
    for (int i = 0; i < 400; i++) {
      long user = random.nextInt(9);
      long item = random.nextInt(60);
      long time = random.nextInt(10) * HALF_LIFE;
      index.recordPositive(user, item, Timestamp.ofNanos(time));
      model.positive(user, item, time);
    }
    index.checkpoint(storage);
    for (int capacity : new int[] {1, 20, 333}) {
      var smaller = restored(storage, capacity);
      var expected = model.trimmedTo(capacity);
      assertThat(smaller.edgeCount()).isEqualTo(capacity);
      for (long a = 0; a < 60; a++) {
        for (long b = 0; b < a; b++) {
          assertThat(smaller.strength(EntityId.of(a), EntityId.of(b)))
              .isEqualTo(expected.strength(a, b, expected.newest()));
        }
      }
    }
  }

  @Test
  void aStopAtAnyBackendCallLeavesTheOldImageOrTheNew() {
    var index = filled(900);
    var old = strengths(index);
    var later = filled(900);
    fill(later, 300, 330);
    var fresh = strengths(later);
    int calls = 0;
    boolean stopped = true;
    while (stopped) {
      var storage = new InMemoryBackend();
      index.checkpoint(storage);
      try {
        later.checkpoint(
            new StoppingBackend(storage, calls++, () -> new SimulatedCrash("backend call")));
        stopped = false;
      } catch (SimulatedCrash expected) {
        // The next round stops one call later.
      }
      for (int lost = 0; lost <= CrashedBackend.unflushedBatches(storage); lost++) {
        var found = strengths(restored(CrashedBackend.of(storage, lost), 900));
        assertThat(found).isIn(old, fresh);
      }
      assertThat(strengths(restored(storage, 900))).isEqualTo(stopped && calls < 3 ? old : fresh);
      // What the stop left behind goes with the next checkpoint.
      index.checkpoint(storage);
      assertThat(strengths(restored(storage, 900))).isEqualTo(old);
      var clean = new InMemoryBackend();
      index.checkpoint(clean);
      assertThat(content(storage)).hasSameSizeAs(content(clean));
    }
    assertThat(calls).isEqualTo(4);
  }

  @Test
  void theCrashPointsOfACheckpointStandBeforeAndBehindTheSwitch() {
    for (var point : List.of(CrashPoint.CHECKPOINT_PRE_FLUSH, CrashPoint.CHECKPOINT_POST_FLUSH)) {
      var storage = new InMemoryBackend();
      var old = filled(900);
      old.checkpoint(storage);
      var crashes = Crashes.at(point, 1);
      var index = CoEngagementIndex.withCapacity(900, crashes);
      fill(index, 0, 100);
      assertThatThrownBy(() -> index.checkpoint(storage)).isInstanceOf(SimulatedCrash.class);
      assertThat(strengths(restored(storage, 900)))
          .isEqualTo(strengths(point == CrashPoint.CHECKPOINT_PRE_FLUSH ? old : index));
    }
  }

  @Test
  void thePointOfAnUpdateStandsInEveryCallThatTouchesAnEdge() {
    var counting = Crashes.counting();
    var index = CoEngagementIndex.withCapacity(5, counting);
    index.insertEdge(1, 2, 1);
    index.insertEdge(1, 2, 2);
    index.recordPositive(1, 1, Timestamp.ofNanos(0));
    index.recordPositive(1, 2, Timestamp.ofNanos(0));
    assertThat(counting.hits(CrashPoint.CO_ENGAGEMENT_UPDATE)).isEqualTo(3);
    var stopped = CoEngagementIndex.withCapacity(5, Crashes.at(CrashPoint.CO_ENGAGEMENT_UPDATE, 1));
    assertThatThrownBy(() -> stopped.insertEdge(1, 2, 1)).isInstanceOf(SimulatedCrash.class);
    // Nobody waits for a writer that died.
    assertThat(stopped.edgeCount()).isLessThanOrEqualTo(1);
    assertThat(stopped.neighbours(EntityId.of(1), 1)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void everyFlippedBitIsNoticedAndChangesNothing() {
    var index = CoEngagementIndex.withCapacity(20);
    for (long item = 0; item < 4; item++) {
      index.recordPositive(1, item, Timestamp.ofNanos(item));
    }
    var storage = new InMemoryBackend();
    index.checkpoint(storage);
    var target = filled(900);
    var before = strengths(target);
    for (var entry : content(storage).entrySet()) {
      byte[] key = HexFormat.of().parseHex(entry.getKey());
      byte[] value = HexFormat.of().parseHex(entry.getValue());
      for (int bit = 0; bit < 8 * value.length; bit++) {
        byte[] flipped = value.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        storage.put(Keyspace.SYSTEM, key, flipped);
        assertThatThrownBy(() -> target.restore(storage)).isInstanceOf(CorruptionException.class);
      }
      storage.put(Keyspace.SYSTEM, key, value);
    }
    assertThat(strengths(target)).isEqualTo(before);
    assertThat(target.restore(storage)).isPresent();
    assertThat(target.edgeCount()).isEqualTo(6);
  }
}
