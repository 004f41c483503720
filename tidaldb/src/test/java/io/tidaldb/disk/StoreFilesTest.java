package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.CrashPlan;
import io.tidaldb.testing.SimulatedVolume;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// `IDENTITY`, `CLEAN` and the way they are published, under every power cut.
class StoreFilesTest {

  private static final Timestamp NOW = Timestamp.ofNanos(1_767_225_600_000_000_000L);
  private static final StoreId STORE = new StoreId(1, 2);
  private final SimulatedVolume volume = new SimulatedVolume(64);

  @Test
  void anIdentityIsReadBack() {
    assertThat(StoreIdentity.read(volume)).isEmpty();
    StoreIdentity identity = StoreIdentity.create(NOW);
    identity.write(volume);
    assertThat(StoreIdentity.read(volume)).contains(identity);
    assertThat(volume.list("")).containsExactly("IDENTITY");
    assertThat(StoreIdentity.create(NOW)).isNotEqualTo(identity);
  }

  @Test
  void anIdentityIsWrittenOnce() {
    StoreIdentity.create(NOW).write(volume);
    assertThatThrownBy(() -> StoreIdentity.create(NOW).write(volume))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aForeignDirectoryIsNotAdopted() {
    volume.open("photo.jpg", OpenMode.CREATE).close();
    assertThatThrownBy(() -> StoreIdentity.read(volume))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("found=photo.jpg");
    assertThatThrownBy(() -> StoreIdentity.create(NOW).write(volume))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(volume.list("")).containsExactly("photo.jpg");
  }

  @Test
  void damageAndAWrongSizeOfAnIdentityAreReported() {
    StoreIdentity.create(NOW).write(volume);
    try (VolumeFile file = volume.open("IDENTITY", OpenMode.WRITE)) {
      file.truncate(65);
      assertThatThrownBy(() -> StoreIdentity.read(volume)).isInstanceOf(CorruptionException.class);
      file.truncate(63);
      assertThatThrownBy(() -> StoreIdentity.read(volume)).isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void anIdentityIsThereWholeOrNotAtAll() {
    StoreIdentity identity = new StoreIdentity(STORE, NOW);
    Set<Optional<StoreIdentity>> found = new HashSet<>();
    int states =
        forEveryCrash(
            SimulatedVolume::new,
            identity::write,
            after -> {
              found.add(StoreIdentity.read(after));
              Publication.removeLeftovers(after, "");
              assertThat(after.list("")).isSubsetOf("IDENTITY");
            });
    assertThat(found).containsExactlyInAnyOrder(Optional.empty(), Optional.of(identity));
    assertThat(states).isGreaterThan(5);
  }

  @Test
  void aCleanMarkIsReadBackAndRemoved() {
    assertThat(CleanMark.read(volume, STORE)).isEmpty();
    new CleanMark(41, 7).write(volume, STORE, 5);
    assertThat(CleanMark.read(volume, STORE)).contains(new CleanMark(41, 7));
    CleanMark.remove(volume);
    CleanMark.remove(volume);
    assertThat(CleanMark.read(volume.crash(CrashChoice.none()), STORE)).isEmpty();
  }

  @Test
  void theBytesOfACleanMarkAreTheseForEver() {
    StoreId store = new StoreId(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    new CleanMark(41, 7).write(volume, store, 5);
    assertThat(HexFormat.of().formatHex(volume.content("CLEAN")))
        .isEqualTo(
            "544944414c444231" // TIDALDB1
                + "0200" // clean mark
                + "0100" // version
                + "00000000" // flags
                + "000102030405060708090a0b0c0d0e0f" // store id
                + "0000000000000000" // first position
                + "0500000000000000" // created
                + "000000000000000000000000" // origin, rewrite count, reserved
                + "34741c1b" // CRC32C of the header
                + "2900000000000000" // last position
                + "0700000000000000" // newest generation
                + "49ec8cef"); // CRC32C of the two
  }

  @Test
  void anyFlippedBitOfACleanMarkIsDamage() {
    new CleanMark(41, 7).write(volume, STORE, 5);
    for (int bit = 0; bit < CleanMark.SIZE * 8; bit++) {
      volume.damage("CLEAN", bit / 8, 1 << bit % 8);
      assertThatThrownBy(() -> CleanMark.read(volume, STORE))
          .isInstanceOf(CorruptionException.class);
      volume.damage("CLEAN", bit / 8, 1 << bit % 8);
    }
    assertThat(CleanMark.read(volume, STORE)).isPresent();
    assertThatThrownBy(() -> CleanMark.read(volume, new StoreId(3, 4)))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("another store");
  }

  @Test
  void anyOtherSizeOfACleanMarkIsDamage() {
    new CleanMark(41, 7).write(volume, STORE, 5);
    try (VolumeFile file = volume.open("CLEAN", OpenMode.WRITE)) {
      file.truncate(CleanMark.SIZE + 1);
      for (int size = CleanMark.SIZE; size >= 0; size--) {
        assertThatThrownBy(() -> CleanMark.read(volume, STORE))
            .isInstanceOf(CorruptionException.class);
        file.truncate(size == CleanMark.SIZE ? size - 1 : size);
      }
    }
  }

  @Test
  void aPublicationShowsTheOldFileOrTheNewOne() {
    byte[] old = "old".repeat(50).getBytes(StandardCharsets.US_ASCII);
    byte[] fresh = "fresh".repeat(60).getBytes(StandardCharsets.US_ASCII);
    Set<Integer> sizes = new HashSet<>();
    forEveryCrash(
        () -> {
          SimulatedVolume disk = new SimulatedVolume(64);
          Publication.write(disk, "a", ByteBuffer.wrap(old));
          return disk;
        },
        disk -> Publication.write(disk, "a", ByteBuffer.wrap(fresh)),
        after -> {
          assertThat(after.content("a")).isIn(old, fresh);
          sizes.add(after.content("a").length);
          // The next attempt is not hindered by what this one left.
          Publication.write(after, "a", ByteBuffer.wrap(fresh));
          assertThat(after.crash(CrashChoice.none()).content("a")).isEqualTo(fresh);
        });
    assertThat(sizes).containsExactlyInAnyOrder(150, 300);
  }

  @Test
  void leftoversAreRemovedAndNothingElse() {
    volume.createDirectory("log");
    volume.open("log/next.tmp", OpenMode.CREATE).close();
    volume.open("log/a.seg", OpenMode.CREATE).close();
    volume.syncDirectory("");
    volume.syncDirectory("log");
    assertThat(Publication.removeLeftovers(volume, "log")).containsExactly("next.tmp");
    assertThat(Publication.removeLeftovers(volume, "log")).isEmpty();
    assertThat(volume.crash(CrashChoice.none()).list("log")).containsExactly("a.seg");
  }

  @Test
  void aRemovalIsDurable() {
    Publication.write(volume, "a", ByteBuffer.allocate(1));
    Publication.remove(volume, "a");
    Publication.remove(volume, "a");
    assertThat(volume.crash(CrashChoice.none()).exists("a")).isFalse();
  }

  private static int forEveryCrash(
      Supplier<SimulatedVolume> disks,
      Consumer<SimulatedVolume> scenario,
      Consumer<SimulatedVolume> check) {
    int states = 0;
    boolean crashed = true;
    for (long nth = 1; crashed; nth++) {
      SimulatedVolume disk = disks.get().crashAt(nth);
      crashed = false;
      try {
        scenario.accept(disk);
      } catch (SimulatedCrash e) {
        crashed = true;
      }
      for (var state : disk.crashStates(CrashPlan.of(nth)).toList()) {
        check.accept(state.volume());
        states++;
      }
    }
    return states;
  }
}
