package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.functional.Doors.views;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.ReadOnlyException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Fault;
import io.tidaldb.testing.FaultyVolume;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import io.tidaldb.testing.VolumeCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Closing: twice, from two threads, during writes and queries.
final class CloseTest {

  @TempDir private Path root;

  private TidalDb open() {
    return TidalDb.open(root.resolve("db"), Schemas.video());
  }

  @Test
  void closingTwiceIsClosingOnce() {
    var db = open();
    db.signal("view", ITEM);
    db.close();
    db.close();
    assertThatThrownBy(() -> db.signal("view", ITEM))
        .isInstanceOfSatisfying(
            ClosedException.class, closed -> assertThat(closed.exitCode()).isEqualTo(4));
    assertThatThrownBy(() -> db.retrieve(Retrieve.items())).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> db.readItem(ITEM)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(db::healthCheck).isInstanceOf(ClosedException.class);
    assertThatThrownBy(db::checkpoint).isInstanceOf(ClosedException.class);
    assertThatThrownBy(db::sync).isInstanceOf(ClosedException.class);
  }

  @Test
  void twoThreadsCloseAtOnce() throws Exception {
    var db = open();
    db.signal("view", ITEM);
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> closing = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        closing.add(
            threads.submit(
                () -> {
                  start.await();
                  db.close();
                  return null;
                }));
      }
      start.countDown();
      for (var future : closing) {
        future.get(Doors.WAIT_SECONDS, TimeUnit.SECONDS);
      }
    }
    try (var again = open()) {
      assertThat(again.recovery().cleanShutdown()).isTrue();
      assertThat(views(again, ITEM)).isEqualTo(1);
    }
  }

  @Test
  void everyAcceptedCallIsAnsweredOnceAndSurvives() throws Exception {
    var db = open();
    var answers = new AtomicInteger();
    var successes = new AtomicInteger();
    var accepted = new AtomicInteger();
    var warm = new CountDownLatch(500);
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (int writer = 0; writer < 4; writer++) {
        threads.execute(
            () -> {
              try {
                while (true) {
                  CompletionStage<Receipt> stage = db.signalAsync("view", ITEM, Signal.anonymous());
                  accepted.incrementAndGet();
                  stage.whenComplete(
                      (receipt, failure) -> {
                        answers.incrementAndGet();
                        if (failure == null) {
                          successes.incrementAndGet();
                        }
                        warm.countDown();
                      });
                }
              } catch (TidalException closed) {
                // The end of it.
              }
            });
      }
      threads.execute(
          () -> {
            try {
              while (true) {
                var _ = db.retrieve(Retrieve.items());
              }
            } catch (ClosedException closed) {
              // The end of it.
            }
          });
      assertThat(warm.await(Doors.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      db.close();
      threads.shutdown();
      assertThat(threads.awaitTermination(Doors.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(answers.get()).isEqualTo(accepted.get());
    try (var again = open()) {
      assertThat(again.recovery().cleanShutdown()).isTrue();
      assertThat(views(again, ITEM)).isEqualTo(successes.get());
    }
  }

  @Test
  void closingSaysThatAnAnsweredWriteMayBeLost() {
    var volume = new FaultyVolume(new SimulatedVolume());
    var db =
        Doors.on(volume, new InMemoryBackend()).relaxedSyncInterval(Duration.ofSeconds(1)).open();
    db.write(List.of(Write.signal("view", ITEM, Signal.anonymous())), Durability.RELAXED);
    volume.arm(Fault.of(VolumeCall.SYNC, 1).forEver());
    assertThatThrownBy(db::close)
        .isInstanceOfAny(OutcomeUnknownException.class, ReadOnlyException.class)
        .hasMessageContaining("injected");
    db.close();
    assertThatThrownBy(() -> db.readItem(ITEM)).isInstanceOf(ClosedException.class);
  }

  @Test
  void noThreadIsLeft() {
    var before = threads();
    var db = open();
    db.signal("view", ITEM);
    db.close();
    assertThat(threads()).isSubsetOf(before);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.contains("tidal"))
        .collect(Collectors.toSet());
  }
}
