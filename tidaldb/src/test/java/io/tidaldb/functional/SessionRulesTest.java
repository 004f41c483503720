package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidaldb.SessionHandle;
import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Health;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.RateLimitedException;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.SessionRefusal;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What a policy refuses, how refusals are remembered, and what time does to sessions.
final class SessionRulesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private static Schema schema(Consumer<SessionPolicy.Builder> fields) {
    return SchemaBuilder.from(Schemas.video()).sessionPolicy("chat", fields).build();
  }

  private TidalDbBuilder ephemeral(Consumer<SessionPolicy.Builder> fields) {
    return Doors.ephemeral(clock).schema(schema(fields));
  }

  private TidalDb open(Schema schema) {
    return Doors.on(volume, backend).segmentBytes(1 << 20).clock(clock).schema(schema).open();
  }

  private static void refused(String code, Runnable call) {
    assertThat(catchThrowableOfType(InvalidRequestException.class, call::run).code())
        .isEqualTo(code);
  }

  private static void limited(String name, long limit, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            exceeded -> {
              assertThat(exceeded.limitName()).isEqualTo(name);
              assertThat(exceeded.limit()).isEqualTo(limit);
              assertThat(exceeded.actual()).isEqualTo(limit + 1);
            });
  }

  private static int accepted(SessionHandle session, int tries) {
    int count = 0;
    for (int i = 0; i < tries; i++) {
      try {
        session.signal("view", ITEM);
        count++;
      } catch (RateLimitedException tooFast) {
        assertThat(tooFast.retryAfter()).isPositive();
      }
    }
    return count;
  }

  @Test
  void aDeniedSignalLeavesNoTraceButTheRefusal() {
    try (var db = ephemeral(p -> p.allow("view", "like").deny("like")).open()) {
      var session = db.startSession(1, "agent", "chat");
      session.signal("view", ITEM);
      long position = db.position();
      refused("SIGNAL_DENIED", () -> session.signal("like", ITEM));
      refused("SIGNAL_DENIED", () -> session.signal("hide", EntityId.of(9)));
      assertThat(db.position()).isEqualTo(position);
      assertThat(db.readDecayScore(ITEM, "like")).isZero();
      var snapshot = session.snapshot();
      assertThat(snapshot.refusals()).hasSize(1).containsEntry(RefusalReason.SIGNAL_DENIED, 2L);
      assertThat(snapshot.audit())
          .containsExactly(
              new SessionRefusal(
                  Timestamp.of(clock.instant()),
                  RefusalReason.SIGNAL_DENIED,
                  2,
                  Optional.of("hide"),
                  Optional.of(EntityId.of(9))));
      assertThat(session.close().refusals()).isEqualTo(2);
    }
  }

  @Test
  void quotasHoldToTheLastOne() {
    try (var db = ephemeral(p -> p.maxSignals(2).maxAnnotations(1)).open()) {
      var session = db.startSession(1, "agent", "chat");
      session.signal("view", ITEM, Signal.anonymous(), "note");
      limited("maxAnnotations", 1, () -> session.signal("view", ITEM, Signal.anonymous(), "again"));
      limited("maxAnnotations", 1, () -> session.annotate("more"));
      session.signal("view", ITEM);
      limited("maxSignals", 2, () -> session.signal("view", ITEM));
      assertThat(session.snapshot().quota().signalsLeft()).isZero();
      assertThat(session.snapshot().quota().annotationsLeft()).isZero();
      assertThat(session.snapshot().refusals())
          .containsEntry(RefusalReason.ANNOTATION_QUOTA, 2L)
          .containsEntry(RefusalReason.SIGNAL_QUOTA, 1L);
      assertThat(session.close().signals()).isEqualTo(2);
    }
    try (var db = ephemeral(p -> p.maxSignals(0).maxAnnotations(0)).open()) {
      var session = db.startSession(1, "agent", "chat");
      limited("maxSignals", 0, () -> session.signal("view", ITEM));
      limited("maxAnnotations", 0, () -> session.annotate("more"));
    }
  }

  @Test
  void aTighterPolicyHoldsForRunningSessions() {
    try (var db = open(schema(p -> {}))) {
      var session = db.startSession(1, "agent", "chat");
      session.signal("view", ITEM);
      session.signal("like", ITEM);
    }
    try (var db = open(schema(p -> p.deny("like").maxSignals(3).maxDuration(SECOND)))) {
      var session = db.activeSessions(1).getFirst();
      refused("SIGNAL_DENIED", () -> session.signal("like", ITEM));
      session.signal("view", ITEM);
      limited("maxSignals", 3, () -> session.signal("view", ITEM));
      clock.advance(SECOND);
      refused("SESSION_CLOSED", () -> session.annotate("late"));
      assertThat(db.expireSessions()).isEqualTo(1);
      assertThat(db.verify(true).findings()).isEmpty();
    }
    open(schema(p -> {})).close();
  }

  @Test
  void aPolicyThatIsGivenUpEndsItsSessions() {
    try (var db = open(schema(p -> {}))) {
      db.startSession(1, "agent", "chat").signal("view", ITEM);
      db.startSession(1, "agent", "default");
    }
    try (var db = open(Schemas.video())) {
      assertThat(db.activeSessions(1)).extracting(SessionHandle::policy).containsExactly("default");
      var summary = db.closedSessions(EntityId.of(1), PageRequest.first()).items().getFirst();
      assertThat(summary.reason()).isEqualTo(SessionEnd.POLICY_DROPPED);
      assertThat(summary.autoClosed()).isTrue();
      assertThat(summary.signals()).isEqualTo(1);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void theRateGrantsExactlyBurstAndRefill() {
    try (var db = ephemeral(p -> p.rate(10, 5)).open()) {
      var session = db.startSession(1, "agent", "chat");
      int passed = 0;
      for (int i = 0; i < 50; i++) {
        passed += accepted(session, 1);
        clock.advance(Duration.ofMillis(20));
      }
      // 5 at once, then one each 100 ms: at 100, 200, … 900 ms and what is left of the burst.
      assertThat(passed).isEqualTo(5 + 9);
      assertThat(session.snapshot().refusals())
          .containsEntry(RefusalReason.SESSION_RATE, 50L - passed);
      clock.advance(Duration.ofSeconds(9));
      assertThat(session.snapshot().quota().tokens()).hasValue(5);
      assertThat(accepted(session, 9)).isEqualTo(5);
      assertThat(session.snapshot().quota().tokens()).hasValue(0);
      clock.advance(Duration.ofMillis(100).minusNanos(1));
      assertThat(accepted(session, 1)).isZero();
      clock.advance(Duration.ofNanos(1));
      assertThat(accepted(session, 2)).isEqualTo(1);
      for (int i = 0; i < 20; i++) {
        db.signal("view", ITEM, Signal.by(1));
      }
    }
  }

  @Test
  void theAgentRateIsSharedByTheAgentsSessions() {
    try (var db = Doors.ephemeral(clock).agentRate(1, 3).open()) {
      var one = db.startSession(1, "chatty", "default");
      var two = db.startSession(2, "chatty", "default");
      var other = db.startSession(1, "calm", "default");
      assertThat(accepted(one, 2) + accepted(two, 5)).isEqualTo(3);
      assertThat(accepted(other, 5)).isEqualTo(3);
      clock.advance(SECOND);
      assertThat(accepted(one, 2) + accepted(two, 2)).isEqualTo(1);
      assertThat(two.snapshot().refusals()).containsEntry(RefusalReason.AGENT_RATE, 6L);
    }
  }

  @Test
  void aRefusedUnitGivesItsTokensBack() {
    try (var db = ephemeral(p -> p.rate(1, 2).deny("hide")).open()) {
      var session = db.startSession(1, "agent", "chat");
      var id = session.sessionId();
      for (int i = 0; i < 5; i++) {
        refused(
            "SIGNAL_DENIED",
            () ->
                db.write(
                    java.util.List.of(
                        io.tidaldb.schema.SessionWrite.signal(id, "view", ITEM, Signal.anonymous()),
                        io.tidaldb.schema.SessionWrite.signal(
                            id, "hide", ITEM, Signal.anonymous()))));
      }
      assertThat(accepted(session, 5)).isEqualTo(2);
    }
  }

  @Test
  void bucketsAreFullAfterOpening() {
    var schema = schema(p -> p.rate(0.001, 2));
    try (var db = open(schema)) {
      assertThat(accepted(db.startSession(1, "agent", "chat"), 5)).isEqualTo(2);
    }
    try (var db = open(schema)) {
      assertThat(accepted(db.activeSessions(1).getFirst(), 5)).isEqualTo(2);
    }
  }

  @Test
  void theAuditIsBoundedAndCountsAreNot() {
    try (var db = ephemeral(p -> p.deny("hide").auditEntries(2)).open()) {
      var session = db.startSession(1, "agent", "chat");
      for (int i = 0; i < 5; i++) {
        clock.advance(SECOND);
        int item = i;
        refused("SIGNAL_DENIED", () -> session.signal("hide", EntityId.of(item + 1)));
        // Each is logged by itself: the session's end is the only other moment that is certain.
        db.exportSessions(
            io.tidaldb.schema.SessionExport.of(session.sessionId()), new StringBuilder());
      }
      var snapshot = session.snapshot();
      assertThat(snapshot.refusals()).containsEntry(RefusalReason.SIGNAL_DENIED, 5L);
      assertThat(snapshot.audit())
          .extracting(refusal -> refusal.entity().orElseThrow().value())
          .containsExactly(4L, 5L);
      assertThat(snapshot.audit()).extracting(SessionRefusal::count).containsExactly(1L, 1L);
    }
  }

  @Test
  void refusalsSurviveACleanCloseAndAcceptedSignalsACrash() {
    var schema = schema(p -> p.deny("hide"));
    try (var db = open(schema)) {
      var session = db.startSession(1, "agent", "chat");
      refused("SIGNAL_DENIED", () -> session.signal("hide", ITEM));
      refused("SIGNAL_DENIED", () -> session.signal("hide", ITEM));
    }
    var db = open(schema);
    var session = db.activeSessions(1).getFirst();
    assertThat(session.snapshot().refusals()).containsEntry(RefusalReason.SIGNAL_DENIED, 2L);
    assertThat(session.snapshot().audit()).hasSize(1);
    refused("SIGNAL_DENIED", () -> session.signal("hide", ITEM));
    assertThat(session.snapshot().refusals()).containsEntry(RefusalReason.SIGNAL_DENIED, 3L);
    session.signal("view", ITEM);
    TestDoor.abandon(db);
    try (var reopened = open(schema)) {
      var after = reopened.activeSessions(1).getFirst().snapshot();
      assertThat(after.signalCount()).isEqualTo(1);
      assertThat(after.refusals().get(RefusalReason.SIGNAL_DENIED)).isBetween(2L, 3L);
      assertThat(reopened.verify(true).findings()).isEmpty();
    }
  }

  /* --- time --- */

  @Test
  void aSessionExpiresAtTheNanosecondSweptOrNot() {
    try (var db = ephemeral(p -> p.maxDuration(SECOND)).open()) {
      var session = db.startSession(1, "agent", "chat");
      var started = clock.instant();
      clock.advance(SECOND.minusNanos(1));
      session.signal("view", ITEM);
      assertThat(db.activeSessions(1)).hasSize(1);
      clock.advance(Duration.ofNanos(1));
      assertExpired(db, session, started.plus(SECOND));
      clock.advance(Duration.ofNanos(1));
      assertExpired(db, session, started.plus(SECOND));
      assertThat(db.closedSession(session.sessionId())).isEmpty();
      assertThat(db.expireSessions()).isEqualTo(1);
      assertThat(db.expireSessions()).isZero();
      var summary = db.closedSession(session.sessionId()).orElseThrow().summary();
      assertThat(summary.ended()).isEqualTo(Timestamp.of(started.plus(SECOND)));
      assertThat(summary.duration()).isEqualTo(SECOND);
      assertThat(summary.reason()).isEqualTo(SessionEnd.EXPIRED);
      assertThat(session.close()).isEqualTo(summary);
    }
  }

  private static void assertExpired(TidalDb db, SessionHandle session, Instant at) {
    for (Runnable late :
        java.util.List.<Runnable>of(
            () -> session.signal("view", ITEM),
            () -> session.annotate("late"),
            session::snapshot,
            () -> db.resumeSession(session.sessionId()))) {
      refused("SESSION_CLOSED", late);
      assertThatThrownBy(late::run)
          .hasMessageContaining("ended=" + at)
          .hasMessageContaining("reason=expired");
    }
    assertThat(db.activeSessions(1)).isEmpty();
  }

  @Test
  void anIdleSessionExpiresAfterItsLastEvent() {
    try (var db = ephemeral(p -> p.maxIdle(SECOND)).open()) {
      var session = db.startSession(1, "agent", "chat");
      clock.advance(SECOND.minusNanos(1));
      session.annotate("here");
      clock.advance(SECOND.minusNanos(1));
      session.signal("view", ITEM);
      var last = clock.instant();
      clock.advance(SECOND);
      assertExpired(db, session, last.plus(SECOND));
      assertThat(session.close().ended()).isEqualTo(Timestamp.of(last.plus(SECOND)));
      assertThat(session.close().reason()).isEqualTo(SessionEnd.EXPIRED);
    }
  }

  @Test
  void whatExpiresWhileTheDatabaseIsClosedIsSweptOnce() {
    var schema = schema(p -> p.maxDuration(SECOND));
    SessionHandle session;
    try (var db = open(schema)) {
      session = db.startSession(1, "agent", "chat");
    }
    var due = clock.instant().plus(SECOND);
    clock.advance(Duration.ofHours(3));
    long position;
    try (var db = open(schema)) {
      position = db.position();
      assertThat(db.activeSessions(1)).isEmpty();
      assertThat(db.expireSessions()).isEqualTo(1);
      assertThat(db.position()).isEqualTo(position + 1);
      assertThat(db.closedSession(session.sessionId()).orElseThrow().summary().ended())
          .isEqualTo(Timestamp.of(due));
    }
    try (var db = open(schema)) {
      assertThat(db.expireSessions()).isZero();
      assertThat(db.position()).isEqualTo(position + 1);
    }
  }

  @Test
  void aClockThatJumpsSkipsOneSweep() {
    try (var db = ephemeral(p -> p.maxDuration(Duration.ofDays(1))).open()) {
      db.startSession(1, "agent", "chat");
      clock.advance(Duration.ofDays(3_650));
      assertThat(db.healthCheck().issues()).doesNotContain(Health.Issue.CLOCK_JUMPED);
      assertThat(db.expireSessions()).isZero();
      assertThat(db.healthCheck().issues()).contains(Health.Issue.CLOCK_JUMPED);
      assertThat(db.activeSessions(1)).isEmpty();
      assertThat(db.expireSessions()).isEqualTo(1);
      assertThat(db.healthCheck().issues()).doesNotContain(Health.Issue.CLOCK_JUMPED);
    }
  }

  @Test
  void theArchiveIsCutExactlyWhenItsTimeIsOver() {
    try (var db = ephemeral(p -> p.archiveFor(Duration.ofMinutes(10))).open()) {
      var first = db.startSession(1, "agent", "chat");
      var other = db.startSession(1, "agent", "default");
      first.close();
      other.close();
      clock.advance(Duration.ofNanos(1));
      var second = db.startSession(1, "agent", "chat");
      second.close();
      clock.advance(Duration.ofMinutes(10).minusNanos(2));
      db.expireSessions();
      assertThat(db.closedSession(first.sessionId())).isPresent();
      clock.advance(Duration.ofNanos(1));
      db.expireSessions();
      assertThat(db.closedSession(first.sessionId())).isEmpty();
      assertThat(db.closedSession(second.sessionId())).isPresent();
      assertThat(db.closedSession(other.sessionId())).isPresent();
      clock.advance(Duration.ofNanos(1));
      db.expireSessions();
      assertThat(db.closedSessions(EntityId.of(1), PageRequest.first()).items())
          .extracting(summary -> summary.policy())
          .containsExactly("default");
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void anArchiveOfNoTimeIsGoneAtTheNextSweep() {
    try (var db = ephemeral(p -> p.archiveFor(Duration.ZERO).maxDuration(SECOND)).open()) {
      var session = db.startSession(1, "agent", "chat");
      clock.advance(SECOND);
      assertThat(db.expireSessions()).isEqualTo(1);
      assertThat(db.closedSession(session.sessionId())).isEmpty();
      assertThat(db.startSession(1, "agent", "chat").sessionId().value()).isEqualTo(2);
    }
  }
}
