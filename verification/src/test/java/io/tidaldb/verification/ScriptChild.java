package io.tidaldb.verification;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.testing.Client;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Scripts;
import io.tidaldb.testing.StepText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The process of the matrix that is killed: does a script, says what it submits and what is
/// answered, and halts itself at a crash point or waits to be killed.
final class ScriptChild {

  private ScriptChild() {}

  /// Arguments: data directory, script, steps before the point is armed, point or `NONE`, arrival.
  public static void main(String[] arguments) throws IOException {
    var out = new FileOutputStream(FileDescriptor.out);
    say(out, "BUILD " + BuildId.ofEngine());
    var script = Files.readAllLines(Path.of(arguments[1]));
    int opening = Integer.parseInt(arguments[2]);
    var injector = new Armed();
    var clock = clock();
    var client = new Client(open(Path.of(arguments[0]), clock, injector), clock);
    for (int i = 0; i < script.size(); i++) {
      if (i == opening && !arguments[3].equals("NONE")) {
        injector.haltAt(CrashPoint.valueOf(arguments[3]), Long.parseLong(arguments[4]));
      }
      say(out, "S " + i);
      var answer = client.apply(StepText.parse(script.get(i)));
      say(out, (answer.startsWith("refused") ? "REFUSED " + answer + " " : "A ") + i);
    }
    say(out, "END");
    int _ = System.in.read(); // Until the parent is gone, if it does not kill.
    Runtime.getRuntime().halt(3);
  }

  /// The clock of every script: it moves only by steps.
  static ManualClock clock() {
    return new ManualClock(Instant.ofEpochSecond(0, Scripts.START));
  }

  /// The database as parent and child open it.
  static TidalDb open(Path directory, ManualClock clock, CrashInjector injector) {
    var builder =
        TidalDb.builder()
            .dataDirectory(directory)
            .schema(MatrixRun.SCHEMA)
            .clock(clock)
            .segmentBytes(64 << 10)
            .checkpointInterval(Duration.ofHours(1))
            .dedupKeys(4_096);
    return TestDoor.faults(builder, new Faults(Optional.empty(), Optional.empty(), injector))
        .open();
  }

  private static void say(FileOutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
