package io.tidaldb.functional;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.disk.Volume;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the functional tests share.
final class Doors {

  static final EntityId ITEM = EntityId.of(1);
  static final long WAIT_SECONDS = 30;

  private Doors() {}

  /// Options for a database in memory on a clock that stands still.
  static TidalDbBuilder ephemeral(ManualClock clock) {
    return TidalDb.builder().ephemeral().schema(Schemas.video()).clock(clock);
  }

  /// Options for a database on a volume of a test.
  static TidalDbBuilder on(Volume volume, InMemoryBackend backend) {
    return TestDoor.faults(
        TidalDb.builder().schema(Schemas.video()),
        new Faults(Optional.of(volume), Optional.of(backend), CrashInjector.NONE));
  }

  /// Events of `view` on an item, ever.
  static long views(TidalDb db, EntityId item) {
    return db.readWindowedCount(item, "view", Window.ALL_TIME);
  }

  /// The answer, waited for with a limit; what went wrong is thrown as it is.
  static <T> T answer(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(failed);
    } catch (InterruptedException | TimeoutException late) {
      throw new AssertionError("no answer", late);
    }
  }

  /// Waits with a limit.
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody began");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
