package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.Receipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Kills a writing process again and again in one directory, and after each kill holds a copy of
/// the directory against the record of what was answered. The original is left as the kill left it,
/// so the next process recovers it, and may be killed while it does.
final class KillCampaign {

  private static final int LANES = 4;
  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.WAL_PRE_AGGREGATE,
          CrashPoint.WAL_POST_AGGREGATE,
          CrashPoint.CHECKPOINT_PRE_FLUSH,
          CrashPoint.CHECKPOINT_POST_FLUSH,
          CrashPoint.SIGNAL_AGGREGATION_UPDATE);

  /// What a campaign did; floors are held against it.
  static final class Tally {
    int kills;
    int killsWhileWriting;
    int killsWhileOpening;
    long answered;
    long checkpoints;
    long repeats;
    long replayed;
    long tailsCut;
    long segmentsGone;
    final Map<CrashPoint, Integer> hits = new EnumMap<>(CrashPoint.class);

    @Override
    public String toString() {
      return "kills="
          + kills
          + " whileWriting="
          + killsWhileWriting
          + " whileOpening="
          + killsWhileOpening
          + " answered="
          + answered
          + " checkpoints="
          + checkpoints
          + " repeats="
          + repeats
          + " replayed="
          + replayed
          + " tailsCut="
          + tailsCut
          + " segmentsGone="
          + segmentsGone
          + " hits="
          + hits;
    }
  }

  private final Path root;
  private final long seed;
  private final SplittableRandom random;
  private final Tally tally;
  private final List<LaneModel> lanes = new ArrayList<>();
  private final Path directory;

  /// A campaign in a directory of its own.
  KillCampaign(Path root, long seed, Tally tally) {
    this.root = root;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.tally = tally;
    this.directory = root.resolve("db");
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new LaneModel(seed, lane));
    }
  }

  /// Starts a process, kills it, checks what is left.
  ///
  /// @param round decides how it is killed: at each crash point in turn, and as often from outside
  void round(int round) {
    var firsts = lanes.stream().map(lane -> lane.lane().calls()).toList();
    var child = round % 2 == 0 ? killed(firsts) : halted(round / 2, firsts);
    assertThat(child.complaints()).as("seed=%d %s", seed, child.tail()).isEmpty();
    tally.kills++;
    tally.killsWhileWriting += child.wasWriting() ? 1 : 0;
    tally.killsWhileOpening += child.hasOpened() ? 0 : 1;
    tally.answered += child.answers();
    tally.checkpoints += child.checkpoints();
    tally.repeats += child.repeats();
    check(child, round);
  }

  private Child killed(List<Long> firsts) {
    var child = Child.start(directory, seed, Optional.empty(), 0, firsts);
    if (random.nextInt(5) == 0) {
      Child.pause(random.nextLong(700_000_000L));
    } else {
      child.awaitAnswers(1L + random.nextInt(random.nextBoolean() ? 20 : 1_500));
      Child.pause(random.nextLong(3_000_000L));
    }
    child.kill();
    return child;
  }

  private Child halted(int turn, List<Long> firsts) {
    var point = POINTS.get(turn % POINTS.size());
    boolean rare =
        point == CrashPoint.CHECKPOINT_PRE_FLUSH || point == CrashPoint.CHECKPOINT_POST_FLUSH;
    long nth = 1L + random.nextInt(rare ? 4 : 300);
    var child = Child.start(directory, seed, Optional.of(point), nth, firsts);
    int exit = child.ended();
    assertThat(exit).as("halts at %s, seed=%d: %s", point, seed, child.tail()).isEqualTo(137);
    tally.hits.merge(point, 1, Integer::sum);
    return child;
  }

  private void check(Child child, int round) {
    if (!child.hasOpened() && !java.nio.file.Files.exists(directory.resolve("IDENTITY"))) {
      return;
    }
    assertThat(child.isOfThisBuild() || !child.hasOpened()).as("the child's build").isTrue();
    var copy = Directories.copy(directory, root.resolve("copy"));
    String digest;
    long cut;
    try (var db = new Opened(copy)) {
      var report = db.db.recovery();
      tally.replayed += report.eventsReplayed();
      cut = report.bytesCut();
      tally.tailsCut += cut > 0 ? 1 : 0;
      holdAgainst(child, db.db);
      var verification = db.db.verify(round % 5 == 0);
      assertThat(verification.findings()).as("seed=%d round=%d", seed, round).isEmpty();
      digest = db.db.stateDigest();
    }
    try (var again = new Opened(copy)) {
      assertThat(again.db.recovery().bytesCut()).as("the second open cuts nothing").isZero();
      assertThat(again.db.stateDigest()).as("seed=%d round=%d", seed, round).isEqualTo(digest);
      repeatLast(child, again.db);
      tally.segmentsGone += again.db.checkpoint().segmentsDeleted();
      again.db.close();
    }
    Directories.delete(copy);
  }

  /// A database that is let go as a crash would, unless it was closed before.
  private static final class Opened implements AutoCloseable {
    private final TidalDb db;

    Opened(Path directory) {
      db = KillChild.open(directory, CrashInjector.NONE);
    }

    @Override
    public void close() {
      TestDoor.abandon(db);
    }
  }

  /// Finds for each lane the prefix of its calls that is there, and moves the models to it.
  private void holdAgainst(Child child, TidalDb db) {
    long events = 1;
    for (int number = 0; number < LANES; number++) {
      var lane = lanes.get(number);
      var record = child.lanes().get(number);
      lane.advanceTo(record.answered());
      var differences = differences(db, lane);
      var first = differences;
      while (!differences.isEmpty() && lane.lane().calls() < record.submitted()) {
        lane.advanceTo(lane.lane().calls() + 1);
        differences = differences(db, lane);
      }
      assertThat(differences)
          .as(
              "lane %d holds no prefix of %d…%d calls, seed=%d; against all answered: %s",
              number, record.answered(), record.submitted(), seed, first)
          .isEmpty();
      events += lane.lane().events();
    }
    assertThat(db.position()).as("each event once, seed=%d", seed).isEqualTo(events);
  }

  private static List<String> differences(TidalDb db, LaneModel lane) {
    long at = db.newestEventTime().map(time -> time.nanos()).orElse(0L);
    return StoreCheck.differences(db, lane.model(), lane.lane().items(), at);
  }

  /// What was answered last is recognised when it is sent again.
  private void repeatLast(Child child, TidalDb db) {
    for (int number = 0; number < LANES; number++) {
      var record = child.lanes().get(number);
      if (record.answeredPosition() == 0) {
        continue;
      }
      var call = lanes.get(number).call(record.answered() - 1);
      if (call.isRepeatable()) {
        var receipts = db.write(call.writes());
        assertThat(receipts).as("seed=%d lane=%d", seed, number).allMatch(Receipt::duplicate);
        // A numbered stream remembers that a number was there, not where.
        assertThat(receipts.getFirst().position()).isIn(0L, record.answeredPosition());
      }
    }
  }
}
