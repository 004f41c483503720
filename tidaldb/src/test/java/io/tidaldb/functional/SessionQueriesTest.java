package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said and done in a session changes its very next query, and nobody else's.
final class SessionQueriesTest {

  private static final EntityId ME = EntityId.of(42);
  private static final Retrieve FEED = Retrieve.items().profile("for_you");

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private TidalDb open() {
    var schema = new SchemaBuilder();
    for (var signal : List.of("view", "skip", "hide", "not_interested")) {
      schema =
          schema
              .signal(signal, EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
              .windows(Window.ONE_HOUR, Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
              .velocity(true)
              .add();
    }
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(
            schema
                .sessionPolicy("alone", p -> p.readScope(SessionPolicy.ReadScope.SESSION))
                .build())
        .clock(clock)
        .open();
  }

  private void fill(TidalDb db) {
    for (long id = 1; id <= 6; id++) {
      db.writeItem(
          EntityId.of(id),
          Map.of(
              "title", "tune " + id,
              "category", id % 2 == 0 ? "jazz" : "folk",
              "tags", "late night" + (id == 6 ? ",Bossa" : "")));
      clock.advance(Duration.ofSeconds(1));
    }
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  private static void refused(TidalDb db, Retrieve request, String code) {
    assertThatThrownBy(() -> db.retrieve(request))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theVeryNextQueryDiffersAndAnotherSessionsDoesNot() {
    try (var db = open()) {
      fill(db);
      var session = db.startSession(ME, "agent", "default");
      var other = db.startSession(ME, "agent", "default");
      var mine = FEED.forSession(session.sessionId());
      var before = db.retrieve(mine);
      assertThat(ids(before)).isEqualTo(ids(db.retrieve(FEED.forUser(ME))));
      session.annotate("some bossa, less jazz please");
      var said = db.retrieve(mine);
      assertThat(ids(said).getFirst()).isEqualTo(6);
      assertThat(said.hits().getFirst().explanation().toString()).contains("session");
      // "less jazz" says nothing for jazz: the other items are pulled equally.
      assertThat(ids(said).subList(1, 6)).containsExactly(5L, 4L, 3L, 2L, 1L);
      assertThat(ids(db.retrieve(FEED.forSession(other.sessionId())))).isEqualTo(ids(before));
      session.annotate("jazz");
      assertThat(ids(db.retrieve(mine))).startsWith(6L, 4L, 2L);
    }
  }

  @Test
  void whatIsRejectedOrSeenInTheSessionIsOutOfItsQueries() {
    try (var db = open()) {
      fill(db);
      var session = db.startSession(ME, "agent", "default");
      var mine = Retrieve.items().sortBy(Sort.OLD).forSession(session.sessionId());
      session.signal("skip", EntityId.of(1), 1.0, now());
      assertThat(ids(db.retrieve(mine))).containsExactly(2L, 3L, 4L, 5L, 6L);
      session.signal("not_interested", EntityId.of(2), 1.0, now());
      session.signal("view", EntityId.of(3), 1.0, now());
      assertThat(ids(db.retrieve(mine))).containsExactly(4L, 5L, 6L);
      assertThat(ids(db.retrieve(Retrieve.items().sortBy(Sort.OLD).forUser(ME)))).hasSize(6);
      assertThat(db.retrieve(mine).stats().removed())
          .containsEntry("rejected", 2L)
          .containsEntry("seen in session", 1L);
    }
  }

  private io.tidaldb.schema.Timestamp now() {
    return io.tidaldb.schema.Timestamp.of(clock.instant());
  }

  @Test
  void aCrashChangesNothing() {
    var db = open();
    fill(db);
    var session = db.startSession(ME, "agent", "default");
    session.annotate("bossa");
    session.signal("skip", EntityId.of(1), 1.0, now());
    var mine = FEED.forSession(session.sessionId());
    var before = db.retrieve(mine);
    assertThat(ids(before)).startsWith(6L).doesNotContain(1L);
    TestDoor.abandon(db);
    try (var again = open()) {
      var after = again.retrieve(mine);
      assertThat(after.hits()).isEqualTo(before.hits());
    }
  }

  @Test
  void onlyARunningSessionOfTheUserIsAccepted() {
    try (var db = open()) {
      fill(db);
      var session = db.startSession(ME, "agent", "default");
      var mine = FEED.forSession(session.sessionId());
      refused(db, mine.forUser(7), "SESSION_USER");
      assertThatThrownBy(() -> db.retrieve(FEED.forSession(SessionId.of(99))))
          .isInstanceOf(NotFoundException.class);
      session.close();
      refused(db, mine, "SESSION_CLOSED");
      var expiring = db.startSession(ME, "agent", "default");
      clock.advance(Duration.ofHours(24).minusNanos(1));
      assertThat(db.retrieve(FEED.forSession(expiring.sessionId())).hits()).hasSize(6);
      clock.advance(Duration.ofNanos(1));
      refused(db, FEED.forSession(expiring.sessionId()), "SESSION_CLOSED");
    }
  }

  @Test
  void aPolicyMayKeepQueriesToTheSession() {
    try (var db = open()) {
      fill(db);
      var session = db.startSession(ME, "agent", "alone");
      var mine = FEED.forSession(session.sessionId());
      assertThat(db.retrieve(mine).hits()).hasSize(6);
      refused(db, mine.filter(Filter.unseen()), "READ_SCOPE");
    }
  }
}
