package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.testing.EndedChild;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Scripts;
import io.tidaldb.testing.Step;
import io.tidaldb.testing.StepText;
import io.tidaldb.testing.WorldCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One killed process of the matrix: it halts at a crash point, or is killed after some answer, and
/// the parent's record of what was submitted and answered is the truth about its directory.
final class MatrixKill {

  private static final long WAIT_SECONDS = 60;
  private static final int STEPS = 50;

  private final Path root;
  private final Optional<CrashPoint> point;
  private final long seed;
  private final SplittableRandom random;
  private final List<Step> script = new ArrayList<>();
  private int submitted;
  private int answered;
  private boolean ended;
  private String build = "";
  private final List<String> complaints = new ArrayList<>();

  /// @param point where it halts; empty to be killed from outside
  MatrixKill(Path root, Optional<CrashPoint> point, long seed) {
    this.root = root;
    this.point = point;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /// Runs it whole; whether it was killed before its script ended.
  boolean run() throws IOException, InterruptedException {
    var directory = root.resolve("db");
    var scripts = new Scripts(MatrixRun.SCHEMA, seed);
    script.addAll(scripts.opening());
    int opening = script.size();
    boolean rare = point.isPresent() && point.get().name().startsWith("CHECKPOINT");
    for (int i = 0; i < STEPS; i++) {
      script.add(rare && i % 6 == 5 ? scripts.checkpoint() : scripts.next());
    }
    var file = root.resolve("script");
    Files.write(file, script.stream().map(StepText::line).toList());
    long nth = 1L + random.nextInt(rare ? 3 : 14);
    var command =
        EndedChild.command(
            ScriptChild.class,
            directory.toString(),
            file.toString(),
            Integer.toString(opening),
            point.map(Enum::name).orElse("NONE"),
            Long.toString(nth));
    end(new ProcessBuilder(command).redirectErrorStream(true).start());
    assertThat(build).as("the child's build, %s", this).isEqualTo(BuildId.ofEngine());
    assertThat(complaints).as("%s", this).isEmpty();
    assertThat(answered).as("answered before the end, %s", this).isGreaterThanOrEqualTo(opening);
    check(directory);
    Directories.delete(root);
    return !ended;
  }

  private void end(Process process) throws InterruptedException {
    int killAfter = point.isPresent() ? Integer.MAX_VALUE : random.nextInt(20, STEPS);
    var said = CompletableFuture.runAsync(() -> read(process, killAfter));
    try {
      said.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new AssertionError("no end of the child: " + this, failed);
    } finally {
      process.toHandle().destroyForcibly();
      assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void read(Process process, int killAfter) {
    var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    try (var lines = new BufferedReader(in)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
        if (answered > killAfter) {
          process.toHandle().destroyForcibly();
        }
        if (ended) {
          return;
        }
      }
    } catch (IOException killed) {
      complaints.add("output ended: " + killed);
    }
  }

  private void note(String line) {
    var words = line.split(" ", -1);
    switch (words[0]) {
      case "BUILD" -> build = words[1];
      case "S" -> submitted = Integer.parseInt(words[1]) + 1;
      case "A" -> answered = Integer.parseInt(words[1]) + 1;
      case "END" -> ended = true;
      default -> complaints.add(line);
    }
  }

  /// answered ⊆ present ⊆ submitted; at a crash point exactly what was submitted.
  private void check(Path directory) {
    String digest;
    var clock = ScriptChild.clock();
    var db = ScriptChild.open(directory, clock, CrashInjector.NONE);
    try (var fold = new MatrixFold(MatrixRun.SCHEMA)) {
      script.subList(0, answered).forEach(fold::apply);
      int present = answered;
      while (present < submitted && (point.isPresent() || fold.position() < db.position())) {
        fold.apply(script.get(present++));
      }
      var world = ModelWorldAt.of(script.subList(0, present));
      move(clock, world.now());
      assertThat(db.position()).as("position, %s", this).isEqualTo(fold.position());
      assertThat(WorldCheck.differences(db, world)).as("%s", this).isEmpty();
      digest = db.stateDigest();
      assertThat(digest).as("digest, %s", this).isEqualTo(fold.digest());
      assertThat(db.verify(true).findings()).as("%s", this).isEmpty();
    } finally {
      db.close();
    }
    try (var again = ScriptChild.open(directory, clock, CrashInjector.NONE)) {
      assertThat(again.stateDigest()).as("second open, %s", this).isEqualTo(digest);
    }
  }

  private static void move(ManualClock clock, long now) {
    clock.set(java.time.Instant.ofEpochSecond(0, now));
  }

  @Override
  public String toString() {
    return "point="
        + point.map(Enum::name).orElse("KILL")
        + " seed="
        + seed
        + " submitted="
        + submitted
        + " answered="
        + answered;
  }
}
