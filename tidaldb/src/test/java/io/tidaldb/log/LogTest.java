package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.StorageException;
import io.tidaldb.testing.SimulatedVolume;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogTest {

  private final SmallLogs small = new SmallLogs(SmallLogs.STORE, 1);
  private final SimulatedVolume volume = new SimulatedVolume();

  @Test
  void whatWasAppendedIsReplayedInOrder() {
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      for (int i = 0; i < 100; i++) {
        small.append(log, 20);
        assertThat(log.lastPosition()).isEqualTo(small.written.size());
        assertThat(log.durablePosition()).isLessThan(log.lastPosition());
        log.sync();
        assertThat(log.durablePosition()).isEqualTo(log.lastPosition());
      }
      assertThat(log.segments()).isGreaterThan(10);
    }
    var read = new ArrayList<Event>();
    try (var log = open(RecoveryHints.none(), (first, receive, events) -> read.addAll(events))) {
      assertThat(log.firstPosition()).isEqualTo(1);
      assertThat(log.lastPosition()).isEqualTo(small.written.size());
      assertThat(log.lastReceiveNanos()).isEqualTo(1_099);
      assertThat(log.warnings()).isEmpty();
      assertThat(log.bytesCut()).isZero();
    }
    assertThat(read).isEqualTo(small.written);
  }

  @Test
  void anEmptyLogBeginsAtOne() {
    Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE).close();
    try (var log = open(RecoveryHints.none(), FrameConsumer.NONE)) {
      assertThat(log.firstPosition()).isEqualTo(1);
      assertThat(log.lastPosition()).isZero();
      assertThat(log.lastReceiveNanos()).isZero();
      small.append(log, 3);
    }
    assertThat(SmallLogs.replay(volume, RecoveryHints.none())).isEqualTo(small.written);
  }

  @Test
  void replayBeginsWithTheFrameThatHoldsThePosition() {
    var closed = small.closed(60);
    var firsts = new ArrayList<Long>();
    long from = small.written.size() / 2;
    Log.open(
            closed,
            SmallLogs.OPTIONS,
            SmallLogs.STORE,
            new RecoveryHints(from, 0, Optional.empty()),
            (first, receive, events) -> {
              firsts.add(first);
              assertThat(first + events.size() - 1).isGreaterThanOrEqualTo(from);
            })
        .close();
    assertThat(firsts.getFirst()).isLessThanOrEqualTo(from);
  }

  @Test
  void aFrameLargerThanASegmentGetsOneOfItsOwn() {
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      small.append(log, 2);
      appendLarge(log, 20_000);
      small.append(log, 2);
      assertThat(log.segments()).isEqualTo(3);
    }
    assertThat(SmallLogs.replay(volume, RecoveryHints.none())).isEqualTo(small.written);
  }

  @Test
  void theFirstFrameMayBeLargerThanASegment() {
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      appendLarge(log, 20_000);
      assertThat(log.segments()).isEqualTo(1);
    }
    assertThat(SmallLogs.replay(volume, RecoveryHints.none())).isEqualTo(small.written);
  }

  private void appendLarge(Log log, int bytes) {
    var event = new Event.ProfileSaved(1, 1, "large", "x".repeat(bytes), null);
    small.encoder.begin();
    small.encoder.add(event);
    log.append(small.encoder, 1);
    small.written.add(event);
  }

  @Test
  void cuttingRemovesTheOldestSegmentsAndNeverTheNewest() {
    var closed = small.closed(100);
    try (var log =
        Log.open(
            closed, SmallLogs.OPTIONS, SmallLogs.STORE, RecoveryHints.none(), FrameConsumer.NONE)) {
      int segments = log.segments();
      long bytes = log.bytes();
      assertThat(log.cut(0).segmentsDeleted()).isZero();
      var middle = log.cut(log.lastPosition() / 2);
      assertThat(middle.segmentsDeleted()).isBetween(1, segments - 2);
      assertThat(middle.segmentsLeft()).isEqualTo(segments - middle.segmentsDeleted());
      assertThat(log.bytes()).isEqualTo(bytes - middle.bytesFreed());
      assertThat(log.firstPosition()).isBetween(2L, log.lastPosition() / 2 + 1);
      assertThat(log.cut(Long.MAX_VALUE).segmentsLeft()).isEqualTo(1);
    }
    long first = SmallLogs.firstPosition(closed);
    var left = SmallLogs.replay(closed, new RecoveryHints(first, 0, Optional.empty()));
    assertThat(left).isEqualTo(small.written.subList((int) first - 1, small.written.size()));
  }

  @Test
  void noSpaceForASegmentWritesNothingAndPassesWhenSpaceIsBack() {
    try (var log = Log.create(volume.capacity(6_000), SmallLogs.OPTIONS, SmallLogs.STORE)) {
      assertThatThrownBy(log::prepareNext)
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_WRITTEN));
      fill(log);
      var before = volume.contentHash();
      assertThatThrownBy(() -> appendLarge(log, 3_000))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_WRITTEN));
      assertThat(volume.contentHash()).isEqualTo(before);
      volume.capacity(1 << 20);
      assertThat(log.needsPreparation()).isTrue();
      assertThat(log.prepareNext()).isTrue();
      assertThat(log.prepareNext()).isFalse();
      assertThat(log.needsPreparation()).isFalse();
      appendLarge(log, 3_000);
      log.sync();
    }
    assertThat(SmallLogs.replay(volume, RecoveryHints.none())).isEqualTo(small.written);
  }

  private void fill(Log log) {
    for (int i = 0; i < 3; i++) {
      appendLarge(log, 900);
    }
    log.sync();
  }

  @Test
  void bytesBehindAPositionShrinkAsItRises() {
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      for (int i = 0; i < 100; i++) {
        small.append(log, 10);
      }
      long behind = log.bytesBehind(0);
      assertThat(behind).isGreaterThan(4096 * (log.segments() - 2L));
      for (long position = 0; position <= log.lastPosition(); position++) {
        assertThat(log.bytesBehind(position)).isLessThanOrEqualTo(behind);
        behind = log.bytesBehind(position);
      }
      assertThat(behind).isZero();
    }
  }

  @Test
  void afterAFailureNothingMoreIsWritten() {
    var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE);
    small.append(log, 3);
    volume.crashAt(1);
    assertThatThrownBy(() -> log.sync()).isInstanceOf(Error.class);
    assertThatThrownBy(() -> small.append(log, 1))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("after a failure");
    assertThatThrownBy(log::sync).isInstanceOf(StorageException.class);
  }

  @Test
  void aClosedLogSaysSo() {
    var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE);
    log.close();
    log.close();
    assertThatThrownBy(log::sync).isInstanceOf(ClosedException.class);
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> new LogOptions(4095)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new LogOptions((1L << 30) + 1))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(LogOptions.defaults().segmentBytes()).isEqualTo(64 << 20);
  }

  @Test
  void receiveTimesNeverFall() {
    try (var log = Log.create(volume, SmallLogs.OPTIONS, SmallLogs.STORE)) {
      small.encoder.begin();
      small.encoder.add(new Event.EntityDeleted(1, EntityKind.ITEM, 1, null));
      log.append(small.encoder, 50);
      small.encoder.begin();
      small.encoder.add(new Event.EntityDeleted(1, EntityKind.ITEM, 1, null));
      log.append(small.encoder, 40);
      assertThat(log.lastReceiveNanos()).isEqualTo(50);
    }
  }

  private Log open(RecoveryHints hints, FrameConsumer consumer) {
    return Log.open(volume, SmallLogs.OPTIONS, SmallLogs.STORE, hints, consumer);
  }
}
