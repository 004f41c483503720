package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.schema.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every volume must do, real or simulated.
public abstract class VolumeContract {

  protected Volume volume;

  /// An empty volume.
  protected abstract Volume emptyVolume() throws Exception;

  @BeforeEach
  void makeVolume() throws Exception {
    volume = emptyVolume();
  }

  @Test
  void whatWasWrittenIsRead() {
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(bytes("high water"), 0);
      file.write(bytes("tide"), 5);
      file.sync(false);
      assertThat(file.size()).isEqualTo(10);
      assertThat(text(file, 0, 100)).isEqualTo("high tider");
      assertThat(text(file, 5, 4)).isEqualTo("tide");
    }
    try (VolumeFile file = volume.open("a", OpenMode.READ)) {
      assertThat(text(file, 0, 4)).isEqualTo("high");
    }
  }

  @Test
  void readingAtTheEndGivesNothing() {
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(bytes("abc"), 0);
      assertThat(file.read(ByteBuffer.allocate(4), 3)).isZero();
      assertThat(file.read(ByteBuffer.allocate(4), 1000)).isZero();
      assertThat(file.read(ByteBuffer.allocate(4), 2)).isEqualTo(1);
    }
  }

  @Test
  void aWriteBehindTheEndLeavesZerosBetween() {
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(bytes("x"), 0);
      file.write(bytes("y"), 3);
      assertThat(text(file, 0, 10)).isEqualTo("x\0\0y");
    }
  }

  @Test
  void truncateCutsAndExtendsWithZeros() {
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(bytes("abcdef"), 0);
      file.truncate(2);
      assertThat(file.size()).isEqualTo(2);
      file.truncate(4);
      assertThat(text(file, 0, 10)).isEqualTo("ab\0\0");
      file.truncate(4);
      assertThat(file.size()).isEqualTo(4);
      file.truncate(0);
      assertThat(file.size()).isZero();
    }
  }

  @Test
  void directBuffersAndSlicesWork() {
    ByteBuffer direct = ByteBuffer.allocateDirect(16).put(bytes("..tide..")).flip();
    direct.position(2).limit(6);
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(direct, 0);
      assertThat(direct.hasRemaining()).isFalse();
      ByteBuffer target = ByteBuffer.allocateDirect(8).position(1).limit(3);
      assertThat(file.read(target, 1)).isEqualTo(2);
      assertThat(target.position()).isEqualTo(3);
      assertThat(target.get(1)).isEqualTo((byte) 'i');
    }
  }

  @Test
  void createRefusesWhatExistsAndTheOthersWhatDoesNot() {
    volume.open("a", OpenMode.CREATE).close();
    assertStorage(() -> volume.open("a", OpenMode.CREATE));
    assertStorage(() -> volume.open("b", OpenMode.READ));
    assertStorage(() -> volume.open("b", OpenMode.WRITE));
    assertStorage(() -> volume.open("missing/b", OpenMode.CREATE));
    assertThat(volume.exists("b")).isFalse();
  }

  @Test
  void aDirectoryIsNoFile() {
    volume.createDirectory("log");
    assertStorage(() -> volume.open("log", OpenMode.READ));
    assertStorage(() -> volume.open("log", OpenMode.WRITE));
    assertStorage(() -> volume.open("log", OpenMode.CREATE));
    assertStorage(() -> volume.delete("log"));
  }

  @Test
  void aFileIsNoDirectory() {
    write("a", "1");
    assertStorage(() -> volume.createDirectory("a"));
    assertStorage(() -> volume.syncDirectory("a"));
    assertStorage(() -> volume.list("a"));
  }

  @Test
  void renameReplaces() {
    write("a", "new");
    write("b", "old");
    volume.rename("a", "b");
    assertThat(volume.exists("a")).isFalse();
    assertThat(read("b")).isEqualTo("new");
  }

  @Test
  void renameRefusesWhatIsNotThereAndDirectories() {
    volume.createDirectory("log");
    write("a", "1");
    assertStorage(() -> volume.rename("missing", "b"));
    assertStorage(() -> volume.rename("a", "log"));
    assertStorage(() -> volume.rename("a", "missing/a"));
    assertThat(read("a")).isEqualTo("1");
  }

  @Test
  void renameMovesBetweenDirectories() {
    volume.createDirectory("log");
    write("a", "1");
    volume.rename("a", "log/a");
    assertThat(read("log/a")).isEqualTo("1");
  }

  @Test
  void anOpenFileOutlivesItsName() {
    try (VolumeFile file = volume.open("a", OpenMode.CREATE)) {
      file.write(bytes("one"), 0);
      volume.rename("a", "b");
      file.write(bytes("two"), 3);
      assertThat(read("b")).isEqualTo("onetwo");
      volume.delete("b");
      assertThat(text(file, 0, 10)).isEqualTo("onetwo");
    }
    assertThat(volume.exists("b")).isFalse();
  }

  @Test
  void deletingWhatIsAbsentIsNoError() {
    volume.delete("a");
    write("a", "1");
    volume.delete("a");
    assertThat(volume.exists("a")).isFalse();
  }

  @Test
  void listIsSortedAndOfOneLevel() {
    volume.createDirectory("log/deep");
    write("b", "1");
    write("a", "1");
    write("log/c", "1");
    assertThat(volume.list("")).containsExactly("a", "b", "log");
    assertThat(volume.list("log")).containsExactly("c", "deep");
    assertThat(volume.list("missing")).isEmpty();
  }

  @Test
  void createDirectoryTwiceIsNoError() {
    volume.createDirectory("log/deep");
    volume.createDirectory("log/deep");
    volume.createDirectory("log");
    assertThat(volume.exists("log/deep")).isTrue();
    assertThat(volume.exists("")).isTrue();
  }

  @Test
  void directoriesAreSynced() {
    volume.createDirectory("log");
    volume.syncDirectory("");
    volume.syncDirectory("log");
    assertStorage(() -> volume.syncDirectory("missing"));
  }

  @Test
  void aFileForReadingRefusesChanges() {
    write("a", "1");
    try (VolumeFile file = volume.open("a", OpenMode.READ)) {
      assertThatIllegalStateException().isThrownBy(() -> file.write(bytes("2"), 0));
      assertThatIllegalStateException().isThrownBy(() -> file.truncate(0));
      assertThatIllegalStateException().isThrownBy(() -> file.sync(true));
    }
    assertThat(read("a")).isEqualTo("1");
  }

  @Test
  void aClosedFileRefusesEverythingButClose() {
    VolumeFile file = volume.open("a", OpenMode.CREATE);
    file.close();
    file.close();
    assertThatIllegalStateException().isThrownBy(() -> file.write(bytes("2"), 0));
    assertThatIllegalStateException().isThrownBy(() -> file.read(ByteBuffer.allocate(1), 0));
    assertThatIllegalStateException().isThrownBy(file::size);
    assertThatIllegalStateException().isThrownBy(() -> file.sync(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "../a", "a/../b", "/a", "a/", "a//b", "./a", "a\\b", "a\0b", "a\nb", "c:a"
      })
  void aNameMustStayInside(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> volume.open(name, OpenMode.CREATE).close());
    assertThatIllegalArgumentException().isThrownBy(() -> volume.rename(name, "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> volume.rename("b", name));
    assertThatIllegalArgumentException().isThrownBy(() -> volume.delete(name));
    if (!name.isEmpty()) {
      assertThatIllegalArgumentException().isThrownBy(() -> volume.list(name));
      assertThatIllegalArgumentException().isThrownBy(() -> volume.createDirectory(name));
      assertThatIllegalArgumentException().isThrownBy(() -> volume.syncDirectory(name));
      assertThatIllegalArgumentException().isThrownBy(() -> volume.exists(name));
    }
  }

  @Test
  void thereIsSpace() {
    assertThat(volume.usableBytes()).isPositive();
  }

  @Test
  void aRefusalNamesThePlace() {
    assertThatThrownBy(() -> volume.open("missing", OpenMode.READ))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.path()).isEqualTo(volume.describe("missing")).endsWith("missing");
              assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_WRITTEN);
              assertThat(e).hasMessageContaining("operation=open");
            });
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  void write(String name, String content) {
    try (VolumeFile file = volume.open(name, OpenMode.CREATE)) {
      file.write(bytes(content), 0);
    }
  }

  String read(String name) {
    try (VolumeFile file = volume.open(name, OpenMode.READ)) {
      return text(file, 0, (int) file.size());
    }
  }

  private static String text(VolumeFile file, long offset, int count) {
    ByteBuffer target = ByteBuffer.allocate(count);
    int read = file.read(target, offset);
    return new String(target.array(), 0, read, StandardCharsets.US_ASCII);
  }

  private static void assertStorage(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StorageException.class);
  }
}
