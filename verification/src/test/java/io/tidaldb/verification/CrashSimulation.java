package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.CrashPlan;
import io.tidaldb.testing.Crashes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The power goes at every operation of a disk in memory, and the world stops at every crash point;
/// each state that may be left is opened and held against the fold of what was submitted.
final class CrashSimulation {

  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.WAL_PRE_AGGREGATE,
          CrashPoint.WAL_POST_AGGREGATE,
          CrashPoint.CHECKPOINT_PRE_FLUSH,
          CrashPoint.CHECKPOINT_POST_FLUSH,
          CrashPoint.SIGNAL_AGGREGATION_UPDATE);

  private static final Duration CASE_LIMIT = Duration.ofSeconds(60);

  private final long seed = Settings.seed();
  private final Set<String> states = new HashSet<>();
  private long crashes;
  private long opened;

  @Test
  void thePowerGoesAtEveryOperationOfShortScenarios() {
    int scenarios = Settings.isSlow() ? 60 : 4;
    int operations = 0;
    for (int i = 0; i < scenarios; i++) {
      operations += everyOperation(seed + i, 14 + i % 4 * 4);
    }
    report("every operation", "operations=" + operations);
    assertThat(operations).isGreaterThan(scenarios * 60);
    assertThat(states.size()).as("distinct states").isGreaterThan(scenarios * 100);
  }

  /// Runs a scenario again and again, with the power going one operation later each time.
  private int everyOperation(long scenarioSeed, int steps) {
    for (int nth = 1; ; nth++) {
      var store = SimulatedStore.empty();
      store.volume().crashAt(nth);
      var scenario = run(store, scenarioSeed, steps, CrashInjector.NONE);
      if (scenario.isThrough()) {
        return nth - 1;
      }
      look(store, scenario, "seed=" + scenarioSeed + " steps=" + steps + " operation=" + nth);
    }
  }

  @Test
  void thePowerGoesSomewhereInLongScenarios() {
    int scenarios = Settings.tries(Settings.isSlow() ? 4_000 : 120);
    for (int i = 0; i < scenarios; i++) {
      var random = new SplittableRandom(seed + i);
      var store = SimulatedStore.empty();
      store.volume().crashAt(1L + random.nextInt(700));
      var scenario = run(store, seed + i, 60 + random.nextInt(120), CrashInjector.NONE);
      look(store, scenario, "seed=" + (seed + i));
    }
    report("long scenarios", "scenarios=" + scenarios);
    assertThat(states.size()).as("distinct states").isGreaterThan(scenarios);
  }

  @Test
  void thePowerGoesAgainDuringRecovery() {
    int scenarios = Settings.tries(Settings.isSlow() ? 600 : 30);
    int nested = 0;
    for (int i = 0; i < scenarios; i++) {
      var random = new SplittableRandom(seed + i);
      var store = SimulatedStore.empty();
      store.volume().crashAt(30L + random.nextInt(200));
      var scenario = run(store, seed + i, 40, CrashInjector.NONE);
      var fold = new Fold(scenario.submitted());
      for (int nth = 1; nth <= 12; nth++) {
        var left = store.crash(CrashChoice.seeded(seed + i + nth), random.nextInt(3) / 2.0);
        for (int again = 0; again < 3; again++) {
          left = Recovered.openAndCrash(left, nth + again, CrashChoice.seeded(nth * 31L + again));
          nested++;
        }
        count(left);
        new Recovered(scenario, fold, seed + i)
            .check(left, false, "seed=" + (seed + i) + " nth=" + nth);
      }
    }
    report("during recovery", "crashes=" + nested);
    assertThat(nested).isEqualTo(scenarios * 36);
  }

  @Test
  void theWorldStopsAtEachCrashPoint() {
    int seeds = Settings.tries(Settings.isSlow() ? 1_000 : 20);
    Map<CrashPoint, Integer> hits = new EnumMap<>(CrashPoint.class);
    for (var point : POINTS) {
      for (int i = 0; i < seeds; i++) {
        var random = new SplittableRandom((seed + i) * 8 + POINTS.indexOf(point));
        boolean rare =
            point == CrashPoint.CHECKPOINT_PRE_FLUSH || point == CrashPoint.CHECKPOINT_POST_FLUSH;
        var injector = Crashes.at(point, 1L + random.nextInt(rare ? 3 : 25));
        var store = SimulatedStore.empty();
        var scenario = run(store, seed + i, 60, injector);
        if (injector.fired()) {
          hits.merge(point, 1, Integer::sum);
        }
        look(store, scenario, point + " seed=" + (seed + i));
      }
    }
    report("crash points", "hits=" + hits);
    for (var point : POINTS) {
      assertThat(hits).as("hits of %s", point).containsKey(point);
      assertThat(hits.get(point)).as("hits of %s", point).isGreaterThan(seeds / 2);
    }
  }

  private Scenario run(SimulatedStore store, long scenarioSeed, int steps, CrashInjector injector) {
    return assertTimeoutPreemptively(
        CASE_LIMIT, () -> new Scenario(store, scenarioSeed, steps, injector).run());
  }

  /// Looks at some of the states that a crash now may leave: nothing, everything, any part of what
  /// was not synced.
  private void look(SimulatedStore store, Scenario scenario, String what) {
    crashes++;
    store.volume().stop();
    var fold = new Fold(scenario.submitted());
    var recovered = new Recovered(scenario, fold, crashes);
    var choices = List.of(CrashChoice.none(), CrashChoice.all(), CrashChoice.seeded(crashes));
    for (var choice : choices) {
      for (double lost : new double[] {0, 1}) {
        look(recovered, store.crash(choice, lost), choice, what + " " + choice + " lost=" + lost);
      }
    }
    if (crashes % 4 == 0) {
      var plan = new CrashPlan(16, Settings.isSlow() ? 16 : 2, true, crashes);
      try (Stream<io.tidaldb.testing.CrashState> some =
          store.volume().crashStates(plan).limit(Settings.isSlow() ? 200 : 24)) {
        some.forEach(
            state ->
                look(
                    recovered,
                    new SimulatedStore(state.volume(), store.lost(crashes % 3 / 2.0)),
                    CrashChoice.none(),
                    what + " " + state.description()));
      }
    }
  }

  private void look(Recovered recovered, SimulatedStore left, CrashChoice choice, String what) {
    if (count(left)) {
      recovered.check(left, choice instanceof CrashChoice.All, what);
    }
  }

  /// Every state of disk and backend is looked at once.
  private boolean count(SimulatedStore left) {
    opened++;
    return states.add(
        left.volume().contentHash() + " " + crashes + " " + BackendText.hash(left.backend()));
  }

  private void report(String name, String facts) {
    System.out.println(
        "crash simulation, "
            + name
            + ": seed="
            + seed
            + " crashes="
            + crashes
            + " states="
            + states.size()
            + " looked="
            + opened
            + " "
            + facts);
  }
}
