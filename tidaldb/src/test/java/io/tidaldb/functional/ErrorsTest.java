package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.functional.Doors.views;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every kind of error that this part of the database has, provoked: what it names, its exit code,
/// its status. Those of full queues, locks, closed and mismatched stores are tested where they
/// happen.
final class ErrorsTest {

  private final TidalDb db = Doors.ephemeral(new ManualClock()).open();

  @AfterEach
  void nothingWasLoggedOrLeftBehind() {
    assertThat(db.position()).isEqualTo(1);
    assertThat(db.entities(io.tidaldb.schema.EntityKind.ITEM, java.util.Optional.empty(), 10))
        .isEmpty();
    db.close();
  }

  private static <T extends TidalException> T thrown(
      Class<T> type, int exitCode, int httpStatus, ThrowingCallable call, String... facts) {
    var holder = new Object[1];
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            type,
            error -> {
              assertThat(error.exitCode()).isEqualTo(exitCode);
              assertThat(error.httpStatus()).isEqualTo(httpStatus);
              assertThat(List.of(facts))
                  .allSatisfy(fact -> assertThat(error).hasMessageContaining(fact));
              holder[0] = error;
            });
    return type.cast(holder[0]);
  }

  private static void invalid(ThrowingCallable call, String... facts) {
    var error = thrown(InvalidRequestException.class, 2, 400, call, facts);
    assertThat(error.code()).matches("[A-Z][A-Z0-9_]+");
  }

  @Test
  void whatCannotBeRight() {
    var negative = Signal.anonymous().weight(-1);
    invalid(() -> db.signal("view", ITEM, negative), "view", "-1.0");
    invalid(() -> db.signal("view", ITEM, Signal.anonymous().weight(Double.NaN)), "NaN");
    invalid(() -> db.signal("view", ITEM, Signal.anonymous().weight(2e9)), "view", "1.0E9");
    invalid(() -> db.signal("view", ITEM, Signal.anonymous().weight(1e-10)), "1.0E-9");
    invalid(() -> db.writeItem(ITEM, Map.of("price", "cheap")), "price", "cheap");
    invalid(() -> db.writeItem(ITEM, Map.of("created_at", "yesterday")), "created_at", "yesterday");
    invalid(() -> db.readWindowedCount(ITEM, "hide", Window.ONE_HOUR), "hide");
    invalid(() -> db.readVelocity(ITEM, "view", Window.ALL_TIME), "view");
    invalid(() -> db.readVelocity(ITEM, "like2", Window.ALL_TIME, Timestamp.ofNanos(-1)), "-1");
    invalid(() -> db.readHottest("view", 0), "0", "1");
    invalid(() -> db.readHottest("view", 1_001), "1001");
    invalid(() -> db.retrieve(Retrieve.items().after("abc")));
    invalid(() -> db.saveProfile(Profile.named("empty").build()), "empty");
    invalid(
        () ->
            db.retrieve(
                Retrieve.items().filter(io.tidaldb.schema.Filter.field("colour").is("red"))),
        "colour");
  }

  @Test
  void whatIsNotThere() {
    thrown(NotFoundException.class, 2, 404, () -> db.signal("vieww", ITEM), "vieww", "view");
    thrown(NotFoundException.class, 2, 404, () -> db.readDecayScore(ITEM, "vieww"), "vieww");
    thrown(
        NotFoundException.class,
        2,
        404,
        () -> db.updateItem(ITEM, Map.of("note", "x")),
        "item",
        "1");
    thrown(
        NotFoundException.class,
        2,
        404,
        () -> db.retrieve(Retrieve.items().profile("nobody")),
        "nobody");
    thrown(NotFoundException.class, 2, 404, () -> db.dropProfile("nobody", 1), "nobody");
  }

  @Test
  void whatIsTooMuch() {
    var write = Write.signal("view", ITEM, Signal.anonymous());
    var error =
        thrown(
            LimitExceededException.class,
            3,
            429,
            () -> db.write(Collections.nCopies(10_001, write)),
            "10000",
            "10001");
    assertThat(error.limit()).isEqualTo(10_000);
    assertThat(error.actual()).isEqualTo(10_001);
    assertThat(error.limitName()).isNotBlank();
    Map<String, Object> many = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      many.put("k" + i, "v");
    }
    thrown(LimitExceededException.class, 3, 429, () -> db.writeItem(ITEM, many), "10000");
    thrown(
        LimitExceededException.class,
        3,
        429,
        () -> db.writeItem(ITEM, Map.of("note", "x".repeat(2 << 20))));
    assertThatThrownBy(() -> db.retrieve(Retrieve.items().limit(1_001)))
        .isInstanceOf(TidalException.class)
        .hasMessageContaining("1001");
  }

  @Test
  void aCallerThatIsInterruptedDoesNotKnowTheOutcome() throws Exception {
    var volume = new GateVolume(new SimulatedVolume());
    var stalled = Doors.on(volume, new InMemoryBackend()).open();
    try {
      volume.shut();
      var key = IdempotencyKey.of("interrupted");
      var outcome = new CompletableFuture<Throwable>();
      var flag = new CompletableFuture<Boolean>();
      var caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      stalled.signal("view", ITEM, Signal.anonymous().key(key));
                      outcome.complete(new AssertionError("it was answered"));
                    } catch (Throwable thrown) {
                      outcome.complete(thrown);
                    }
                    flag.complete(Thread.currentThread().isInterrupted());
                  });
      volume.awaitArrival();
      caller.interrupt();
      var error = outcome.get(Doors.WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(error)
          .isInstanceOfSatisfying(
              OutcomeUnknownException.class,
              unknown -> {
                assertThat(unknown.exitCode()).isEqualTo(4);
                assertThat(unknown.httpStatus()).isEqualTo(504);
                assertThat(unknown.getMessage()).contains("key");
              });
      assertThat(flag.get(Doors.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      volume.openGate();
      assertThat(stalled.signal("view", ITEM, Signal.anonymous().key(key)).duplicate()).isTrue();
      assertThat(views(stalled, ITEM)).isEqualTo(1);
    } finally {
      volume.openGate();
      TestDoor.abandon(stalled);
    }
  }

  private record Closed(SimulatedVolume disk, InMemoryBackend backend) {

    TidalDb open() {
      return Doors.on(disk, backend).open();
    }
  }

  private static Closed closed() {
    var store = new Closed(new SimulatedVolume(), new InMemoryBackend());
    try (var open = store.open()) {
      open.writeItem(ITEM, Map.of("title", "kept"));
      open.signal("view", ITEM);
    }
    return new Closed(
        store.disk.crash(CrashChoice.all()),
        io.tidaldb.storage.CrashedBackend.of(store.backend, 0));
  }

  @Test
  void damageInASegmentIsNamedByPlace() {
    var store = closed();
    var segment = "log/" + store.disk.list("log").getFirst();
    store.disk.damage(segment, 64 + 64 + 30, 1);
    var error = thrown(CorruptionException.class, 5, 500, store::open);
    assertThat(error.file()).contains(segment);
    assertThat(error.offset()).isGreaterThanOrEqualTo(0);
    assertThat(error.expected()).isNotEqualTo(error.actual());
    assertThat(error.getMessage()).contains(error.file());
  }

  @Test
  void aFormatOfAnotherVersionIsRefused() {
    var store = closed();
    // The format version of IDENTITY, with the checksum of the header made right again.
    Formats.rewriteVersion(store.disk, "IDENTITY", 9);
    var error = thrown(UnsupportedFormatException.class, 6, 500, store::open, "IDENTITY", "9", "1");
    assertThat(error.getMessage()).contains("supported");
  }

  @Test
  void everySortAndWindowTogetherIsAnsweredOrRefused() {
    for (var sort : Sort.values()) {
      for (var window : Window.values()) {
        try {
          assertThat(db.retrieve(Retrieve.items().sortBy(sort).window(window)).hits()).isEmpty();
        } catch (TidalException refused) {
          assertThat(refused).isInstanceOf(InvalidRequestException.class);
        }
      }
    }
    assertThat(List.of(Sort.values())).hasSize(25);
    assertThat(EntityId.of(-1).toString()).isEqualTo("18446744073709551615");
  }
}
