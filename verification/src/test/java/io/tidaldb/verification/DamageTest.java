package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.testing.CrashChoice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One flipped bit anywhere in a closed store gives the right answer or a typed refusal, never
/// another answer.
final class DamageTest {

  private final long seed = Settings.seed();
  private final TreeMap<String, Integer> outcomes = new TreeMap<>();

  @TempDir private Path root;

  private interface Opening {
    TidalDb open();
  }

  /// Opens and compares; a damaged row may be met by the read only.
  private void rightOrReported(String what, String digest, Opening opening) {
    TidalDb db = null;
    try {
      db = opening.open();
      var actual = db.stateDigest();
      assertThat(actual)
          .as("seed=%d a wrong answer after damage: %s", seed, what)
          .isEqualTo(digest);
      outcomes.merge("right", 1, Integer::sum);
    } catch (CorruptionException reported) {
      assertThat(reported.file()).as(what).isNotBlank();
      assertThat(reported.expected()).as(what).isNotEqualTo(reported.actual());
      outcomes.merge("corruption", 1, Integer::sum);
    } catch (UnsupportedFormatException reported) {
      outcomes.merge("unsupported", 1, Integer::sum);
    } finally {
      if (db != null) {
        TestDoor.abandon(db);
      }
    }
  }

  private record Closed(SimulatedStore store, String digest) {}

  /// A store with sealed segments, two generations and a log tail, closed cleanly.
  private Closed closed() {
    var store = SimulatedStore.empty();
    var lane = new Lane(seed, 0);
    var db = store.open();
    for (int i = 0; i < 90; i++) {
      db.write(lane.next().writes());
      if (i % 25 == 24) {
        db.checkpoint();
      }
    }
    var digest = db.stateDigest();
    db.close();
    return new Closed(store, digest);
  }

  @Test
  void anyFlippedBitOfOurOwnFiles() {
    var closed = closed();
    var random = new SplittableRandom(seed);
    int flips = 0;
    for (var name : List.of("IDENTITY", "CLEAN", "log")) {
      for (var file : files(closed, name)) {
        int size = closed.store().volume().content(file).length;
        int step = Math.max(1, size / (Settings.isSlow() ? 4_096 : 160));
        for (int offset = 0; offset < size; offset += step) {
          int at = Math.min(size - 1, offset + random.nextInt(step));
          var left = closed.store().crash(CrashChoice.all(), 0);
          left.volume().damage(file, at, 1 << random.nextInt(8));
          flips++;
          rightOrReported(file + "@" + at, closed.digest(), left::open);
        }
      }
    }
    System.out.println("flipped bits of own files: " + flips + " " + outcomes + " seed=" + seed);
    assertThat(flips).isGreaterThan(300);
    assertThat(outcomes.getOrDefault("corruption", 0)).isPositive();
  }

  private static List<String> files(Closed closed, String name) {
    var volume = closed.store().volume().crash(CrashChoice.all());
    return name.equals("log")
        ? volume.list("log").stream().map(file -> "log/" + file).toList()
        : List.of(name);
  }

  @Test
  void anyFlippedBitOfASavedPage() {
    var closed = closed();
    var random = new SplittableRandom(seed);
    var entries =
        BackendText.entries(closed.store().lost(0)).stream()
            .filter(entry -> entry.keyspace() == Keyspace.SYSTEM && entry.value().length > 0)
            .toList();
    int flips = 0;
    for (var entry : entries) {
      for (int i = 0; i < (Settings.isSlow() ? 100 : 6); i++) {
        var backend = closed.store().lost(0);
        var value = entry.value().clone();
        int at = random.nextInt(value.length);
        value[at] ^= (byte) (1 << random.nextInt(8));
        backend.put(entry.keyspace(), entry.key(), value);
        flips++;
        rightOrReported(
            "page " + java.util.HexFormat.of().formatHex(entry.key()) + "@" + at,
            closed.digest(),
            () -> openWith(closed, backend));
      }
    }
    System.out.println("flipped bits of pages: " + flips + " " + outcomes + " seed=" + seed);
    assertThat(flips).isGreaterThan(100);
  }

  private static TidalDb openWith(Closed closed, InMemoryBackend backend) {
    return SimulatedStore.open(
        closed.store().volume().crash(CrashChoice.all()), backend, CrashInjector.NONE);
  }

  @Test
  void anyFlippedBitOfARealDirectory() throws IOException {
    var directory = root.resolve("db");
    var lane = new Lane(seed, 0);
    String digest;
    try (var db = KillChild.open(directory, CrashInjector.NONE)) {
      for (int i = 0; i < 400; i++) {
        db.write(lane.next().writes());
        if (i % 150 == 149) {
          db.checkpoint();
        }
      }
      digest = db.stateDigest();
    }
    var random = new SplittableRandom(seed);
    int flips = Settings.isSlow() ? 2_000 : 60;
    for (int i = 0; i < flips; i++) {
      var copy = Directories.copy(directory, root.resolve("copy"));
      var files = damageable(copy);
      var file = files.get(random.nextInt(files.size()));
      long at = flip(file, random);
      rightOrReported(
          copy.relativize(file) + "@" + at, digest, () -> KillChild.open(copy, CrashInjector.NONE));
    }
    System.out.println("flipped bits of a directory: " + flips + " " + outcomes + " seed=" + seed);
    assertThat(outcomes.getOrDefault("corruption", 0)).isPositive();
  }

  private static List<Path> damageable(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> files = new ArrayList<>();
      for (var path : walk.sorted().toList()) {
        var name = path.getFileName().toString();
        // Nothing is read from these: locks, notes for people.
        boolean skipped =
            name.equals("LOCK")
                || name.equals("OWNER")
                || name.equals("config.json")
                || name.startsWith("LOG")
                || name.startsWith("OPTIONS");
        if (Files.isRegularFile(path) && Files.size(path) > 0 && !skipped) {
          files.add(path);
        }
      }
      return files;
    }
  }

  private static long flip(Path path, SplittableRandom random) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      long at = random.nextLong(file.length());
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ (1 << random.nextInt(8)));
      return at;
    }
  }
}
