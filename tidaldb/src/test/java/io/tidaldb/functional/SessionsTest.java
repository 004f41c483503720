package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.SessionHandle;
import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import io.tidaldb.testing.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Sessions through the door: what they remember, and that nothing is forgotten.
final class SessionsTest {

  private static final EntityId USER = EntityId.of(42);
  private static final EntityId OTHER = EntityId.of(2);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private InMemoryBackend backend = new InMemoryBackend();

  private TidalDbBuilder ephemeral() {
    return Doors.ephemeral(clock);
  }

  private TidalDb open() {
    return Doors.on(volume, backend).segmentBytes(1 << 20).clock(clock).open();
  }

  private Timestamp now() {
    return Timestamp.of(clock.instant());
  }

  private static String code(Runnable call) {
    return catchThrowableOfType(InvalidRequestException.class, call::run).code();
  }

  @Test
  void aSessionRemembersWhatItsUserDidAndSaid() {
    try (var db = ephemeral().open()) {
      var session = db.startSession(42, "test-agent", "default", Map.of("topic", "music"));
      var first = session.signal("view", ITEM);
      clock.advance(Duration.ofSeconds(1));
      var liked = session.signal("like", OTHER, 2.5, now());
      var noted = session.signal("view", OTHER, Signal.by(42), "slow start");
      session.annotate(ITEM, "Good recommendation");
      var last = session.annotate("more jazz");

      var snapshot = session.snapshot();
      assertThat(snapshot.id()).isEqualTo(SessionId.of(1)).isEqualTo(session.sessionId());
      assertThat(snapshot.user()).isEqualTo(USER);
      assertThat(snapshot.agent()).isEqualTo("test-agent");
      assertThat(snapshot.policy()).isEqualTo("default");
      assertThat(snapshot.metadata()).containsExactly(Map.entry("topic", "music"));
      assertThat(snapshot.expires().nanos() - snapshot.started().nanos())
          .isEqualTo(Duration.ofHours(24).toNanos());
      assertThat(snapshot.counts()).isEqualTo(Map.of("view", 2L, "like", 1L));
      assertThat(snapshot.signals())
          .extracting(SessionSignal::position)
          .containsExactly(first.position(), liked.position(), noted.position());
      assertThat(snapshot.signals().get(1))
          .isEqualTo(
              new SessionSignal(liked.position(), now(), "like", EntityKind.ITEM, OTHER, 2.5));
      assertThat(snapshot.annotations())
          .extracting(said -> said.entity().map(EntityId::value).orElse(0L) + " " + said.text())
          .containsExactly("2 slow start", "1 Good recommendation", "0 more jazz");
      assertThat(snapshot.hints())
          .containsExactly("jazz", "good", "recommendation", "slow", "start");
      assertThat(snapshot.quota().signalsLeft()).isEqualTo(9_997);
      assertThat(snapshot.quota().annotationsLeft()).isEqualTo(997);
      assertThat(snapshot.quota().tokens()).isEmpty();
      assertThat(snapshot.refusals()).isEmpty();
      assertThat(snapshot.audit()).isEmpty();
      assertThat(snapshot.position()).isEqualTo(last.position());
    }
  }

