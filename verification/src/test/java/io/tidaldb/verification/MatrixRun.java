package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.TidalException;
import io.tidaldb.testing.Client;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.ModelWorld;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.Scripts;
import io.tidaldb.testing.Step;
import io.tidaldb.testing.StepText;
import io.tidaldb.testing.Surface;
import io.tidaldb.testing.TestStore;
import io.tidaldb.testing.WorldCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// One sequence of the matrix: a random script over all surfaces, the world stops at a random
/// arrival at a point, and what is left is opened, compared, written on and crashed again.
///
/// At `BATCHED` the outcome is exact: what was interrupted at a point in the path of a frame was
/// durable and is there, each event once; at a checkpoint's point exactly what was answered. At
/// `RELAXED` it is some prefix that holds everything a reader saw.
final class MatrixRun {

  /// What scripts write to.
  static final Schema SCHEMA =
      Schemas.surfaces().coEngagement(edges -> edges.capacity(Scripts.EDGES)).build();

  private static final int STEPS_MAX = 120;

  private final CrashPoint point;
  private final long seed;
  private final boolean relaxed;
  private final SplittableRandom random;
  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(0, Scripts.START));
  private final Armed injector = new Armed();
  private final Scripts scripts;
  private final List<Step> done = new ArrayList<>();
  private final ModelWorld answeredWorld = ModelWorldAt.of(List.of());
  private final Set<Step> logged = new HashSet<>();
  private Optional<Step> interrupted = Optional.empty();
  private Set<Surface> frame = EnumSet.noneOf(Surface.class);
  private long seen;
  private int recoveries;

  /// A seed of a point's own.
  static long seed(long number, CrashPoint point) {
    return number * 8 + List.of(CrashPoint.values()).indexOf(point);
  }

  MatrixRun(CrashPoint point, long seed) {
    this.point = point;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.relaxed = random.nextInt(10) == 0;
    this.scripts = new Scripts(SCHEMA, seed);
  }

  /// Runs it whole.
  ///
  /// @param crashesWhileRecovering how often the world stops again before it is let through
  void run(int crashesWhileRecovering) {
    var store = TestStore.empty();
    live(store);
    if (!injector.fired()) {
      return;
    }
    var left = crash(store);
    for (int i = 0; i < crashesWhileRecovering; i++) {
      left = recoverHalf(left);
    }
    try {
      after(left);
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError(this + ": " + failed.getMessage(), failed);
    }
  }

  /* --- the life that is interrupted --- */

  private void live(TestStore store) {
    var db = open(store, injector);
    var client = new Client(db, clock);
    try {
      for (var step : scripts.opening()) {
        answered(client, step);
      }
      injector.at(point, 1L + random.nextInt(isCheckpoint() ? 3 : 14));
      for (int i = 0; i < STEPS_MAX; i++) {
        var step = next(i);
        interrupted = Optional.of(step);
        frame = answeredWorld.touches(step);
        answered(client, step);
        interrupted = Optional.empty();
        seen = Math.max(seen, db.position());
      }
    } catch (SimulatedCrash | TidalException stopped) {
      if (!injector.fired()) {
        throw new AssertionError(this + ": refused " + stopped, stopped);
      }
    } finally {
      seen = Math.max(seen, db.position());
      TestDoor.abandon(db);
    }
  }

  /// Now and then a checkpoint where one shall be interrupted; often a frame of all surfaces where
  /// that is what counts.
  private Step next(int number) {
    if (isCheckpoint()) {
      return number % 6 == 5 ? scripts.checkpoint() : scripts.next();
    }
    boolean isLog = point == CrashPoint.WAL_PRE_AGGREGATE || point == CrashPoint.WAL_POST_AGGREGATE;
    return isLog && random.nextInt(4) > 0 ? scripts.mixed() : scripts.next();
  }

  private boolean isCheckpoint() {
    return point == CrashPoint.CHECKPOINT_PRE_FLUSH || point == CrashPoint.CHECKPOINT_POST_FLUSH;
  }

  private void answered(Client client, Step step) {
    var answer = client.apply(step);
    assertThat(answer).as("%s: answer to %s", this, step).doesNotStartWith("refused");
    done.add(step);
    answeredWorld.apply(step);
  }

  private TidalDb open(TestStore store, CrashInjector crashes) {
    return store.open(
        SCHEMA,
        clock,
        crashes,
        builder -> builder.durability(relaxed ? Durability.RELAXED : Durability.BATCHED));
  }

  private TestStore crash(TestStore store) {
    var choices =
        List.of(CrashChoice.none(), CrashChoice.all(), CrashChoice.seeded(random.nextLong()));
    return store.crash(choices.get(random.nextInt(3)), random.nextInt(3) / 2.0);
  }

  /// Opens with the world stopping somewhere in recovery: at an operation of the disk, or at a
  /// point in a view that replays.
  private TestStore recoverHalf(TestStore left) {
    recoveries++;
    CrashInjector crashes = CrashInjector.NONE;
    if (isCheckpoint() || random.nextBoolean()) {
      left.volume().crashAt(1L + random.nextInt(30));
    } else {
      crashes = Crashes.at(point, 1L + random.nextInt(20));
    }
    TidalDb db = null;
    try {
      db = open(left, crashes);
    } catch (SimulatedCrash expected) {
      // The point of it.
    } finally {
      if (db != null) {
        TestDoor.abandon(db);
      }
    }
    return crash(left);
  }

  /* --- what is left --- */

  private void after(TestStore left) {
    var script = new ArrayList<>(done);
    if (interrupted.isPresent()) {
      script.add(interrupted.get());
    }
    try (var fold = new MatrixFold(SCHEMA)) {
      var db = open(left, CrashInjector.NONE);
      List<Step> present;
      try {
        present = relaxed ? prefix(db, fold, script) : exact(fold, script);
        var world = ModelWorldAt.of(present);
        holds(db, fold, world, "after the crash");
        assertThat(Orphans.count(left.backend())).as("orphan pages").isZero();
        assertThat(db.recovery().warnings())
            .as("a crash damages no generation")
            .noneMatch(warning -> warning.contains("generation refused"));
        retry(db, present);
        holds(db, fold, world, "after the retry");
        goOn(db, fold, world, present);
      } finally {
        TestDoor.abandon(db);
      }
      var world = ModelWorldAt.of(present);
      db = open(crash(left), CrashInjector.NONE);
      try {
        holds(db, fold, world, "after one more crash");
      } finally {
        TestDoor.abandon(db);
      }
    }
  }

  /// Everything that was submitted: the interrupted frame was durable, a checkpoint is no event.
  private List<Step> exact(MatrixFold fold, List<Step> script) {
    script.forEach(step -> apply(fold, step));
    return script;
  }

  private void apply(MatrixFold fold, Step step) {
    long before = fold.position();
    fold.apply(step);
    if (fold.position() > before) {
      logged.add(step);
    }
  }

  /// The prefix at whose end the database is.
  private List<Step> prefix(TidalDb db, MatrixFold fold, List<Step> script) {
    assertThat(db.position()).as("what a reader saw").isGreaterThanOrEqualTo(seen);
    var present = new ArrayList<Step>();
    for (var step : script) {
      // What the clock showed is no event: no crash takes it back.
      if (fold.position() < db.position() || step instanceof Step.Tick) {
        apply(fold, step);
        present.add(step);
      }
    }
    return present;
  }

  private void holds(TidalDb db, MatrixFold fold, ModelWorld world, String when) {
    assertThat(db.position()).as("position %s", when).isEqualTo(fold.position());
    assertThat(WorldCheck.differences(db, world)).as("differences %s", when).isEmpty();
    assertThat(db.stateDigest()).as("digest %s", when).isEqualTo(fold.digest());
    assertThat(db.verify(false).findings()).as("findings %s", when).isEmpty();
  }

  /// Repeats what was interrupted, or else the last call that has a key: nothing happens. A call
  /// that found its result in place left no event and so no key: it may find another state now.
  private void retry(TidalDb db, List<Step> present) {
    for (var step : present.reversed()) {
      if (step instanceof Step.Keyed && logged.contains(step)) {
        long position = db.position();
        new Client(db, clock).apply(step);
        assertThat(db.position()).as("position after the retry of %s", step).isEqualTo(position);
        return;
      }
    }
  }

  /// Every surface takes writes, before and after a checkpoint.
  private void goOn(TidalDb db, MatrixFold fold, ModelWorld world, List<Step> present) {
    var client = new Client(db, clock);
    var more = new Scripts(world, seed + 1, 1L << 32);
    for (var step : more.progress()) {
      assertThat(client.apply(step)).as("progress by %s", step).doesNotStartWith("refused");
      fold.apply(step);
      present.add(step);
    }
    db.checkpoint();
    holds(db, fold, world, "after a checkpoint");
    var last = more.mixed();
    assertThat(client.apply(last)).as("%s", last).doesNotStartWith("refused");
    fold.apply(last);
    present.add(last);
    db.sync();
  }

  /* --- what it was --- */

  /// Whether the point was reached often enough.
  boolean fired() {
    return injector.fired();
  }

  /// The surfaces of the interrupted frame.
  Set<Surface> interruptedSurfaces() {
    return frame;
  }

  /// How often the world stopped in recovery.
  int recoveries() {
    return recoveries;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("point=" + point + " seed=" + seed + " relaxed=" + relaxed);
    for (var step : done) {
      text.append("\n  ").append(StepText.line(step));
    }
    interrupted.ifPresent(step -> text.append("\n! ").append(StepText.line(step)));
    return text.append('\n').toString();
  }
}
