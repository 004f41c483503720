package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.disk.VolumeContract;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedVolumeTest extends VolumeContract {

  private final SimulatedVolume disk = new SimulatedVolume(4);

  @Override
  protected Volume emptyVolume() {
    return new SimulatedVolume(4);
  }

  @Test
  void whatIsNotSyncedMayBeLost() {
    durableFile("a", "old!");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("new!"), 0);
    }
    assertThat(disk.pendingUnits()).isEqualTo(1);
    assertThat(contents("a")).containsExactlyInAnyOrder("old!", "new!");
  }

  @Test
  void whatIsSyncedIsInEveryState() {
    durableFile("a", "old!");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("new!"), 0);
      file.sync(false);
    }
    assertThat(contents("a")).containsExactly("new!");
  }

  @Test
  void aWriteIsTornBetweenSectors() {
    durableFile("a", "aaaabbbb");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("AAAABBBB"), 0);
    }
    CrashPlan untorn = new CrashPlan(256, 0, true, 1);
    assertThat(contents("a", untorn))
        .containsExactlyInAnyOrder("aaaabbbb", "AAAAbbbb", "aaaaBBBB", "AAAABBBB");
  }

  @Test
  void aSeededChoiceMayTearInsideASector() {
    durableFile("a", "aaaa");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("AAAA"), 0);
    }
    assertThat(contents("a", new CrashPlan(256, 200, true, 1)))
        .containsExactlyInAnyOrder("aaaa", "Aaaa", "AAaa", "AAAa", "AAAA");
  }

  @Test
  void aGrownFileMayHaveZerosOrGarbageWhereASectorWasLost() {
    durableFile("a", "aaaa");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("BBBB"), 4);
    }
    List<String> zeros = contents("a", new CrashPlan(256, 0, false, 1));
    assertThat(zeros).containsExactlyInAnyOrder("aaaa", "aaaaBBBB", "aaaa\0\0\0\0");
    List<String> garbage = contents("a", new CrashPlan(256, 0, true, 1));
    assertThat(garbage).hasSize(4).containsAll(zeros).allMatch(text -> text.startsWith("aaaa"));
  }

  @Test
  void aSyncOfTheFileDoesNotMakeItsNameDurable() {
    try (VolumeFile file = disk.open("a", OpenMode.CREATE)) {
      file.write(ascii("data"), 0);
      file.sync(true);
    }
    assertThat(disk.crash(CrashChoice.none()).exists("a")).isFalse();
    assertThat(disk.crash(CrashChoice.all()).content("a")).asString().isEqualTo("data");
  }

  @Test
  void aNameMayOutliveItsContent() {
    try (VolumeFile file = disk.open("a", OpenMode.CREATE)) {
      file.write(ascii("data"), 0);
    }
    disk.syncDirectory("");
    assertThat(disk.crash(CrashChoice.none()).content("a")).isEmpty();
  }

  @Test
  void renamesAndDeletesAreUnitsOfTheirOwn() {
    durableFile("a", "A");
    durableFile("b", "B");
    disk.rename("a", "c");
    disk.delete("b");
    assertThat(listings())
        .containsExactlyInAnyOrder(Set.of("a", "b"), Set.of("c", "b"), Set.of("a"), Set.of("c"));
    disk.syncDirectory("");
    assertThat(listings()).containsExactly(Set.of("c"));
  }

  @Test
  void aRenameReplacesAtomically() {
    durableFile("a", "old");
    durableFile("a.tmp", "new");
    disk.rename("a.tmp", "a");
    assertThat(contents("a")).containsExactlyInAnyOrder("old", "new");
  }

  @Test
  void aFileInALostDirectoryIsLost() {
    disk.createDirectory("log");
    try (VolumeFile file = disk.open("log/a", OpenMode.CREATE)) {
      file.sync(true);
    }
    disk.syncDirectory("log");
    assertThat(disk.crash(CrashChoice.none()).list("")).isEmpty();
  }

  @Test
  void aTruncateIsAUnit() {
    durableFile("a", "aaaabbbb");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.truncate(4);
    }
    assertThat(contents("a")).containsExactlyInAnyOrder("aaaabbbb", "aaaa");
  }

  @Test
  void whatNoStateCanNameIsNotCounted() {
    durableFile("a", "aaaa");
    disk.delete("a");
    disk.syncDirectory("");
    try (VolumeFile file = disk.open("b", OpenMode.CREATE)) {
      file.write(ascii("bbbb"), 0);
      disk.delete("b");
      disk.syncDirectory("");
      file.write(ascii("cccc"), 0);
    }
    assertThat(disk.pendingUnits()).isZero();
  }

  @Test
  void manyUnitsGivePrefixesOmissionsInclusionsAndRandomSubsets() {
    durableFile("a", "a".repeat(400));
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("A".repeat(400)), 0);
    }
    assertThat(disk.pendingUnits()).isEqualTo(100);
    // 101 prefixes, 100 omissions and 100 inclusions; the longest omission and the first inclusion
    // are prefixes.
    assertThat(disk.crashStates(new CrashPlan(256, 0, false, 1))).hasSize(299);
    assertThat(disk.crashStates(new CrashPlan(256, 50, false, 1)).count()).isGreaterThan(340);
  }

  @Test
  void everyStateIsGivenOnce() {
    durableFile("a", "aaaa");
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      for (int i = 0; i < 5; i++) {
        file.write(ascii("AAAA"), 0);
      }
    }
    assertThat(disk.crashStates(new CrashPlan(256, 0, true, 1))).hasSize(2);
  }

  @Test
  void theSameSeedGivesTheSameState() {
    durableFile("a", "a".repeat(100));
    try (VolumeFile file = disk.open("a", OpenMode.WRITE)) {
      file.write(ascii("A".repeat(200)), 0);
    }
    Set<String> hashes = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      String hash = disk.crash(CrashChoice.seeded(seed)).contentHash();
      assertThat(disk.crash(CrashChoice.seeded(seed)).contentHash()).isEqualTo(hash);
      hashes.add(hash);
    }
    assertThat(hashes).hasSizeGreaterThan(10);
  }

  @Test
  void theWorldStopsAtTheChosenOperation() {
    disk.crashAt(3);
    VolumeFile file = disk.open("a", OpenMode.CREATE);
    file.write(ascii("1"), 0);
    assertThatThrownBy(() -> file.write(ascii("2"), 1)).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> file.sync(false)).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> disk.exists("a")).isInstanceOf(SimulatedCrash.class);
    file.close();
    assertThat(disk.operations()).isEqualTo(3);
    assertThat(disk.stopped()).isTrue();
    assertThat(disk.crash(CrashChoice.all()).content("a")).asString().isEqualTo("1");
  }

  @Test
  void aStateIsADiskThatWorks() {
    durableFile("a", "aaaa");
    SimulatedVolume after = disk.crash(CrashChoice.none());
    try (VolumeFile file = after.open("a", OpenMode.WRITE)) {
      file.write(ascii("BBBB"), 0);
    }
    assertThat(after.crash(CrashChoice.none()).content("a")).asString().isEqualTo("aaaa");
    assertThat(after.crash(CrashChoice.all()).content("a")).asString().isEqualTo("BBBB");
  }

  @Test
  void aFullDiskTakesNothing() {
    disk.capacity(6);
    VolumeFile file = disk.open("a", OpenMode.CREATE);
    file.write(ascii("1234"), 0);
    ByteBuffer tooMuch = ascii("567");
    assertThatThrownBy(() -> file.write(tooMuch, 4))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_WRITTEN));
    assertThat(tooMuch.remaining()).isEqualTo(3);
    assertThat(disk.usableBytes()).isEqualTo(2);
    assertThat(file.size()).isEqualTo(4);
  }

  @Test
  void damageFlipsBits() {
    durableFile("a", "aaaa");
    disk.damage("a", 1, 0x02);
    assertThat(disk.content("a")).asString().isEqualTo("acaa");
    assertThat(disk.crash(CrashChoice.none()).content("a")).asString().isEqualTo("acaa");
  }

  private void durableFile(String name, String text) {
    try (VolumeFile file = disk.open(name, OpenMode.CREATE)) {
      file.write(ascii(text), 0);
      file.sync(true);
    }
    disk.syncDirectory("");
  }

  private List<String> contents(String name) {
    return contents(name, new CrashPlan(256, 0, true, 1));
  }

  private List<String> contents(String name, CrashPlan plan) {
    return disk.crashStates(plan)
        .map(state -> new String(state.volume().content(name), StandardCharsets.ISO_8859_1))
        .toList();
  }

  private List<Set<String>> listings() {
    return disk.crashStates(CrashPlan.of(1))
        .map(state -> state.volume().list("").stream().collect(Collectors.toSet()))
        .toList();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