  @Test
  void aSignalInASessionDoesAllThatASignalDoes() {
    try (var db = ephemeral().open()) {
      var session = db.startSession(42, "agent", "default");
      session.signal("view", ITEM);
      db.signal("view", ITEM, Signal.by(42));
      assertThat(Doors.views(db, ITEM)).isEqualTo(2);
      assertThat(session.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(1);
      assertThat(db.readDecayScore(ITEM, "view")).isEqualTo(2);
    }
  }

  @Test
  void countsAndScoresInsideASessionHaveItsOwnHalfLife() {
    try (var db = ephemeral().open()) {
      var session = db.startSession(42, "agent", "default");
      session.signal("like", ITEM, 2, now());
      session.signal("like", OTHER, 5, now());
      clock.advance(Duration.ofMinutes(30));
      session.signal("like", ITEM, 1, now());
      assertThat(session.readDecayScore(ITEM, "like")).isCloseTo(2, within(1e-12));
      assertThat(session.readDecayScore(ITEM, "view")).isZero();
      assertThat(session.readDecayScore(EntityId.of(77), "like")).isZero();
      clock.advance(Duration.ofMinutes(29));
      assertThat(session.readWindowedCount(ITEM, "like", Window.ONE_HOUR)).isEqualTo(2);
      clock.advance(Duration.ofMinutes(1));
      assertThat(session.readWindowedCount(ITEM, "like", Window.ONE_HOUR)).isEqualTo(1);
      assertThat(session.readWindowedCount(ITEM, "like", Window.TWENTY_FOUR_HOURS)).isEqualTo(2);
      assertThatThrownBy(() -> session.readDecayScore(ITEM, "nothing"))
          .isInstanceOf(NotFoundException.class);
      assertThat(code(() -> session.readWindowedCount(ITEM, "hide", Window.ALL_TIME)))
          .isEqualTo("WINDOW_NOT_DECLARED");
    }
  }

  @Test
  void aSessionStartsAndEndsVisiblyWhateverTheDurability() {
    var store = TestStore.empty();
    var clock = new ManualClock();
    var db =
        store.open(
            Schemas.withSessions(),
            clock,
            CrashInjector.NONE,
            builder -> builder.durability(Durability.RELAXED));
    try {
      var session = db.startSession(42, "test-agent", "default");
      assertThat(db.activeSessions(42)).hasSize(1);
      db.startSession(42, "test-agent", "default");
      assertThat(session.close().signals()).isZero();
    } finally {
      TestDoor.abandon(db);
    }
    var again = store.crash(CrashChoice.none(), 1).open(Schemas.withSessions(), clock);
    try {
      assertThat(again.activeSessions(42)).hasSize(1);
      assertThat(again.closedSession(SessionId.of(1))).isPresent();
    } finally {
      TestDoor.abandon(again);
    }
  }

  @Test
  void closingGivesTheSameSummaryForEver() {
    try (var db = ephemeral().open()) {
      var session = db.startSession(42, "agent", "default");
      session.signal("view", ITEM);
      session.annotate("hello");
      clock.advance(Duration.ofSeconds(9));
      var summary = session.close();
      assertThat(summary)
          .isEqualTo(
              new SessionSummary(
                  SessionId.of(1),
                  USER,
                  "agent",
                  "default",
                  Timestamp.of(clock.instant().minusSeconds(9)),
                  now(),
                  SessionEnd.CALLER,
                  1,
                  1,
                  0));
      assertThat(summary.duration()).isEqualTo(Duration.ofSeconds(9));
      assertThat(summary.autoClosed()).isFalse();
      clock.advance(Duration.ofSeconds(9));
      assertThat(session.close()).isEqualTo(summary);
      for (Runnable late :
          List.<Runnable>of(
              () -> session.signal("view", ITEM),
              () -> session.annotate("late"),
              session::snapshot,
              () -> session.readDecayScore(ITEM, "view"),
              () -> db.resumeSession(SessionId.of(1)))) {
        assertThatThrownBy(late::run)
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("ended=" + summary.ended())
            .hasMessageContaining("reason=caller");
        assertThat(code(late)).isEqualTo("SESSION_CLOSED");
      }
      assertThat(db.activeSessions(42)).isEmpty();
      var closed = db.closedSession(SessionId.of(1)).orElseThrow();
      assertThat(closed.summary()).isEqualTo(summary);
      assertThat(closed.signals()).hasSize(1);
      assertThat(closed.annotations()).hasSize(1);
    }
  }

  @Test
  void whatNeverWasIsNotFound() {
    try (var db = ephemeral().open()) {
      assertThatThrownBy(() -> db.resumeSession(SessionId.of(1)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> db.startSession(1, "agent", "other"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("default");
      assertThatThrownBy(
              () ->
                  db.write(List.of(SessionWrite.annotate(SessionId.of(7), "x", Optional.empty()))))
          .isInstanceOf(NotFoundException.class);
      assertThat(db.closedSession(SessionId.of(1))).isEmpty();
      assertThat(db.position()).isEqualTo(1);
    }
  }

  @Test
  void aBatchIsAUnitAndCountsItsEarlierEvents() {
    try (var db = ephemeral().open()) {
      var session = db.startSession(42, "agent", "default");
      var id = session.sessionId();
      db.write(
          List.of(
              SessionWrite.signal(id, "view", ITEM, Signal.anonymous(), "note"),
              SessionWrite.annotate(id, OTHER, "said", Optional.empty())));
      assertThat(session.snapshot().annotations()).hasSize(2);
      assertThatThrownBy(
              () ->
                  db.write(
                      List.of(
                          SessionWrite.signal(id, "view", ITEM, Signal.anonymous()),
                          SessionWrite.signal(id, "view", ITEM, Signal.by(7)))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("given=7");
      assertThat(session.snapshot().signalCount()).isEqualTo(1);
      assertThat(Doors.views(db, ITEM)).isEqualTo(1);
    }
  }

  @Test
  void keysMakeRepeatsHarmless() {
    var key = IdempotencyKey.of("start");
    try (var db = ephemeral().open()) {
      var first = db.startSession(USER, "agent", "default", Map.of(), key);
      var again = db.startSession(USER, "agent", "default", Map.of(), key);
      assertThat(again.sessionId()).isEqualTo(first.sessionId());
      var signal = Signal.anonymous().key(IdempotencyKey.of("signal"));
      assertThat(first.signal("view", ITEM, signal).duplicate()).isFalse();
      assertThat(first.signal("view", ITEM, signal).duplicate()).isTrue();
      first.annotate("once", IdempotencyKey.of("said"));
      assertThat(first.annotate("once", IdempotencyKey.of("said")).duplicate()).isTrue();
      assertThat(first.snapshot().signalCount()).isEqualTo(1);
      assertThat(first.snapshot().annotations()).hasSize(1);
      first.close();
      assertThat(db.startSession(USER, "agent", "default", Map.of(), key).sessionId())
          .isEqualTo(first.sessionId());
      assertThat(db.startSession(42, "agent", "default").sessionId()).isEqualTo(SessionId.of(2));
    }
  }

  @Test
  void formsAndLimitsAreChecked() {
    try (var db = ephemeral().activeSessions(3).activeSessionsPerUser(2).open()) {
      limited("agentBytes", 128, 129, () -> db.startSession(1, "a".repeat(129), "default"));
      assertThat(code(() -> db.startSession(1, "", "default"))).isEqualTo("AGENT_EMPTY");
      assertThat(code(() -> db.startSession(1, "\ud800", "default"))).isEqualTo("TEXT_INVALID");
      var entries = new java.util.HashMap<String, String>();
      for (int i = 0; i < 32; i++) {
        entries.put("k" + i, "");
      }
      var session = db.startSession(1, "a".repeat(128), "default", entries);
      entries.put("more", "");
      limited("sessionMetadataEntries", 32, 33, () -> db.startSession(1, "a", "default", entries));
      limited(
          "sessionMetadataBytes",
          4_096,
          4_097,
          () -> db.startSession(1, "a", "default", Map.of("k", "v".repeat(4_096))));
      session.annotate("x".repeat(4_096));
      limited("annotationBytes", 4_096, 4_097, () -> session.annotate("x".repeat(4_097)));
      limited(
          "noteBytes",
          4_096,
          4_098,
          () -> session.signal("view", ITEM, Signal.anonymous(), "é".repeat(2_049)));
      db.startSession(1, "a", "default", Map.of("k", "v".repeat(4_095)));
      limited("activeSessionsPerUser", 2, 3, () -> db.startSession(1, "a", "default"));
      db.startSession(2, "a", "default");
      limited("activeSessions", 3, 4, () -> db.startSession(3, "a", "default"));
      session.close();
      db.startSession(3, "a", "default");
    }
    assertThatThrownBy(() -> ephemeral().activeSessions(0).agentRate(0, 0).open())
        .hasMessageContaining("activeSessions given=0")
        .hasMessageContaining("agentRate given=0.0")
        .hasMessageContaining("agentRateBurst given=0");
  }

  private static void limited(String name, long limit, long actual, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            exceeded -> {
              assertThat(exceeded.limitName()).isEqualTo(name);
              assertThat(exceeded.limit()).isEqualTo(limit);
              assertThat(exceeded.actual()).isEqualTo(actual);
            });
  }

  @Test
  void everythingSurvivesACleanClose() {
    survives(db -> db.close());
  }

  @Test
  void everythingSurvivesACrash() {
    survives(TestDoor::abandon);
  }

  @Test
  void everythingSurvivesACrashBehindACheckpoint() {
    survives(
        db -> {
          db.checkpoint();
          db.activeSessions(42).getFirst().annotate("behind the checkpoint");
          db.startSession(42, "late", "default").close();
          TestDoor.abandon(db);
        });
  }

  private void survives(java.util.function.Consumer<TidalDb> ending) {
    var db = open();
    SessionHandle session = db.startSession(42, "agent", "default", Map.of("a", "b", "c", ""));
    for (int i = 0; i < 600; i++) {
      session.signal("view", EntityId.of(i % 7), i, now());
    }
    for (int i = 0; i < 40; i++) {
      session.annotate(EntityId.of(i), "word" + i);
    }
    db.checkpoint();
    var ended = db.startSession(42, "agent", "default");
    ended.signal("like", ITEM);
    var summary = ended.close();
    session.signal("like", ITEM);
    ending.accept(db);
    if (backend != null) {
      try (var reopened = open()) {
        var found = reopened.activeSessions(42);
        assertThat(found).hasSize(1);
        var snapshot = found.getFirst().snapshot();
        assertThat(snapshot.metadata()).isEqualTo(Map.of("a", "b", "c", ""));
        assertThat(snapshot.counts()).isEqualTo(Map.of("view", 600L, "like", 1L));
        assertThat(snapshot.signals()).hasSize(100);
        assertThat(snapshot.annotations().size()).isBetween(40, 41);
        assertThat(snapshot.hints()).contains("word39", "word10").doesNotContain("word7");
        assertThat(reopened.closedSession(ended.sessionId()).orElseThrow().summary())
            .isEqualTo(summary);
        assertThat(reopened.closedSessions(USER, PageRequest.first(1)).items())
            .containsExactly(summary);
        found.getFirst().signal("view", ITEM);
        assertThat(reopened.startSession(1, "x", "default").sessionId().value())
            .isGreaterThan(ended.sessionId().value());
        assertThat(reopened.verify(true).findings()).isEmpty();
      }
      try (var once = open()) {
        assertThat(once.activeSessions(42).getFirst().snapshot().counts())
            .isEqualTo(Map.of("view", 601L, "like", 1L));
        assertThat(once.verify(true).findings()).isEmpty();
      }
    }
  }

  @Test
  void endedSessionsArePagedById() {
    try (var db = ephemeral().open()) {
      var ids = new ArrayList<SessionId>();
      for (int i = 0; i < 5; i++) {
        var session = db.startSession(42, "agent", "default");
        db.startSession(43, "agent", "default").close();
        session.close();
        ids.add(session.sessionId());
      }
      var seen = new ArrayList<SessionId>();
      var request = Optional.of(PageRequest.first(2));
      while (request.isPresent()) {
        var page = db.closedSessions(USER, request.get());
        page.items().forEach(summary -> seen.add(summary.id()));
        request = page.following(request.get());
      }
      assertThat(seen).isEqualTo(ids);
      assertThatThrownBy(() -> db.closedSessions(USER, new PageRequest(1, Optional.of("nonsense"))))
          .isInstanceOf(InvalidRequestException.class);
    }
  }
}
