package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.disk.VolumeContract;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import io.tidaldb.testing.Fault.Moment;
import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FaultyVolumeTest extends VolumeContract {

  private final SimulatedVolume inner = new SimulatedVolume();
  private final FaultyVolume faulty = new FaultyVolume(inner);

  @Override
  protected Volume emptyVolume() {
    return new FaultyVolume(new SimulatedVolume());
  }

  @Test
  void theNthCallFailsOnce() {
    faulty.arm(Fault.of(VolumeCall.WRITE, 2));
    try (VolumeFile file = faulty.open("a", OpenMode.CREATE)) {
      file.write(bytes(4), 0);
      assertFails(() -> file.write(bytes(4), 4), Outcome.UNKNOWN);
      file.write(bytes(4), 4);
    }
    assertThat(inner.content("a")).hasSize(8);
    assertThat(faulty.calls(VolumeCall.WRITE)).isEqualTo(3);
    assertThat(faulty.fired()).isEqualTo(1);
  }

  @Test
  void aStickyFaultStaysUntilItIsTakenBack() {
    faulty.arm(Fault.of(VolumeCall.SYNC, 2).forEver());
    try (VolumeFile file = faulty.open("a", OpenMode.CREATE)) {
      file.sync(false);
      assertFails(() -> file.sync(false), Outcome.UNKNOWN);
      assertFails(() -> file.sync(false), Outcome.UNKNOWN);
      faulty.disarm();
      file.sync(false);
    }
  }

  @Test
  void aWriteFailsBeforeMidwayOrAfter() {
    try (VolumeFile file = faulty.open("a", OpenMode.CREATE)) {
      faulty.arm(Fault.of(VolumeCall.WRITE, 1));
      assertFails(() -> file.write(bytes(8), 0), Outcome.UNKNOWN);
      assertThat(file.size()).isZero();
      faulty.arm(Fault.of(VolumeCall.WRITE, 1).at(Moment.MIDWAY));
      assertFails(() -> file.write(bytes(8), 0), Outcome.UNKNOWN);
      assertThat(file.size()).isEqualTo(4);
      faulty.arm(Fault.of(VolumeCall.WRITE, 1).at(Moment.AFTER));
      assertFails(() -> file.write(bytes(8), 0), Outcome.UNKNOWN);
      assertThat(file.size()).isEqualTo(8);
    }
  }

  @Test
  void everyKindOfCallCanFail() {
    faulty.createDirectory("log");
    VolumeFile file = faulty.open("a", OpenMode.CREATE);
    assertRefused(VolumeCall.OPEN, () -> faulty.open("a", OpenMode.READ));
    assertRefused(VolumeCall.CREATE, () -> faulty.open("b", OpenMode.CREATE));
    assertRefused(VolumeCall.READ, () -> file.read(bytes(1), 0));
    assertRefused(VolumeCall.WRITE, () -> file.write(bytes(1), 0));
    assertRefused(VolumeCall.SYNC, () -> file.sync(true));
    assertRefused(VolumeCall.TRUNCATE, () -> file.truncate(0));
    assertRefused(VolumeCall.RENAME, () -> faulty.rename("a", "c"));
    assertRefused(VolumeCall.DELETE, () -> faulty.delete("a"));
    assertRefused(VolumeCall.CREATE_DIRECTORY, () -> faulty.createDirectory("x"));
    assertRefused(VolumeCall.SYNC_DIRECTORY, () -> faulty.syncDirectory(""));
    assertThat(faulty.list("")).containsExactly("a", "log");
    assertThat(faulty.fired()).isEqualTo(VolumeCall.values().length);
  }

  @Test
  void anEffectMayHappenAllTheSame() {
    faulty.open("a", OpenMode.CREATE).close();
    faulty.arm(Fault.of(VolumeCall.RENAME, 1).at(Moment.AFTER));
    assertFails(() -> faulty.rename("a", "b"), Outcome.UNKNOWN);
    assertThat(inner.exists("b")).isTrue();
    faulty.arm(Fault.of(VolumeCall.CREATE, 1).at(Moment.AFTER));
    assertFails(() -> faulty.open("c", OpenMode.CREATE), Outcome.NOT_WRITTEN);
    assertThat(inner.exists("c")).isTrue();
  }

  @Test
  void aFaultMayBeAboutSomeNamesOnly() {
    faulty.createDirectory("log");
    faulty.arm(Fault.of(VolumeCall.CREATE, 1).on("log/"));
    faulty.open("a", OpenMode.CREATE).close();
    assertFails(() -> faulty.open("log/a", OpenMode.CREATE), Outcome.NOT_WRITTEN);
  }

  @Test
  void aFullDiskTakesNothingNewAndRecovers() {
    VolumeFile file = faulty.open("a", OpenMode.CREATE);
    file.write(bytes(4), 0);
    faulty.full(true);
    file.write(bytes(4), 0);
    assertFails(() -> file.write(bytes(4), 1), Outcome.NOT_WRITTEN);
    assertFails(() -> file.truncate(5), Outcome.NOT_WRITTEN);
    assertFails(() -> faulty.open("b", OpenMode.CREATE), Outcome.NOT_WRITTEN);
    assertFails(() -> faulty.createDirectory("log"), Outcome.NOT_WRITTEN);
    assertThat(faulty.usableBytes()).isZero();
    file.truncate(2);
    faulty.full(false);
    file.write(bytes(8), 0);
    assertThat(file.size()).isEqualTo(8);
  }

  private void assertRefused(VolumeCall call, ThrowingCallable code) {
    faulty.arm(Fault.of(call, 1));
    assertThatThrownBy(code)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("operation=" + call);
  }

  private static void assertFails(ThrowingCallable code, Outcome outcome) {
    assertThatThrownBy(code)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.outcome()).isEqualTo(outcome));
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size);
  }
}
