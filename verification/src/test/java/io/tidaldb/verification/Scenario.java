package io.tidaldb.verification;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.TidalException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A client that opens a database, writes calls, repeats some, takes checkpoints, closes and opens
/// again, until it is through or the world stops. What it records is held against what is left.
final class Scenario {

  private final SimulatedStore store;
  private final SplittableRandom random;
  private final Lane lane;
  private final int steps;
  private final CrashInjector injector;
  private final List<Call> submitted = new ArrayList<>();
  private final List<CompletableFuture<List<Receipt>>> waiting = new ArrayList<>();
  private final List<Durability> waitingLevels = new ArrayList<>();
  private final StringBuilder trace = new StringBuilder();
  private long durable;
  private long handedOver;
  private long seen;
  private boolean through;

  /// @param steps how much it does
  Scenario(SimulatedStore store, long seed, int steps, CrashInjector injector) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.lane = new Lane(seed, 0);
    this.steps = steps;
    this.injector = injector;
  }

  /// Runs until it is through or the world stops.
  Scenario run() {
    TidalDb db = null;
    try {
      db = store.open(injector);
      for (int step = 0; step < steps; step++) {
        db = step(db);
        seen = Math.max(seen, db.position());
      }
      settle();
      db.close();
      through = true;
    } catch (SimulatedCrash | TidalException stopped) {
      note(stopped.toString());
    } finally {
      if (db != null) {
        seen = Math.max(seen, db.position());
        TestDoor.abandon(db);
      }
      settleWhatIsAnswered();
    }
    return this;
  }

  private TidalDb step(TidalDb db) {
    switch (random.nextInt(12)) {
      case 0 -> {
        note("checkpoint");
        db.checkpoint();
      }
      case 1 -> {
        note("sync");
        db.sync();
        settle();
        durable = Math.max(durable, handedOver);
      }
      case 2 -> {
        note("repeat");
        settle();
        if (!submitted.isEmpty() && submitted.getLast().isRepeatable()) {
          db.write(submitted.getLast().writes());
        }
      }
      case 3 -> {
        note("close");
        settle();
        db.close();
        durable = Math.max(durable, handedOver);
        return store.open(injector);
      }
      case 4, 5, 6 -> {
        note("async");
        var call = submit();
        waiting.add(db.writeAsync(call.writes(), call.durability()).toCompletableFuture());
        waitingLevels.add(call.durability());
      }
      default -> {
        note("write");
        settle();
        var call = submit();
        answered(call.durability(), db.write(call.writes(), call.durability()));
      }
    }
    return db;
  }

  private Call submit() {
    var call = lane.next();
    submitted.add(call);
    note(call.writes().size() + "×" + call.durability());
    return call;
  }

  /// Waits for the answers of asynchronous calls.
  private void settle() {
    try {
      for (int i = 0; i < waiting.size(); i++) {
        answered(waitingLevels.get(i), waiting.get(i).join());
      }
    } catch (CompletionException refused) {
      throw refused.getCause() instanceof TidalException known ? known : refused;
    }
    waiting.clear();
    waitingLevels.clear();
  }

  private void settleWhatIsAnswered() {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).isDone() && !waiting.get(i).isCompletedExceptionally()) {
        answered(waitingLevels.get(i), waiting.get(i).join());
      }
    }
  }

  private void answered(Durability level, List<Receipt> receipts) {
    long position = receipts.getLast().position();
    note(level + "@" + position);
    handedOver = Math.max(handedOver, position);
    if (level != Durability.RELAXED) {
      durable = Math.max(durable, position);
    }
  }

  private void note(String what) {
    trace.append(what).append(' ');
  }

  /// What it did and what was answered, in order.
  String trace() {
    return trace.toString();
  }

  /// Every call that may be there.
  List<Call> submitted() {
    return submitted;
  }

  /// The last position that was answered as durable.
  long durable() {
    return durable;
  }

  /// The last position that was answered at all: what a kill may not take.
  long handedOver() {
    return handedOver;
  }

  /// The last position that a reader saw.
  long seen() {
    return seen;
  }

  /// Whether it got to its end without a crash.
  boolean isThrough() {
    return through;
  }
}
