package io.tidaldb.cli.demo;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.Output;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The process that is killed: writes durably for ever, one signal per item of its own, and prints
/// the number of each write once it is acknowledged.
@Command(name = "demo-writer", hidden = true, description = "Writes until it is killed.")
public final class WriterCommand implements Runnable {

  /// The items that it writes to begin behind this id.
  static final long FIRST_ID = 1L << 40;

  static final long PRODUCER = 0x7dL;

  private static final int CALLERS = 8;

  @Parameters(paramLabel = "DIR")
  private Path directory;

  @Mixin private Output output;

  @Override
  public void run() {
    var next = new AtomicLong();
    try (var db = TidalDb.open(directory)) {
      output.line("ready");
      var callers =
          java.util.stream.IntStream.range(0, CALLERS)
              .mapToObj(
                  caller ->
                      Thread.ofPlatform().name("caller-" + caller).start(() -> write(db, next)))
              .toList();
      for (var caller : callers) {
        caller.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The write with this number; the same number is the same write.
  static Write write(long number) {
    return Write.signal(
        "view",
        EntityId.of(FIRST_ID + number),
        Signal.anonymous().key(IdempotencyKey.sequence(PRODUCER, number)));
  }

  private void write(TidalDb db, AtomicLong next) {
    while (!Thread.currentThread().isInterrupted()) {
      var number = next.getAndIncrement();
      if (!db.write(List.of(write(number))).getFirst().duplicate()) {
        synchronized (this) {
          output.line(Long.toString(number));
        }
      }
    }
  }
}
