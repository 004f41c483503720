package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LockedException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryLockTest {

  private static final InstantSource CLOCK = new ManualClock();

  @TempDir Path parent;
  private Path directory;

  @BeforeEach
  void nameDirectory() {
    directory = parent.resolve("data");
  }

  @Test
  void aDirectoryIsMadeAndLocked() throws IOException {
    try (DirectoryLock lock = DirectoryLock.exclusive(directory, CLOCK)) {
      assertThat(lock.directory()).isEqualTo(directory.toRealPath());
      assertThat(directory.resolve("LOCK")).isEmptyFile();
      assertThat(directory.resolve("OWNER"))
          .content()
          .startsWith("pid=" + ProcessHandle.current().pid() + " host=")
          .endsWith("started=2026-01-01T00:00:00Z\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aSecondHolderInThisProcessIsRefusedUnderAnyPath() throws IOException {
    Path link = parent.resolve("link");
    try (DirectoryLock lock = DirectoryLock.exclusive(directory, CLOCK)) {
      Files.createSymbolicLink(link, directory);
      for (Path path : new Path[] {directory, link, parent.resolve("data/../data")}) {
        assertThatThrownBy(() -> DirectoryLock.exclusive(path, CLOCK))
            .isInstanceOfSatisfying(
                LockedException.class,
                e -> assertThat(e.owner()).contains("pid=" + ProcessHandle.current().pid()));
      }
      assertThat(otherProcess("try")).isEqualTo("locked");
      assertThat(lock.directory()).isEqualTo(directory.toRealPath());
    }
    assertThat(otherProcess("try")).isEqualTo("taken");
    DirectoryLock.exclusive(link, CLOCK).close();
  }

  @Test
  void closingTwiceDoesNotTakeTheLockFromTheNextHolder() throws IOException {
    DirectoryLock first = DirectoryLock.exclusive(directory, CLOCK);
    first.close();
    try (DirectoryLock second = DirectoryLock.exclusive(directory, CLOCK)) {
      first.close();
      assertThat(otherProcess("try")).isEqualTo("locked");
      assertThatThrownBy(() -> DirectoryLock.exclusive(second.directory(), CLOCK))
          .isInstanceOf(LockedException.class);
    }
  }

  @Test
  void aSecondProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
    Process child = start("hold");
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("taken");
      assertThatThrownBy(() -> DirectoryLock.exclusive(directory, CLOCK))
          .isInstanceOfSatisfying(
              LockedException.class,
              e -> assertThat(e.owner()).contains("pid=" + child.pid() + " "));
      child.toHandle().destroyForcibly();
      assertThat(child.waitFor()).isEqualTo(137);
    }
    assertThat(directory.resolve("LOCK")).exists();
    DirectoryLock.exclusive(directory, CLOCK).close();
  }

  @Test
  void readersShareAndExcludeTheWriter() throws IOException {
    makeStore();
    try (DirectoryLock first = DirectoryLock.shared(directory)) {
      DirectoryLock.shared(directory).close();
      assertThatThrownBy(() -> DirectoryLock.exclusive(directory, CLOCK))
          .isInstanceOfSatisfying(
              LockedException.class, e -> assertThat(e.owner()).startsWith("a reader"));
      // The reader that closed has not dropped the lock of the one that stays.
      assertThat(otherProcess("try")).isEqualTo("locked");
      assertThat(otherProcess("read")).isEqualTo("taken");
      assertThat(first.directory()).isEqualTo(directory.toRealPath());
    }
    assertThat(otherProcess("try")).isEqualTo("taken");
  }

  @Test
  void aReaderIsRefusedWhileSomeoneWrites() throws Exception {
    makeStore();
    try (DirectoryLock lock = DirectoryLock.exclusive(directory, CLOCK)) {
      assertThatThrownBy(() -> DirectoryLock.shared(lock.directory()))
          .isInstanceOf(LockedException.class);
      assertThat(otherProcess("read")).isEqualTo("locked");
      // Being asked has not dropped it.
      assertThat(otherProcess("try")).isEqualTo("locked");
    }
  }

  @Test
  void aReaderInAnotherProcessIsNamedAsOne() throws Exception {
    makeStore();
    Process child = start("hold-reading");
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("taken");
      assertThatThrownBy(() -> DirectoryLock.exclusive(directory, CLOCK))
          .isInstanceOfSatisfying(
              LockedException.class,
              e -> assertThat(e.owner()).isEqualTo("a reader in another process"));
      DirectoryLock.shared(directory).close();
    } finally {
      child.toHandle().destroyForcibly();
    }
  }

  @Test
  void aReaderLeavesEverythingAsItWas() throws IOException {
    makeStore();
    Map<String, FileTime> before = times();
    DirectoryLock.shared(directory).close();
    assertThat(times()).isEqualTo(before);
    Files.delete(directory.resolve("LOCK"));
    before = times();
    DirectoryLock.shared(directory).close();
    assertThat(times()).isEqualTo(before);
  }

  @Test
  void whatCannotBeADataDirectoryIsRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "x");
    assertRefused(file, "is a file");
    assertRefused(file.resolve("data"), "parent");
    assertRefused(parent.resolve("missing/data"), "parent");
    Path foreign = Files.createDirectory(parent.resolve("foreign"));
    Files.writeString(foreign.resolve("photo.jpg"), "x");
    assertRefused(foreign, "photo.jpg");
    assertThat(foreign.toFile().list()).containsExactly("photo.jpg");
    assertThat(parent.toFile().list()).containsExactlyInAnyOrder("file", "foreign");
  }

  @Test
  void aReaderNeedsAStore() throws IOException {
    assertThatThrownBy(() -> DirectoryLock.shared(directory))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("does not exist");
    Files.createDirectory(directory);
    assertThatThrownBy(() -> DirectoryLock.shared(directory))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no store");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aMissingPermissionIsRefused() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeThat(Files.isWritable(parent)).as("the superuser may do everything").isFalse();
      assertRefused(directory, "cannot be made");
    } finally {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void whatAFirstOpenLeftBehindIsTaken() throws IOException {
    DirectoryLock.exclusive(directory, CLOCK).close();
    Files.createFile(directory.resolve("IDENTITY.tmp"));
    DirectoryLock.exclusive(directory, CLOCK).close();
  }

  @Test
  void anOwnerTextCannotForgeALine() throws Exception {
    Process child = start("hold");
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("taken");
      Files.writeString(directory.resolve("OWNER"), "a\nERROR b");
      assertThatThrownBy(() -> DirectoryLock.exclusive(directory, CLOCK))
          .isInstanceOfSatisfying(
              LockedException.class, e -> assertThat(e.owner()).isEqualTo("a?ERROR b"));
    } finally {
      child.toHandle().destroyForcibly();
    }
  }

  private void assertRefused(Path path, String why) {
    assertThatThrownBy(() -> DirectoryLock.exclusive(path, CLOCK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(why);
  }

  private void makeStore() {
    try (DirectoryLock lock = DirectoryLock.exclusive(directory, CLOCK)) {
      StoreIdentity.create(Timestamp.now(CLOCK)).write(DiskVolume.open(lock.directory()));
    }
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        times.put(path.toString(), Files.getLastModifiedTime(path));
      }
    }
    return times;
  }

  private String otherProcess(String what) throws IOException {
    Process child = start(what);
    try (BufferedReader lines = child.inputReader()) {
      String first = String.valueOf(lines.readLine());
      // It speaks while it holds the lock: what follows must wait until it has let go.
      child.onExit().orTimeout(60, TimeUnit.SECONDS).join();
      return first;
    }
  }

  private Process start(String what) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LockChild.class.getName(),
            what,
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// The other process: takes the lock, says so, and holds it until it is killed or its input ends.
  static final class LockChild {

    private LockChild() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[1]);
      boolean reads = arguments[0].contains("read");
      try (DirectoryLock lock =
          reads
              ? DirectoryLock.shared(directory)
              : DirectoryLock.exclusive(directory, InstantSource.system())) {
        System.out.println("taken");
        if (arguments[0].startsWith("hold") && System.in.read() < 0) {
          System.out.println("released " + lock.directory());
        }
      } catch (LockedException e) {
        System.out.println("locked");
      }
    }
  }
}
