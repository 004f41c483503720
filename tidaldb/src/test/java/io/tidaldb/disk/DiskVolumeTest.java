package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskVolumeTest extends VolumeContract {

  @TempDir Path directory;

  @Override
  protected Volume emptyVolume() throws IOException {
    return DiskVolume.open(Files.createDirectory(directory.resolve("root")));
  }

  @Test
  void thisPlatformSyncsDirectories() {
    ((DiskVolume) volume).checkDirectorySync();
  }

  @Test
  void aDirectoryThatCannotBeSyncedIsReported() throws IOException {
    DiskVolume disk = (DiskVolume) volume;
    Files.delete(disk.root());
    assertThatThrownBy(disk::checkDirectorySync).isInstanceOf(StorageException.class);
  }

  @Test
  void theRootMustBeADirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DiskVolume.open(file)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> DiskVolume.open(directory.resolve("missing")))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void theRootMayBeReachedThroughALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("root"));
    write("a", "1");
    assertThat(DiskVolume.open(link).list("")).containsExactly("a");
  }

  @Test
  void linksInsideAreNotFollowed() throws IOException {
    Path root = directory.resolve("root");
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "s");
    Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
    Files.createSymbolicLink(root.resolve("log"), outside);
    for (OpenMode mode : OpenMode.values()) {
      assertThatThrownBy(() -> volume.open("file", mode)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> volume.open("log/secret", mode))
          .isInstanceOf(StorageException.class);
    }
    assertThatThrownBy(() -> volume.delete("log/secret")).isInstanceOf(StorageException.class);
    assertThat(outside.resolve("secret")).hasContent("s");
  }

  @Test
  void filesAndDirectoriesAreForTheirOwnerOnly() throws IOException {
    Path root = directory.resolve("root");
    volume.createDirectory("log/deep");
    write("log/deep/a", "1");
    assertThat(permissions(root.resolve("log"))).isEqualTo("rwx------");
    assertThat(permissions(root.resolve("log/deep"))).isEqualTo("rwx------");
    assertThat(permissions(root.resolve("log/deep/a"))).isEqualTo("rw-------");
  }

  @Test
  void aReadOnlyVolumeReadsAndRefusesEveryChange() throws IOException {
    write("a", "1");
    DiskVolume reader = DiskVolume.readOnly(directory.resolve("root"));
    try (VolumeFile file = reader.open("a", OpenMode.READ)) {
      assertThat(file.size()).isEqualTo(1);
    }
    assertThatIllegalStateException().isThrownBy(() -> reader.open("a", OpenMode.WRITE));
    assertThatIllegalStateException().isThrownBy(() -> reader.open("b", OpenMode.CREATE));
    assertThatIllegalStateException().isThrownBy(() -> reader.rename("a", "b"));
    assertThatIllegalStateException().isThrownBy(() -> reader.delete("a"));
    assertThatIllegalStateException().isThrownBy(() -> reader.createDirectory("log"));
    assertThatIllegalStateException().isThrownBy(() -> reader.syncDirectory(""));
    assertThatIllegalStateException().isThrownBy(reader::checkDirectorySync);
    assertThat(reader.list("")).containsExactly("a");
  }

  @Test
  void onlyAFullDiskThatTookNothingHasWrittenNothing() {
    assertThat(NoSpace.outcome(new IOException("No space left on device")))
        .isEqualTo(Outcome.NOT_WRITTEN);
    assertThat(NoSpace.outcome(new IOException("Disk quota exceeded")))
        .isEqualTo(Outcome.NOT_WRITTEN);
    assertThat(NoSpace.outcome(new IOException("Input/output error"))).isEqualTo(Outcome.UNKNOWN);
    assertThat(NoSpace.outcome(new IOException())).isEqualTo(Outcome.UNKNOWN);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
