package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Schema;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The same work in three lives that end differently, and the same look at what is left of each.
///
/// After every ending: the look holds, `verify` finds nothing, and opening once more changes
/// nothing. The three leave equal state digests. A look may write: it looks at each copy once.
public final class Endings {

  /// What is done to a database before the end. Serializable, because a child process does it too:
  /// a lambda of a static kind.
  @FunctionalInterface
  public interface Work extends Serializable {
    /// Does it.
    void on(TidalDb db);
  }

  /// What must hold after reopening.
  @FunctionalInterface
  public interface Look {
    /// Throws if it does not.
    void at(TidalDb db);
  }

  private final Schema schema;
  private final Work work;
  private final Look look;

  private Endings(Schema schema, Work work, Look look) {
    this.schema = schema;
    this.work = work;
    this.look = look;
  }

  /// Does the work three times, ends differently, looks.
  public static void forEachEnding(Schema schema, Work work, Look look) {
    var endings = new Endings(schema, work, look);
    Map<Ending, String> digests = new EnumMap<>(Ending.class);
    for (var ending : Ending.values()) {
      digests.put(ending, endings.run(ending));
    }
    assertThat(digests.values())
        .as("state digests of %s", digests)
        .containsOnly(digests.get(Ending.CLOSE));
  }

  /// Does the work once, ends so, looks; the state digest.
  public static String after(Ending ending, Schema schema, Work work, Look look) {
    return new Endings(schema, work, look).run(ending);
  }

  private String run(Ending ending) {
    try {
      return switch (ending) {
        case CLOSE -> inDirectory(this::close);
        case CRASH -> crash();
        case KILL -> inDirectory(this::kill);
      };
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError("after " + ending + ": " + failed.getMessage(), failed);
    }
  }

  /// A database as parent and child open it: the clock stands still, so that equal work gives equal
  /// state.
  static TidalDb open(Path directory, Schema schema) {
    return TidalDb.builder()
        .dataDirectory(directory)
        .schema(schema)
        .clock(new ManualClock())
        .checkpointInterval(Duration.ofHours(1))
        .open();
  }

  private String close(Path root) {
    var directory = root.resolve("db");
    try (var db = open(directory, schema)) {
      work.on(db);
    }
    return lookTwice(directory);
  }

  private String kill(Path root) {
    var directory = root.resolve("db");
    EndedChild.run(directory, root, schema, work);
    var copy = copy(directory, root.resolve("copy"));
    assertThat(TidalDb.inspect(copy).verify(false).findings()).isEmpty();
    var digest = lookTwice(copy);
    assertThat(lookTwice(directory)).as("digest of the original and its copy").isEqualTo(digest);
    return digest;
  }

  private String lookTwice(Path directory) {
    String left;
    String looked;
    try (var db = open(directory, schema)) {
      left = db.stateDigest();
      look(db);
      looked = db.stateDigest();
    }
    try (var again = open(directory, schema)) {
      assertThat(again.recovery().eventsReplayed()).as("a clean close leaves nothing").isZero();
      assertThat(again.stateDigest()).as("digest of the second open").isEqualTo(looked);
    }
    return left;
  }

  private void look(TidalDb db) {
    assertThat(db.recovery().warnings())
        .as("no ending damages a generation")
        .noneMatch(warning -> warning.contains("generation refused"));
    look.at(db);
    assertThat(db.verify(true).findings()).isEmpty();
    var _ = db.healthCheck();
  }

  private String crash() {
    var store = TestStore.empty();
    var live = store.open(schema, new ManualClock());
    try {
      work.on(live);
    } finally {
      TestDoor.abandon(live);
    }
    String digest = null;
    for (var choice : List.of(CrashChoice.none(), CrashChoice.all(), CrashChoice.seeded(7))) {
      for (double lost : new double[] {0, 0.5, 1}) {
        var left = store.crash(choice, lost);
        var found = lookAfterCrash(left, choice + " lost=" + lost);
        assertThat(found).as("%s lost=%s", choice, lost).isEqualTo(digest == null ? found : digest);
        digest = found;
      }
    }
    return digest;
  }

  private String lookAfterCrash(TestStore left, String what) {
    var db = left.open(schema, new ManualClock());
    String found;
    String looked;
    try {
      found = db.stateDigest();
      look(db);
      looked = db.stateDigest();
    } catch (AssertionError failed) {
      throw new AssertionError(what, failed);
    } finally {
      TestDoor.abandon(db);
    }
    var again = left.crash(CrashChoice.none(), 1).open(schema, new ManualClock());
    try {
      assertThat(again.stateDigest()).as("second open, %s", what).isEqualTo(looked);
    } finally {
      TestDoor.abandon(again);
    }
    return found;
  }

  private interface InDirectory {
    String run(Path root) throws IOException;
  }

  private static String inDirectory(InDirectory life) {
    try {
      var root = Files.createTempDirectory("tidaldb-ending");
      try {
        return life.run(root);
      } finally {
        delete(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copy(Path from, Path to) {
    try (var paths = Files.walk(from)) {
      for (var path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
