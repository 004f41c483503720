package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.SessionHandle;
import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// Many sessions at once: through a crash, and many callers of one.
final class SessionCrashTest {

  private static final int SESSIONS = 1_000;
  private static final int CALLERS = 64;

  private final ManualClock clock = new ManualClock();

  @Test
  void aThousandActiveSessionsSurviveACrash() {
    var volume = new SimulatedVolume();
    var backend = new InMemoryBackend();
    var db = open(volume, backend);
    List<SessionHandle> handles = new ArrayList<>();
    Map<SessionId, SessionSummary> ended = new HashMap<>();
    for (int i = 0; i < SESSIONS + 20; i++) {
      handles.add(db.startSession(i % 50, "agent" + i % 3, "default", Map.of("n", "" + i)));
      clock.advance(Duration.ofNanos(1));
      if (i == SESSIONS / 2) {
        db.checkpoint();
      }
    }
    db.write(talk(handles));
    for (var handle : handles.subList(SESSIONS, SESSIONS + 20)) {
      ended.put(handle.sessionId(), handle.close());
    }
    List<SessionSnapshot> before = new ArrayList<>();
    for (var handle : handles.subList(0, SESSIONS)) {
      before.add(handle.snapshot());
    }
    var digest = db.stateDigest();
    TestDoor.abandon(db);
    try (var reopened = open(volume, backend)) {
      assertThat(reopened.stateDigest()).isEqualTo(digest);
      List<SessionSnapshot> after = new ArrayList<>();
      for (int user = 0; user < 50; user++) {
        reopened.activeSessions(user).forEach(handle -> after.add(handle.snapshot()));
      }
      assertThat(after).containsExactlyInAnyOrderElementsOf(before);
      ended.forEach(
          (id, summary) -> {
            var closed = reopened.closedSession(id).orElseThrow();
            assertThat(closed.summary()).isEqualTo(summary);
            assertThat(closed.signals()).hasSize(2);
          });
      assertThat(reopened.metricsText())
          .contains("\ntidaldb_sessions_active 1000\n")
          .contains("tidaldb_sessions_closed_total{reason=\"caller\"} 0\n");
      reopened.resumeSession(SessionId.of(1)).close();
      assertThat(reopened.metricsText())
          .contains("\ntidaldb_sessions_active 999\n")
          .contains("tidaldb_sessions_closed_total{reason=\"caller\"} 1\n")
          .contains("tidaldb_session_refusals_total{reason=\"signal_denied\"} 0\n");
      assertThat(reopened.verify(true).findings()).isEmpty();
    }
  }

  private TidalDb open(SimulatedVolume volume, InMemoryBackend backend) {
    return Doors.on(volume, backend).segmentBytes(1 << 20).clock(clock).open();
  }

  private static List<Write> talk(List<SessionHandle> handles) {
    var writes = new ArrayList<Write>();
    for (int i = 0; i < handles.size(); i++) {
      var id = handles.get(i).sessionId();
      writes.add(SessionWrite.signal(id, "view", EntityId.of(i % 7), Signal.anonymous()));
      writes.add(SessionWrite.signal(id, "like", EntityId.of(i % 5), Signal.anonymous(), "fine"));
      writes.add(SessionWrite.annotate(id, "word" + i, Optional.empty()));
    }
    return writes;
  }

  @Test
  void callersOfOneSessionAreServedInSomeOrder()
      throws InterruptedException, ExecutionException, TimeoutException {
    int each = 12;
    int quota = CALLERS * each / 2;
    var schema =
        SchemaBuilder.from(Schemas.video())
            .sessionPolicy("chat", p -> p.maxSignals(quota).maxAnnotations(100_000))
            .build();
    try (var db = Doors.ephemeral(clock).schema(schema).open();
        var pool = Executors.newFixedThreadPool(CALLERS)) {
      var session = db.startSession(1, "agent", "chat");
      var begin = new CountDownLatch(1);
      List<Future<List<Long>>> answers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        answers.add(pool.submit(calls(session, caller, each, begin)));
      }
      begin.countDown();
      List<Long> accepted = new ArrayList<>();
      for (var answer : answers) {
        var positions = answer.get(Doors.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(positions).isSorted();
        accepted.addAll(positions);
      }
      assertThat(accepted).hasSize(quota).doesNotHaveDuplicates();
      var summary = session.close();
      assertThat(summary.signals()).isEqualTo(quota);
      assertThat(summary.refusals()).isEqualTo((long) CALLERS * each - quota);
      assertThat(summary.annotations()).isEqualTo((long) CALLERS * each);
      assertThat(db.closedSession(session.sessionId()).orElseThrow().signals())
          .extracting(SessionSignal::position)
          .isSorted()
          .containsExactlyInAnyOrderElementsOf(accepted);
    }
  }

  /// Each answered call is seen by the next snapshot of its caller.
  private static Callable<List<Long>> calls(
      SessionHandle session, int caller, int each, CountDownLatch begin) {
    return () -> {
      begin.await();
      List<Long> positions = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        try {
          positions.add(session.signal("view", EntityId.of(caller)).position());
        } catch (LimitExceededException full) {
          assertThat(full.limitName()).isEqualTo("maxSignals");
        }
        session.annotate("caller " + caller);
        var snapshot = session.snapshot();
        assertThat(snapshot.signalCount()).isGreaterThanOrEqualTo(positions.size());
        assertThat(
                session.readWindowedCount(
                    EntityId.of(caller), "view", io.tidaldb.schema.Window.ALL_TIME))
            .isEqualTo(positions.size());
      }
      return positions;
    };
  }
}
