package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The matrix: random sequences over all surfaces, the world stopping at a random arrival at each
/// of the eight points, and everything compared after every reopening.
///
/// Usually twenty sequences and one kill per point; with `-Pslow` at least a thousand that count in
/// every cell, and more than a thousand kills, with a report in `target`.
final class MatrixSimulation {

  private static final int CHUNK = 20;
  private static final int CHUNKS_MAX = 200;

  @TempDir private Path root;

  private final long seed = Settings.seed();

  @Test
  void everySurfaceHoldsAfterACrashAtEveryPoint() throws IOException {
    long began = System.nanoTime();
    int floor = Settings.isSlow() ? 1_000 : 20;
    var tally = new MatrixTally();
    int recoveries = 0;
    for (var point : CrashPoint.values()) {
      for (int chunk = 0; chunk < CHUNKS_MAX && !isEnough(tally, point, floor); chunk++) {
        for (var run : chunk(point, chunk)) {
          tally.add(point, run.fired(), run.interruptedSurfaces());
          recoveries += run.recoveries();
        }
      }
    }
    report("crashes", tally, "seed=" + seed + " recoveries=" + recoveries, began);
    for (var point : CrashPoint.values()) {
      assertThat(tally.fired(point)).as("fired at %s", point).isGreaterThanOrEqualTo(floor);
      assertThat(tally.least(point))
          .as("least cell of %s\n%s", point, tally.table())
          .isGreaterThanOrEqualTo(Settings.isSlow() ? floor : 1);
    }
    assertThat(recoveries).as("crashes during recovery").isGreaterThan(floor);
  }

  private static boolean isEnough(MatrixTally tally, CrashPoint point, int floor) {
    return tally.fired(point) >= floor && tally.least(point) >= (Settings.isSlow() ? floor : 1);
  }

  /// Sequences side by side; each is its own store, and knows its seed.
  private List<MatrixRun> chunk(CrashPoint point, int chunk) {
    return LongStream.range(0, CHUNK)
        .parallel()
        .mapToObj(
            i -> {
              long own = MatrixRun.seed(seed + chunk * (long) CHUNK + i, point);
              var run = new MatrixRun(point, own);
              run.run((int) (i % 4 == 0 ? 2 : i % 2));
              return run;
            })
        .toList();
  }

  @Test
  void everySurfaceHoldsAfterAKillAtEveryPoint() throws IOException, InterruptedException {
    long began = System.nanoTime();
    int each = Settings.isSlow() ? 128 : 1;
    Map<CrashPoint, Integer> killed = new EnumMap<>(CrashPoint.class);
    List<Optional<CrashPoint>> places = new ArrayList<>();
    Arrays.stream(CrashPoint.values()).map(Optional::of).forEach(places::add);
    int kills = 0;
    for (var place : places) {
      int tries = 0;
      for (int done = 0; done < each; tries++) {
        assertThat(tries).as("tries at %s", place).isLessThan(each * 3 + 5);
        if (kill(place, tries)) {
          done++;
          kills++;
          killed.merge(place.orElseThrow(), 1, Integer::sum);
        }
      }
    }
    for (int i = 0; i < (Settings.isSlow() ? 64 : 1); i++) {
      kills += kill(Optional.empty(), i) ? 1 : 0;
    }
    System.out.println(
        "matrix, kills: seed="
            + seed
            + " kills="
            + kills
            + " atPoints="
            + killed
            + " seconds="
            + (System.nanoTime() - began) / 1_000_000_000);
    assertThat(killed).hasSize(CrashPoint.values().length);
    assertThat(kills).isGreaterThanOrEqualTo(each * CrashPoint.values().length);
  }

  private boolean kill(Optional<CrashPoint> place, int number)
      throws IOException, InterruptedException {
    long own = (seed + number) * 16 + place.map(Enum::ordinal).orElse(9);
    var directory = Files.createDirectory(root.resolve(place.map(Enum::name).orElse("KILL") + own));
    return new MatrixKill(directory, place, own).run();
  }

  private static void report(String what, MatrixTally tally, String facts, long began)
      throws IOException {
    long seconds = (System.nanoTime() - began) / 1_000_000_000;
    var text = "matrix, " + what + ": " + facts + " seconds=" + seconds + "\n\n" + tally.table();
    System.out.println(text);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "matrix-" + what + ".md"), text);
  }
}
