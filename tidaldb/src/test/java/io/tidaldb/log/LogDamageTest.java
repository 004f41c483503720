package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.testing.SimulatedVolume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogDamageTest {

  private final SmallLogs small = new SmallLogs(SmallLogs.STORE, 2);

  @Test
  void anyFlippedBitOfASyncedLogIsNoticedOrHarmless() {
    var volume = small.closed(50);
    var hints = SmallLogs.known(small.written.size());
    int refused = 0;
    for (var name : SmallLogs.segments(volume)) {
      int size = volume.content(name).length;
      for (int offset = 0; offset < size; offset++) {
        var damaged = SmallLogs.copy(volume);
        damaged.damage(name, offset, 1 << offset % 8);
        refused += refusedOrEqual(damaged, hints) ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(8_000);
  }

  private boolean refusedOrEqual(SimulatedVolume damaged, RecoveryHints hints) {
    var before = damaged.contentHash();
    try {
      assertThat(SmallLogs.replay(damaged, hints)).isEqualTo(small.written);
      return false;
    } catch (CorruptionException | UnsupportedFormatException e) {
      assertThat(damaged.contentHash()).as("unchanged after " + e).isEqualTo(before);
      return true;
    }
  }

  @Test
  void theNewestSegmentMayBeCutAtEveryByte() {
    var volume = small.closed(35);
    var newest = SmallLogs.segments(volume).getLast();
    var ends = frameEnds(volume);
    int size = volume.content(newest).length;
    for (int cut = 0; cut < size; cut++) {
      var torn = SmallLogs.copy(volume);
      SmallLogs.cut(torn, newest, cut);
      int whole = 0;
      for (var end : ends) {
        whole = end.offset() <= cut || !end.newest() ? end.lastPosition() : whole;
      }
      assertThat(SmallLogs.replay(torn, RecoveryHints.none()))
          .as("cut at " + cut)
          .isEqualTo(small.written.subList(0, whole));
      var settled = torn.contentHash();
      assertThat(SmallLogs.replay(torn, RecoveryHints.none())).hasSize(whole);
      assertThat(torn.contentHash()).isEqualTo(settled);
    }
  }

  private record FrameEnd(boolean newest, long offset, int lastPosition) {}

  private static List<FrameEnd> frameEnds(SimulatedVolume volume) {
    var ends = new ArrayList<FrameEnd>();
    var segments =
        new SegmentList(
                volume,
                SmallLogs.STORE.store(),
                e -> {
                  throw e;
                })
            .read();
    for (var segment : segments) {
      try (var reader = new SegmentReader(volume, segment, SmallLogs.STORE.store())) {
        while (reader.next()) {
          ends.add(
              new FrameEnd(
                  segment.equals(segments.getLast()),
                  reader.offset(),
                  (int) reader.expected() - 1));
        }
      }
    }
    return ends;
  }

  @Test
  void damageThatALaterFrameProvesDurableIsCorruption() {
    var volume = small.closed(35);
    var newest = SmallLogs.segments(volume).getLast();
    volume.damage(newest, 80, 1);
    refused(volume, RecoveryHints.none(), "was durable");
  }

  @Test
  void damageThatACheckpointProvesDurableIsCorruption() {
    var volume = small.closed(35);
    damageLastFrame(volume);
    refused(volume, SmallLogs.known(small.written.size()), "knows position");
  }

  @Test
  void damageAfterACleanCloseIsCorruption() {
    var volume = small.closed(35);
    damageLastFrame(volume);
    var clean = SmallLogs.clean(small.written.size());
    refused(volume, new RecoveryHints(1, 0, Optional.of(clean)), "closed cleanly");
  }

  @Test
  void damageToTheLastFrameThatNothingElseKnowsIsReportedAsACutTail() {
    var volume = small.closed(35);
    damageLastFrame(volume);
    try (var log =
        Log.open(
            volume, SmallLogs.OPTIONS, SmallLogs.STORE, RecoveryHints.none(), FrameConsumer.NONE)) {
      assertThat(log.bytesCut()).isPositive();
      assertThat(log.warnings()).singleElement().asString().contains("torn tail cut");
      assertThat(volume.list("quarantine")).singleElement().asString().endsWith(".tail");
    }
  }

  private static void damageLastFrame(SimulatedVolume volume) {
    var last = frameEnds(volume).getLast();
    volume.damage(SmallLogs.segments(volume).getLast(), (int) last.offset() - 1, 0x10);
  }

  @Test
  void aLogThatEndsBeforeWhatACheckpointKnowsIsCorruption() {
    var volume = small.closed(35);
    refused(volume, SmallLogs.known(small.written.size() + 1), "log ends before");
  }

  @Test
  void aLogThatDoesNotEndWhereItWasClosedIsCorruption() {
    var volume = small.closed(35);
    var clean = SmallLogs.clean(small.written.size() - 1);
    refused(volume, new RecoveryHints(1, 0, Optional.of(clean)), "closed cleanly");
  }

  @Test
  void aMissingSegmentIsCorruption() {
    var volume = small.closed(60);
    volume.delete(SmallLogs.segments(volume).get(1));
    refused(volume, RecoveryHints.none(), "segment is missing");
  }

  @Test
  void aLogWithoutSegmentsIsCorruptionIfAnythingKnowsOfEvents() {
    var volume = new SimulatedVolume();
    volume.createDirectory("log");
    refused(volume, SmallLogs.known(1), "log is missing");
  }

  @Test
  void aLogThatBeginsBehindTheCheckpointIsCorruption() {
    var volume = small.closed(60);
    volume.delete(SmallLogs.segments(volume).getFirst());
    refused(volume, RecoveryHints.none(), "log begins too late");
  }

  @Test
  void aSegmentOfAnotherStoreIsRefused() {
    var volume = small.closed(60);
    var other = new SmallLogs(SmallLogs.OTHER, 2).closed(60);
    var name = SmallLogs.segments(volume).get(1);
    SmallLogs.put(volume, name, other.content(name));
    refused(volume, RecoveryHints.none(), "another store");
  }

  @Test
  void aSegmentUnderAnotherNameIsRefused() {
    var volume = small.closed(60);
    var names = SmallLogs.segments(volume);
    SmallLogs.put(volume, names.get(1), volume.content(names.get(0)));
    refused(volume, RecoveryHints.none(), "name and header differ");
  }

  @Test
  void aLostFrameBeforeAKeptOneIsATornTailThatNeverComesBack() {
    var volume = new SimulatedVolume();
    long lost;
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      small.append(log, 2);
      log.sync();
      lost = small.written.size();
      small.append(log, 2);
      small.append(log, 2);
    }
    var name = SmallLogs.segments(volume).getLast();
    var ends = frameEnds(volume);
    var bytes = volume.content(name);
    Arrays.fill(bytes, (int) ends.get(0).offset(), (int) ends.get(1).offset(), (byte) 0);
    SmallLogs.put(volume, name, bytes);
    var kept = new ArrayList<>(small.written.subList(0, (int) lost));
    try (var log =
        Log.open(
            volume, SmallLogs.OPTIONS, SmallLogs.STORE, RecoveryHints.none(), FrameConsumer.NONE)) {
      assertThat(log.lastPosition()).isEqualTo(lost);
      // As long as the lost one, so that the stale frame would follow it exactly.
      var again = small.written.subList((int) lost, ends.get(1).lastPosition());
      small.encoder.begin();
      again.forEach(small.encoder::add);
      log.append(small.encoder, 9_999);
      log.sync();
      kept.addAll(again);
    }
    assertThat(SmallLogs.replay(volume, RecoveryHints.none())).isEqualTo(kept);
  }

  @Test
  void aScanReportsEveryFindingAndChangesNothing() {
    var volume = small.closed(100);
    var names = SmallLogs.segments(volume);
    volume.damage(names.get(0), 200, 1);
    volume.damage(names.get(2), 200, 1);
    var before = volume.contentHash();
    var scan = LogReader.scan(volume, Optional.of(SmallLogs.STORE), 1, FrameConsumer.NONE);
    assertThat(scan.findings()).hasSize(2);
    assertThat(scan.segments()).isEqualTo(names.size());
    assertThat(scan.lastPosition()).isEqualTo(small.written.size());
    assertThat(scan.tail()).isInstanceOf(Tail.Clean.class);
    assertThat(volume.contentHash()).isEqualTo(before);
  }

  @Test
  void aScanSaysWhereATailIsTorn() {
    var volume = small.closed(35);
    damageLastFrame(volume);
    var scan = LogReader.scan(volume, Optional.empty(), 1, FrameConsumer.NONE);
    assertThat(scan.findings()).isEmpty();
    assertThat(scan.tail()).isInstanceOf(Tail.Torn.class);
    var known =
        LogReader.scan(
            volume, SmallLogs.STORE, SmallLogs.known(small.written.size()), FrameConsumer.NONE);
    assertThat(known.tail()).isInstanceOf(Tail.Damaged.class);
    assertThat(known.findings()).hasSize(1);
  }

  private static void refused(SimulatedVolume volume, RecoveryHints hints, String message) {
    var before = volume.contentHash();
    assertThatThrownBy(() -> SmallLogs.replay(volume, hints))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(message);
    assertThat(volume.contentHash()).isEqualTo(before);
  }
}
