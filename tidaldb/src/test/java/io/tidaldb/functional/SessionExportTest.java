package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidaldb.SessionHandle;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionExport;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.SignalExport;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is told of sessions to others, and what a deletion or an erasure takes out of it.
final class SessionExportTest {

  private static final EntityId MAX = EntityId.of(-1);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ManualClock clock =
      new ManualClock(Instant.parse("2026-01-01T00:00:00.000000001Z"));
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    var schema =
        SchemaBuilder.from(Schemas.video()).sessionPolicy("chat", p -> p.deny("hide")).build();
    return Doors.on(volume, backend).segmentBytes(1 << 20).clock(clock).schema(schema).open();
  }

  private static List<JsonNode> lines(TidalDb db, SessionExport wanted) {
    var out = new StringBuilder();
    var exported = db.exportSessions(wanted, out);
    var lines = parse(out);
    assertThat(exported.lines()).isEqualTo(lines.size());
    return lines;
  }

  private static List<JsonNode> parse(StringBuilder out) {
    var lines = new ArrayList<JsonNode>();
    out.toString().lines().forEach(line -> lines.add(JSON.readTree(line)));
    return lines;
  }

  private static List<String> texts(List<JsonNode> lines, String field) {
    return lines.stream().map(line -> line.path(field).asString("")).toList();
  }

  private SessionHandle talk(TidalDb db) {
    var session = db.startSession(-1, "agent \"X\"\n", "chat", Map.of("ключ", "\u2028\t"));
    session.signal("view", ITEM, 1.0 / 3, Timestamp.of(clock.instant()));
    clock.advance(Duration.ofNanos(5));
    assertThat(
            catchThrowableOfType(InvalidRequestException.class, () -> session.signal("hide", ITEM)))
        .isNotNull();
    session.signal("like", MAX, Signal.anonymous().weight(1e-9), "\\ a note");
    return session;
  }

  @Test
  void everyLineParsesAndSaysEverything() {
    try (var db = open()) {
      var session = talk(db);
      session.close();
      var lines = lines(db, SessionExport.ofUser(MAX));
      assertThat(texts(lines, "type"))
          .containsExactly("session", "signal", "signal", "annotation", "refusal", "end");
      for (var line : lines) {
        assertThat(line.path("session").asString()).isEqualTo("1");
        assertThat(line.path("session").isString()).isTrue();
        assertThat(line.path("user").asString()).isEqualTo("18446744073709551615");
        assertThat(line.path("agent").asString()).isEqualTo("agent \"X\"\n");
        assertThat(line.path("policy").asString()).isEqualTo("chat");
      }
      assertThat(lines.get(0).path("metadata").path("ключ").asString()).isEqualTo("\u2028\t");
      assertThat(lines.get(0).path("at").asString()).isEqualTo("2026-01-01T00:00:00.000000001Z");
      assertThat(lines.get(1).path("weight").asDouble()).isEqualTo(1.0 / 3);
      assertThat(lines.get(2).path("weight").asDouble()).isEqualTo(1e-9);
      assertThat(lines.get(2).path("entity").asString()).isEqualTo("18446744073709551615");
      assertThat(lines.get(2).path("kind").asString()).isEqualTo("item");
      assertThat(lines.get(3).path("text").asString()).isEqualTo("\\ a note");
      assertThat(lines.get(4).path("reason").asString()).isEqualTo("signal_denied");
      assertThat(lines.get(4).path("count").asLong()).isEqualTo(1);
      var end = lines.get(5);
      assertThat(end.path("duration_nanos").asLong()).isEqualTo(5);
      assertThat(end.path("signals").asLong()).isEqualTo(2);
      assertThat(end.path("annotations").asLong()).isEqualTo(1);
      assertThat(end.path("refusals").asLong()).isEqualTo(1);
      assertThat(end.path("auto_closed").asBoolean()).isFalse();
      assertThat(end.path("reason").asString()).isEqualTo("caller");
    }
  }

  @Test
  void whatIsExportedCanBeImportedAgain() {
    try (var db = open();
        var copy = Doors.ephemeral(clock).open()) {
      for (int i = 0; i < 3; i++) {
        var session = db.startSession(i, "agent", "default");
        for (int n = 0; n < 300; n++) {
          session.signal("view", EntityId.of(n % 11), 1 + n * 0.1, Timestamp.of(clock.instant()));
        }
        session.annotate(ITEM, "said");
      }
      db.activeSessions(1).getFirst().close();
      Map<String, SessionHandle> copies = new HashMap<>();
      for (var line : lines(db, SessionExport.ofAgent("agent"))) {
        switch (line.path("type").asString()) {
          case "session" ->
              copies.put(
                  line.path("session").asString(),
                  copy.startSession(
                      Long.parseUnsignedLong(line.path("user").asString()), "agent", "default"));
          case "signal" ->
              copies
                  .get(line.path("session").asString())
                  .signal(
                      line.path("signal").asString(),
                      EntityId.of(Long.parseUnsignedLong(line.path("entity").asString())),
                      line.path("weight").asDouble(),
                      Timestamp.of(Instant.parse(line.path("at").asString())));
          case "annotation" ->
              copies.get(line.path("session").asString()).annotate(line.path("text").asString());
          default -> copies.get(line.path("session").asString()).close();
        }
      }
      for (int n = 0; n < 11; n++) {
        var item = EntityId.of(n);
        assertThat(copy.readWindowedCount(item, "view", Window.ALL_TIME))
            .isEqualTo(db.readWindowedCount(item, "view", Window.ALL_TIME));
        assertThat(copy.readDecayScore(item, "view")).isEqualTo(db.readDecayScore(item, "view"));
      }
      assertThat(copy.activeSessions(1)).isEmpty();
      assertThat(copy.activeSessions(0).getFirst().snapshot().annotations()).hasSize(1);
    }
  }

  @Test
  void filtersAndTheLimitHold() {
    try (var db = open()) {
      var start = Timestamp.of(clock.instant());
      db.startSession(1, "a", "default").signal("view", ITEM);
      clock.advance(Duration.ofNanos(1));
      var second = db.startSession(2, "b", "chat");
      second.signal("like", ITEM);
      second.signal("view", ITEM);
      second.close();
      var later = Timestamp.of(clock.instant());
      assertThat(texts(lines(db, SessionExport.ofAgent("b")), "session")).containsOnly("2");
      assertThat(texts(lines(db, SessionExport.ofPolicy("default")), "session")).containsOnly("1");
      assertThat(texts(lines(db, SessionExport.from(later)), "session")).containsOnly("2");
      assertThat(texts(lines(db, SessionExport.unbounded().until(later)), "session"))
          .containsOnly("1");
      assertThat(texts(lines(db, SessionExport.from(start)), "session"))
          .containsExactly("1", "1", "2", "2", "2", "2");
      assertThat(lines(db, SessionExport.of(SessionId.of(2), SessionId.of(9)))).hasSize(4);
      assertThat(lines(db, SessionExport.ofUser(EntityId.of(1)).agent("b"))).isEmpty();
      assertThat(texts(lines(db, SessionExport.ofAgent("b").signals(Set.of("view"))), "signal"))
          .containsExactly("", "view", "");
      var out = new StringBuilder();
      var exported = db.exportSessions(SessionExport.from(start).limit(3), out);
      assertThat(exported.complete()).isFalse();
      assertThat(parse(out)).hasSize(3);
      assertThat(
              catchThrowableOfType(
                      InvalidRequestException.class,
                      () -> db.exportSessions(SessionExport.unbounded(), new StringBuilder()))
                  .code())
          .isEqualTo("EXPORT_UNBOUNDED");
      assertThatThrownBy(() -> SessionExport.unbounded().limit(100_001))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> db.exportSessions(SessionExport.ofAgent("b"), new Full()))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  /// Takes nothing.
  private static final class Full implements Appendable {
    @Override
    public Appendable append(CharSequence text) throws IOException {
      throw new IOException("full");
    }

    @Override
    public Appendable append(CharSequence text, int from, int to) throws IOException {
      throw new IOException("full");
    }

    @Override
    public Appendable append(char letter) throws IOException {
      throw new IOException("full");
    }
  }

  @Test
  void signalsComeFromTheRetainedLog() {
    try (var db = open()) {
      db.signal("view", ITEM, Signal.by(3));
      db.signal("like", ITEM);
      talk(db);
      var out = new StringBuilder();
      db.exportSignals(SignalExport.all(), out);
      var lines = parse(out);
      assertThat(texts(lines, "type"))
          .containsExactly("coverage", "signal", "signal", "signal", "signal");
      assertThat(lines.getFirst().path("from").asLong()).isEqualTo(1);
      assertThat(lines.getFirst().path("to").asLong()).isEqualTo(db.position());
      assertThat(texts(lines, "user")).containsExactly("", "3", "", MAX.toString(), MAX.toString());
      assertThat(texts(lines, "session")).containsExactly("", "", "", "1", "1");
      var few = new StringBuilder();
      assertThat(db.exportSignals(SignalExport.all().user(MAX).limit(1), few).complete()).isFalse();
      assertThat(parse(few)).hasSize(2);
      db.eraseUser(MAX);
      var after = new StringBuilder();
      db.exportSignals(SignalExport.all().signals(Set.of("view")), after);
      assertThat(texts(parse(after), "user")).containsExactly("", "3");
    }
    try (var ephemeral = Doors.ephemeral(clock).open()) {
      ephemeral.signal("view", ITEM);
      var out = new StringBuilder();
      ephemeral.exportSignals(SignalExport.all(), out);
      assertThat(out).contains("\"from\":3,\"to\":2").hasLineCount(1);
    }
  }

  @Test
  void anErasedUserIsNowhere() {
    try (var db = open()) {
      var running = talk(db);
      var ended = talk(db);
      ended.close();
      db.startSession(7, "other", "default").signal("view", ITEM);
      db.eraseUser(MAX);
      assertThat(lines(db, SessionExport.ofUser(MAX))).isEmpty();
      assertThat(lines(db, SessionExport.of(SessionId.of(1), SessionId.of(2)))).isEmpty();
      assertThat(texts(lines(db, SessionExport.from(Timestamp.ofNanos(0))), "session"))
          .containsOnly("3");
      assertThat(db.activeSessions(MAX)).isEmpty();
      assertThat(db.closedSession(ended.sessionId())).isEmpty();
      assertThat(db.closedSessions(MAX, PageRequest.first()).items()).isEmpty();
      assertThat(db.userSessionSummary(MAX, Timestamp.ofNanos(0)).sessions()).isZero();
      assertThatThrownBy(() -> running.signal("view", ITEM)).hasMessageContaining("not found");
      assertThat(db.startSession(MAX, "agent", "chat").sessionId()).isEqualTo(SessionId.of(4));
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(lines(db, SessionExport.ofUser(MAX))).hasSize(1);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aDeletedItemIsForgottenAndItsNextLifeInheritsNothing() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of());
      var session = db.startSession(1, "agent", "default");
      session.signal("view", ITEM);
      session.annotate(ITEM, "about it");
      db.deleteItem(ITEM);
      db.writeItem(ITEM, Map.of());
      assertThat(session.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isZero();
      assertThat(session.snapshot().signals()).isEmpty();
      assertThat(session.snapshot().annotations()).isEmpty();
      assertThat(session.snapshot().counts()).containsEntry("view", 1L);
      session.signal("view", ITEM);
      assertThat(session.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(1);
      session.close();
      assertThat(db.closedSession(session.sessionId()).orElseThrow().signals()).hasSize(1);
    }
    try (var db = open()) {
      assertThat(db.closedSession(SessionId.of(1)).orElseThrow().signals()).hasSize(1);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aUsersSummaryGoesOverEndedAndRunningSessions() {
    var user = EntityId.of(5);
    try (var db = open()) {
      db.writeItem(EntityId.of(1), Map.of("creator_id", "100"));
      db.writeItem(EntityId.of(2), Map.of("creator_id", "100"));
      db.writeItem(EntityId.of(3), Map.of("creator_id", "200"));
      var first = db.startSession(user, "agent", "chat");
      first.signal("like", EntityId.of(1));
      first.signal("view", EntityId.of(2));
      assertThat(
              catchThrowableOfType(InvalidRequestException.class, () -> first.signal("hide", ITEM)))
          .isNotNull();
      assertThat(db.userSessionSummary(user, Timestamp.ofNanos(0)).drift()).isEmpty();
      first.close();
      clock.advance(Duration.ofSeconds(1));
      var since = Timestamp.of(clock.instant());
      var second = db.startSession(user, "agent", "chat");
      second.signal("view", EntityId.of(2));
      var all = db.userSessionSummary(user, Timestamp.ofNanos(0));
      assertThat(all.sessions()).isEqualTo(2);
      assertThat(all.signals()).isEqualTo(3);
      assertThat(all.refusals()).isEqualTo(1);
      assertThat(all.topSignals().keySet()).containsExactly("view", "like");
      assertThat(all.drift().orElseThrow())
          .isCloseTo(0, org.assertj.core.api.Assertions.within(1e-12));
      second.signal("like", EntityId.of(3), 1, since);
      assertThat(db.userSessionSummary(user, Timestamp.ofNanos(0)).drift().orElseThrow())
          .isCloseTo(1 - 1 / Math.sqrt(2), org.assertj.core.api.Assertions.within(1e-12));
      assertThat(db.userSessionSummary(user, since).sessions()).isEqualTo(1);
    }
    try (var db = open()) {
      assertThat(db.userSessionSummary(user, Timestamp.ofNanos(0)).signals()).isEqualTo(4);
    }
  }
}
