package io.tidaldb.verification;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.TidalException;
import io.tidaldb.testing.Crashes;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The process that is killed: opens a database, writes its lanes from several threads, and says on
/// its output what it submits and what is answered. It ends only by a kill, by its own halt at a
/// crash point, or when its parent is gone.
final class KillChild {

  private static final int IN_FLIGHT = 32;
  private static final long LIFE_SECONDS = 120;

  private final TidalDb db;
  private final FileOutputStream out;

  private KillChild(TidalDb db, FileOutputStream out) {
    this.db = db;
    this.out = out;
  }

  /// Arguments: directory, seed, crash point or `NONE`, its arrival, then for each lane the number
  /// of the first call.
  public static void main(String[] arguments) throws InterruptedException {
    var out = new FileOutputStream(FileDescriptor.out);
    say(out, "BUILD " + BuildId.ofEngine());
    var seed = Long.parseLong(arguments[1]);
    var injector =
        arguments[2].equals("NONE")
            ? CrashInjector.NONE
            : Crashes.haltAt(CrashPoint.valueOf(arguments[2]), Long.parseLong(arguments[3]));
    var db = open(Path.of(arguments[0]), injector);
    say(out, "OPEN " + db.position());
    var child = new KillChild(db, out);
    List<Thread> threads = new ArrayList<>();
    for (int lane = 0; lane < arguments.length - 4; lane++) {
      int number = lane;
      long first = Long.parseLong(arguments[4 + lane]);
      threads.add(new Thread(() -> child.run(seed, number, first), "lane " + lane));
    }
    threads.add(new Thread(child::checkpoints, "checkpoints"));
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
    // Not until a thread ends: one may end between another's arrival at a crash point and the halt.
    if (!new CountDownLatch(1).await(LIFE_SECONDS, TimeUnit.SECONDS)) {
      say(out, "STOPPED nobody killed it");
    }
    Runtime.getRuntime().halt(3);
  }

  /// The database as parent and child open it: tiny segments, so that all of the log's life passes
  /// quickly.
  static TidalDb open(Path directory, CrashInjector injector) {
    var builder =
        TidalDb.builder()
            .dataDirectory(directory)
            .schema(Lane.SCHEMA)
            .segmentBytes(64 << 10)
            .relaxedSyncInterval(Duration.ofMillis(20))
            .checkpointInterval(Duration.ofHours(1));
    return TestDoor.faults(builder, new Faults(Optional.empty(), Optional.empty(), injector))
        .open();
  }

  private void checkpoints() {
    try {
      while (true) {
        say(out, "C " + db.checkpoint().generation());
      }
    } catch (TidalException stopped) {
      say(out, "STOPPED checkpoints " + stopped);
    }
  }

  private void run(long seed, int number, long first) {
    try {
      var lane = new Lane(seed, number);
      var recent = new ArrayList<Call>();
      while (lane.calls() < first) {
        recent.add(lane.next());
      }
      repeat(number, recent.subList(Math.max(0, recent.size() - 8), recent.size()));
      write(number, lane);
    } catch (TidalException | InterruptedException stopped) {
      say(out, "STOPPED lane " + number + " " + stopped);
    }
  }

  /// Sends again what was written before: all of it must be recognised.
  private void repeat(int number, List<Call> calls) {
    for (var call : calls) {
      if (call.isRepeatable()) {
        var receipts = db.write(call.writes(), call.durability());
        say(out, "R " + number + " " + call.index() + " " + duplicates(receipts));
      }
    }
  }

  private static String duplicates(List<Receipt> receipts) {
    return receipts.stream().allMatch(Receipt::duplicate) ? "DUPLICATE" : "COUNTED_TWICE";
  }

  /// Even lanes wait for each answer, odd ones have several calls under way.
  private void write(int number, Lane lane) throws InterruptedException {
    var room = new Semaphore(number % 2 == 0 ? 1 : IN_FLIGHT);
    while (true) {
      var call = lane.next();
      room.acquire();
      say(out, "S " + number + " " + call.index());
      if (number % 2 == 0) {
        answered(number, call, db.write(call.writes(), call.durability()));
        room.release();
      } else {
        db.writeAsync(call.writes(), call.durability())
            .whenComplete(
                (receipts, failure) -> {
                  if (failure == null) {
                    answered(number, call, receipts);
                  } else {
                    say(out, "STOPPED lane " + number + " " + failure);
                  }
                  room.release();
                });
      }
    }
  }

  private void answered(int number, Call call, List<Receipt> receipts) {
    say(out, "A " + number + " " + call.index() + " " + receipts.getFirst().position());
  }

  /// One line, written at once: what is said before a kill has been said.
  private static void say(FileOutputStream out, String line) {
    try {
      synchronized (out) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException parentIsGone) {
      Runtime.getRuntime().halt(4);
      throw new UncheckedIOException(parentIsGone);
    }
  }
}
