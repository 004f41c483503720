package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.CrashPlan;
import io.tidaldb.testing.CrashState;
import io.tidaldb.testing.SimulatedVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The power goes at every disk operation of a short life with rotations, a prepared segment,
/// frames that are not synced and a cut; then again at every operation of the recovery.
class LogCrashProperties {

  private static final int FRAMES = 40;
  private static final int CUT_AT = 30;

  /// One life of a log, and what it had promised when it ended.
  private static final class Life {
    final SmallLogs small = new SmallLogs(SmallLogs.STORE, 3);
    final SimulatedVolume volume = new SimulatedVolume();
    long acknowledged;
    long checkpoint;

    void live() {
      try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
        for (int i = 0; i < FRAMES; i++) {
          // Before the call: what a stop leaves may contain it.
          small.append(log, 6);
          if (i % 4 != 3) {
            log.sync();
          }
          acknowledged = log.durablePosition();
          if (i % 2 == 0 && log.needsPreparation()) {
            assertThat(log.prepareNext()).isTrue();
          }
          if (i == CUT_AT) {
            checkpoint = acknowledged;
            assertThat(log.cut(checkpoint).segmentsDeleted()).isGreaterThan(1);
          }
        }
        log.sync();
        acknowledged = log.durablePosition();
      }
    }

    RecoveryHints hints() {
      return new RecoveryHints(checkpoint + 1, checkpoint, Optional.empty());
    }
  }

  private static Life lifeUntil(long operation) {
    var life = new Life();
    life.volume.crashAt(operation);
    try {
      life.live();
    } catch (SimulatedCrash e) {
      assertThat(life.volume.stopped()).isTrue();
    }
    return life;
  }

  private static long operations() {
    var life = new Life();
    life.live();
    assertThat(life.small.written).hasSizeGreaterThan(FRAMES);
    return life.volume.operations();
  }

  @Test
  void whateverAPowerCutLeavesIsAPrefixWithEverythingAcknowledged() {
    long operations = operations();
    assertThat(operations).isGreaterThan(100);
    for (long nth = 1; nth <= operations + 1; nth++) {
      var life = lifeUntil(nth);
      life.volume
          .crashStates(new CrashPlan(32, 6, true, nth))
          .forEach(state -> recovers(life, state));
    }
  }

  private static void recovers(Life life, CrashState state) {
    var volume = state.volume();
    long last = opens(life, volume, state.description());
    var settled = volume.contentHash();
    assertThat(opens(life, volume, "again after " + state.description())).isEqualTo(last);
    assertThat(volume.contentHash()).as("opening twice changes nothing").isEqualTo(settled);
    goesOn(life, volume, last);
  }

  /// Opens, compares with what was written, returns the last position.
  private static long opens(Life life, SimulatedVolume volume, String state) {
    var read = new ArrayList<Event>();
    var firsts = new ArrayList<Long>();
    try (var log =
        Log.open(
            volume,
            SmallLogs.OPTIONS,
            SmallLogs.STORE,
            life.hints(),
            (first, receive, events) -> {
              firsts.add(first);
              read.addAll(events);
            })) {
      assertThat(log.lastPosition()).as(state).isGreaterThanOrEqualTo(life.acknowledged);
      assertThat(log.firstPosition()).as(state).isLessThanOrEqualTo(life.checkpoint + 1);
      if (!firsts.isEmpty()) {
        assertThat(firsts.getFirst()).as(state).isLessThanOrEqualTo(life.checkpoint + 1);
        assertThat(read)
            .as(state)
            .isEqualTo(
                submitted(life).subList((int) (firsts.getFirst() - 1), (int) log.lastPosition()));
      } else {
        assertThat(log.lastPosition()).as(state).isEqualTo(life.checkpoint);
      }
      return log.lastPosition();
    }
  }

  /// What was written, and the frame whose call was stopped.
  private static List<Event> submitted(Life life) {
    var all = new ArrayList<>(life.small.written);
    all.addAll(life.small.interrupted());
    return all;
  }

  private static void goesOn(Life life, SimulatedVolume volume, long last) {
    var event = new Event.ProfileDropped(5, 5, "after the crash", null);
    try (var log =
        Log.open(volume, SmallLogs.OPTIONS, SmallLogs.STORE, life.hints(), FrameConsumer.NONE)) {
      var encoder = new FrameEncoder(SmallLogs.STORE);
      encoder.begin();
      encoder.add(event);
      log.append(encoder, 1);
      log.sync();
    }
    var read = SmallLogs.replay(volume.crash(CrashChoice.none()), life.hints());
    assertThat(read.getLast()).isEqualTo(event);
    var scan =
        LogReader.scan(
            volume.crash(CrashChoice.none()), Optional.of(SmallLogs.STORE), 1, FrameConsumer.NONE);
    assertThat(scan.lastPosition()).isEqualTo(last + 1);
    assertThat(scan.findings()).isEmpty();
  }

  @Test
  void recoveryMayBeStoppedAtEveryOperationAndRepeated() {
    long operations = operations();
    for (long nth = 1; nth <= operations; nth++) {
      var life = lifeUntil(nth);
      for (long seed = 1; seed <= 2; seed++) {
        stoppedRecovery(life, CrashChoice.seeded(nth * 31 + seed));
      }
      stoppedRecovery(life, CrashChoice.all());
    }
  }

  private static void stoppedRecovery(Life life, CrashChoice choice) {
    for (long stop = 1; ; stop++) {
      var volume = life.volume.crash(choice).crashAt(stop);
      try {
        opens(life, volume, choice.toString());
        return;
      } catch (SimulatedCrash e) {
        var after = volume.crash(CrashChoice.seeded(stop));
        opens(life, after, choice + ", recovery stopped at operation " + stop);
      }
    }
  }
}
