package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.ALL;
import static io.tidaldb.signal.SignalWorld.DAY;
import static io.tidaldb.signal.SignalWorld.HOUR;
import static io.tidaldb.signal.SignalWorld.START;
import static io.tidaldb.signal.SignalWorld.meaning;
import static io.tidaldb.signal.SignalWorld.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.ledger.PairPage;
import io.tidaldb.ledger.WindowBuckets;
import io.tidaldb.ledger.WindowRange;
import io.tidaldb.log.Event.SchemaChanged;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SignalViewTest {

  private static final long WEEK = 7 * DAY;
  private static final SignalType VIEW =
      meaning(type("view", 0, Decay.exponential(Duration.ofDays(7)), ALL), Meaning.VIEW);
  private static final SignalType HIDE = type("hide", 1, Decay.permanent(), Set.of());
  private static final SignalType COMPLETION =
      meaning(
          type("completion", 2, Decay.exponential(Duration.ofDays(1)), Set.of(Window.ALL_TIME)),
          Meaning.COMPLETION);

  @Test
  void aValueHalvesAfterOneHalfLife() {
    var world = new SignalWorld(VIEW);
    world.signal(0, 5, 3, START);
    assertThat(world.score(0, 5, START + WEEK)).isEqualTo(world.score(0, 5, START) / 2);
    assertThat(world.score(0, 5, START)).isCloseTo(3, org.assertj.core.data.Offset.offset(1e-14));
  }

  @Test
  void aHideNeverFadesAndWholeWeightsAreExact() {
    var world = new SignalWorld(HIDE);
    for (int i = 0; i < 100; i++) {
      world.signal(1, 0, 2, START + i);
    }
    assertThat(world.score(1, 0, Long.MAX_VALUE)).isEqualTo(200);
  }

  @Test
  void anEntityWithoutEventsReadsAsZero() {
    var world = new SignalWorld(VIEW);
    world.signal(0, 5, 3, START);
    assertThat(world.score(0, 6, START)).isZero();
    assertThat(world.score(0, -1, START)).isZero();
    assertThat(world.score(0, 1_000_000, START)).isZero();
    assertThat(world.count(0, Window.ONE_HOUR, -1, START)).isZero();
    assertThat(world.count(0, Window.ALL_TIME, 1_000_000, START)).isZero();
  }

  @Test
  void theFirstEventOf1970AndTheNextOneToday() {
    var world = new SignalWorld(VIEW);
    world.signal(0, 1, 1e9, 0);
    world.signal(0, 2, 1e-9, Long.MAX_VALUE);
    assertThat(world.score(0, 1, Long.MAX_VALUE)).isZero();
    assertThat(world.score(0, 2, Long.MAX_VALUE))
        .isCloseTo(1e-9, org.assertj.core.data.Offset.offset(1e-20));
    assertThat(world.count(0, Window.ALL_TIME, 1, Long.MAX_VALUE)).isOne();
    assertThat(world.view.verify()).isEmpty();
  }

  @Test
  void totalsCountEverythingAndSurviveDeletion() {
    var world = new SignalWorld(VIEW, COMPLETION);
    world.signal(0, 1, 1, START);
    world.signal(0, 2, 1, START);
    world.signal(2, 1, 0.25, START);
    world.signal(2, 1, 0.5, START);
    world.delete(1);
    try (var reader = world.view.reader(START)) {
      assertThat(reader.totalCount(0, Window.TWENTY_FOUR_HOURS)).isEqualTo(2);
      assertThat(reader.totalCount(0, Window.ALL_TIME)).isEqualTo(2);
      assertThat(reader.totalDecayScore(0))
          .isCloseTo(2, org.assertj.core.data.Offset.offset(1e-14));
      assertThat(reader.totalWeightSum(2)).isEqualTo(0.75);
      assertThat(reader.windowedCount(0, Window.ALL_TIME, 1)).isZero();
      assertThat(reader.windowedCount(0, Window.ONE_HOUR, 1)).isZero();
      assertThat(reader.decayScore(0, 1)).isZero();
      var sums = new double[2];
      reader.weightSums(2, new int[] {1, 2}, 2, sums);
      assertThat(sums).containsExactly(0, 0);
    }
    world.signal(0, 1, 1, START);
    assertThat(world.count(0, Window.ONE_HOUR, 1, START)).isOne();
    assertThat(world.view.pairs()).isEqualTo(2);
  }

  @Test
  void weightSumsAreKeptForCompletion() {
    var world = new SignalWorld(VIEW, COMPLETION);
    world.signal(2, 9, 0.25, START);
    world.signal(2, 9, 0.5, START - 100 * DAY);
    try (var reader = world.view.reader(START)) {
      var sums = new double[1];
      reader.weightSums(2, new int[] {9}, 1, sums);
      assertThat(sums[0]).isEqualTo(0.75);
      assertThatThrownBy(() -> reader.weightSums(0, new int[] {9}, 1, sums))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("view");
    }
  }

  @Test
  void reachCountsFirstViews() {
    var world = new SignalWorld(VIEW, HIDE);
    world.signal(0, 1, 1, START, SignalRecorded.FIRST_VIEW);
    world.signal(0, 1, 1, START, 0);
    world.signal(0, 1, 1, START - 2 * HOUR, SignalRecorded.FIRST_VIEW);
    world.signal(1, 1, 1, START, SignalRecorded.FIRST_VIEW);
    try (var reader = world.view.reader(START)) {
      int reach = reader.reach();
      assertThat(reader.windowedCount(reach, Window.ONE_HOUR, 1)).isOne();
      assertThat(reader.windowedCount(reach, Window.ALL_TIME, 1)).isEqualTo(2);
      assertThat(reader.totalCount(reach, Window.TWENTY_FOUR_HOURS)).isEqualTo(2);
      assertThatThrownBy(() -> reader.decayScore(reach, 1))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThat(new SignalWorld(HIDE).view.reader(START).reach()).isEqualTo(-1);
  }

  @Test
  void arrayCallsAgreeWithSingleOnes() {
    var world = new SignalWorld(VIEW);
    for (int i = 0; i < 5_000; i++) {
      world.signal(0, i * 7 % 3_000, 1 + i % 3, START + i * HOUR / 100);
    }
    int[] slots = {0, 7, -1, 2_999, 1_500_000, 1};
    long at = world.view.newestEventTime();
    try (var reader = world.view.reader(at)) {
      var scores = new double[6];
      var sums = new double[] {1, 1, 1, 1, 1, 1};
      var counts = new long[6];
      var velocities = new double[6];
      reader.decayScores(0, slots, 6, scores);
      reader.addWeighted(0, 2, slots, 6, sums);
      reader.windowedCounts(0, Window.TWENTY_FOUR_HOURS, slots, 6, counts);
      reader.velocities(0, Window.TWENTY_FOUR_HOURS, slots, 6, velocities);
      var column = new double[4_096];
      reader.scan(0, (first, count, run) -> System.arraycopy(run, 0, column, first, count));
      for (int i = 0; i < 6; i++) {
        assertThat(scores[i]).isEqualTo(reader.decayScore(0, slots[i]));
        assertThat(sums[i])
            .isCloseTo(1 + 2 * scores[i], org.assertj.core.data.Offset.offset(1e-12));
        assertThat(counts[i])
            .isEqualTo(reader.windowedCount(0, Window.TWENTY_FOUR_HOURS, slots[i]));
        assertThat(velocities[i]).isEqualTo(counts[i] / 86_400.0);
        if (slots[i] >= 0 && slots[i] < 4_096) {
          assertThat(column[slots[i]]).isEqualTo(scores[i]);
          var reading = reader.reading(0, slots[i]);
          assertThat(reading.decayedScore()).isEqualTo(scores[i]);
          assertThat(reading.counts())
              .containsEntry(Window.TWENTY_FOUR_HOURS, counts[i])
              .hasSize(5);
          assertThat(reading.velocities())
              .containsEntry(Window.TWENTY_FOUR_HOURS, velocities[i])
              .hasSize(4);
        }
      }
    }
  }

  @Test
  void whatIsNotDeclaredIsRefusedByName() {
    var world =
        new SignalWorld(
            HIDE, COMPLETION, type("like", 3, Decay.permanent(), Set.of(Window.ONE_HOUR)));
    try (var reader = world.view.reader(START)) {
      assertThatThrownBy(() -> reader.windowedCount(3, Window.SEVEN_DAYS, 0))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("like")
          .hasMessageContaining("given=7d")
          .hasMessageContaining("declared=[1h]");
      assertThatThrownBy(() -> reader.velocities(2, Window.ALL_TIME, new int[1], 1, new double[1]))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("completion");
      assertThatThrownBy(() -> reader.decayScore(17, 0))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("17");
    }
  }

  @Test
  void readsTooFarBackNameTheEarliestTime() {
    var quick = type("quick", 3, Decay.exponential(Duration.ofSeconds(1)), Set.of(Window.ONE_HOUR));
    var world = new SignalWorld(VIEW, HIDE, quick);
    world.signal(0, 0, 1, START);
    assertThat(world.score(0, 0, START - HOUR)).isPositive();
    assertThat(world.count(0, Window.ONE_HOUR, 0, START - HOUR)).isZero();
    assertThatThrownBy(() -> world.score(0, 0, START - HOUR - 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("earliest allowed time=2023-11-14T21:13:20Z");
    assertThatThrownBy(() -> world.count(0, Window.ONE_HOUR, 0, START - HOUR - 1))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(world.score(3, 0, START - 64 * SignalWorld.SECOND)).isZero();
    assertThatThrownBy(() -> world.score(3, 0, START - 65 * SignalWorld.SECOND))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(world.score(1, 0, 0)).isZero();
    assertThat(world.count(0, Window.ALL_TIME, 0, 0)).isOne();
  }

  @Test
  void aLandmarkThatMovedFarBeyondTheReaderIsRefused() {
    var quick = type("quick", 3, Decay.exponential(Duration.ofSeconds(1)), Set.of(Window.ONE_HOUR));
    var world = new SignalWorld(quick);
    world.signal(3, 0, 1, START);
    try (var reader = world.view.reader(START)) {
      world.signal(3, 0, 1, START + 2_000 * SignalWorld.SECOND);
      assertThatThrownBy(() -> reader.decayScore(3, 0)).isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> reader.hottest(3, 1, new int[1], new double[1]))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> reader.reading(3, 0)).isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aReaderThatTheLogOvertookIsToldSo() {
    var world = new SignalWorld(VIEW);
    world.signal(0, 0, 1, START);
    try (var reader = world.view.reader(START)) {
      world.signal(0, 0, 1, START + 2 * DAY);
      assertThatThrownBy(() -> reader.windowedCount(0, Window.ONE_HOUR, 0))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aChangedSchemaKeepsDropsAndAdds() {
    var first =
        new SchemaBuilder()
            .signal("like", EntityKind.ITEM, Decay.permanent())
            .windows(Window.ONE_HOUR)
            .add()
            .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
            .windows(Window.ALL_TIME)
            .add()
            .build();
    var second =
        new SchemaBuilder()
            .signal("share", EntityKind.ITEM, Decay.permanent())
            .windows(Window.ONE_HOUR)
            .add()
            .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
            .windows(Window.ALL_TIME)
            .add()
            .retire("like")
            .build();
    var world = new SignalWorld();
    world.view.apply(
        1,
        new SchemaChanged(START, first.canonical(), new TreeMap<>(Map.of("like", 0, "view", 1))));
    world.signal(0, 4, 1, START);
    world.signal(1, 4, 1, START);
    var saved = world.save();
    world.view.apply(
        2,
        new SchemaChanged(
            START, second.canonical(), new TreeMap<>(Map.of("like", 0, "share", 2, "view", 1))));
    world.signal(0, 4, 1, START + DAY);
    assertThat(world.view.newestEventTime()).isEqualTo(START);
    world.signal(2, 4, 1, START + 1);
    assertThat(world.view.types()).extracting(SignalType::name).containsExactly("view", "share");
    assertThat(world.view.type("like")).isEmpty();
    assertThat(world.count(1, Window.ALL_TIME, 4, START + 1)).isOne();
    assertThat(world.score(2, 4, START + 1)).isOne();
    SignalWorld.store(world.view.freeze(false), saved);
    assertThat(SignalWorld.load(saved, 16).state()).isEqualTo(world.state());
  }

  @Test
  void theCrashPointLiesBetweenScoreAndBuckets() {
    var seen = new double[1];
    var views = new SignalView[1];
    CrashInjector injector =
        point -> {
          assertThat(point).isEqualTo(CrashPoint.SIGNAL_AGGREGATION_UPDATE);
          seen[0]++;
          throw new SimulatedCrash("here");
        };
    views[0] = new SignalView(new SignalWorld.IdSlots(), injector, 16);
    views[0].declare(List.of(VIEW));
    var world = new SignalWorld(views[0]);
    assertThatThrownBy(() -> world.signal(0, 0, 1, START)).isInstanceOf(SimulatedCrash.class);
    assertThat(seen[0]).isOne();
    assertThat(world.score(0, 0, START)).isPositive();
    assertThat(world.count(0, Window.ONE_HOUR, 0, START)).isZero();
  }

  @Test
  void aBucketCountsBeyondThirtyTwoBits() {
    var buckets = new WindowBuckets(2);
    var page = new PairPage(PairPage.SLOTS, true, false);
    long events = 3L * 0xFFFF_FFFFL + 17;
    buckets.add(page, 5, START, START, events);
    buckets.add(page, 5, START - DAY, START, 1);
    buckets.add(page, 5, START, START, 2);
    assertThat(buckets.count(page, 5, WindowRange.of(Window.ONE_HOUR, START)))
        .isEqualTo(events + 2);
    assertThat(buckets.count(page, 5, WindowRange.of(Window.THIRTY_DAYS, START)))
        .isEqualTo(events + 3);
    buckets.foldPart(page, 0, START + 20 * DAY);
    assertThat(buckets.count(page, 5, WindowRange.of(Window.THIRTY_DAYS, START + 20 * DAY)))
        .isEqualTo(events + 3);
  }

  @Test
  void hottestIsTheOrderByScore() {
    var world = new SignalWorld(16, VIEW);
    for (int i = 0; i < 1_000; i++) {
      world.signal(0, i, 1 + i % 100, START);
    }
    int[] slots = new int[10];
    double[] scores = new double[10];
    try (var reader = world.view.reader(START)) {
      assertThat(reader.hottest(0, 10, slots, scores)).isEqualTo(10);
      assertThat(slots).containsExactly(99, 199, 299, 399, 499, 599, 699, 799, 899, 999);
      assertThat(Arrays.stream(scores).distinct()).hasSize(1);
      assertThat(scores[0]).isEqualTo(reader.decayScore(0, 99));
    }
  }
}
