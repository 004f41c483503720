package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.TidalDbBuilder;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Erasure;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forgetting a user: at once in every answer, in time in every file, and for ever.
final class ErasureTest {

  private static final EntityId ALICE = EntityId.of(0x7A11CE5EED5L);
  private static final EntityId OTHER = EntityId.of(2);
  private static final String SECRET = "cuneiform-lighthouse";
  private static final PageRequest FIRST = PageRequest.first();

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private static Schema schema() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ALL_TIME)
        .add()
        .signal("like", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ALL_TIME)
        .add()
        .signal("poke", EntityKind.USER, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ALL_TIME)
        .add()
        .build();
  }

  private TidalDbBuilder options(Path directory) {
    return TidalDb.builder()
        .dataDirectory(directory)
        .schema(schema())
        .clock(clock)
        .segmentBytes(4_096);
  }

  private TidalDb open() {
    return options(folder.resolve("db")).open();
  }

  private static void live(TidalDb db) {
    db.writeItem(ITEM, Map.of("title", "one"));
    db.writeUser(ALICE, Map.of("language", "en", "note", SECRET));
    db.writeCreator(ALICE, Map.of("name", "stays"));
    db.signal("view", ITEM, Signal.by(ALICE));
    db.signal("poke", ALICE, Signal.by(EntityId.of(7)));
    var mine = db.createCollection(ALICE, "mine", Visibility.PUBLIC);
    db.addToCollection(mine, ITEM);
    var closed = db.startSession(ALICE, "agent", "default");
    closed.annotate(SECRET);
    closed.close();
    db.startSession(ALICE, "agent", "default").annotate(SECRET);
    db.defineCohort("english", Predicate.eq("language", "en"));
    db.signal("view", OTHER, Signal.by(ALICE));
    db.signal("like", ITEM, Signal.by(ALICE));
    db.hide(ALICE, OTHER);
    db.follow(ALICE, EntityId.of(7));
    db.block(EntityId.of(8), ALICE);
    db.setRelation(EntityId.of(7), RelationType.BLOCK, Target.user(ALICE));
    db.setRelation(EntityId.of(7), RelationType.FOLLOW, Target.user(ALICE));
  }

  private static void assertForgotten(TidalDb db) {
    assertThat(db.readEntity(EntityKind.USER, ALICE)).isEmpty();
    assertThat(db.entityCount(EntityKind.USER)).isZero();
    assertThat(db.entities(EntityKind.USER, Optional.empty(), 10)).isEmpty();
    assertThat(db.readWindowedCount(ALICE, "poke", Window.ALL_TIME)).isZero();
    assertThat(db.readDecayScore(ALICE, "poke")).isZero();
    assertThat(db.listCollections(ALICE)).isEmpty();
    assertThatThrownBy(() -> db.collection(CollectionId.of(1)))
        .isInstanceOf(NotFoundException.class);
    for (var type : RelationType.values()) {
      assertThat(db.relations(ALICE, type).items()).isEmpty();
    }
    assertThat(db.relations(EntityId.of(7), RelationType.BLOCK).items()).isEmpty();
    assertThat(db.followers(Target.user(ALICE), FIRST).items()).isEmpty();
    assertThat(db.readState(ALICE, ITEM)).isEmpty();
    assertThat(db.readLiked(ALICE, FIRST).items()).isEmpty();
    assertThat(db.readHistory(ALICE, FIRST).items()).isEmpty();
    assertThat(db.isMember("english", ALICE)).isFalse();
    assertThat(db.cohortSize("english")).isZero();
    // What the members did is a sum without names.
    assertThat(db.readCohortWindowedCount("english", OTHER, "view", Window.ALL_TIME)).isEqualTo(1);
    assertThat(db.retrieve(Retrieve.items().forUser(ALICE).filter(Filter.unseen().negate())).hits())
        .isEmpty();
    assertThat(db.activeSessions(ALICE)).isEmpty();
    assertThat(db.closedSessions(ALICE, FIRST).items()).isEmpty();
    for (long session = 1; session <= 2; session++) {
      assertThat(db.closedSession(SessionId.of(session))).isEmpty();
    }
    assertThat(Doors.views(db, ITEM)).isEqualTo(1);
    assertThat(db.readEntity(EntityKind.CREATOR, ALICE)).isPresent();
    assertThat(db.erasures(FIRST).items()).extracting(Erasure::user).containsExactly(ALICE);
  }

  @Test
  void nothingNamesTheUserAnyMoreButTheErasure() {
    try (var db = open()) {
      live(db);
      clock.advance(Duration.ofHours(1));
      var receipt = db.eraseUser(ALICE);
      assertThat(receipt.user()).isEqualTo(ALICE);
      assertThat(receipt.position()).isEqualTo(db.position());
      assertThat(receipt.at().toInstant()).isEqualTo(clock.instant());
      assertThat(receipt.removed())
          .containsEntry("entity rows", 1L)
          .containsEntry("signal", 1L)
          .containsEntry("collection", 1L)
          .containsEntry("session", 2L);
      assertForgotten(db);
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertForgotten(db);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aCrashRightAfterTheAnswerTakesNothingBack() {
    var db = open();
    live(db);
    db.checkpoint();
    db.eraseUser(ALICE);
    TestDoor.abandon(db);
    try (var again = open()) {
      assertForgotten(again);
      assertThat(again.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void erasingTwiceIsARepeatUntilTheUserActsAgain() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.writeUser(ALICE, Map.of("language", "en"));
      var first = db.eraseUser(ALICE);
      long position = db.position();
      var second = db.eraseUser(ALICE);
      assertThat(second.position()).isEqualTo(first.position());
      assertThat(second.at()).isEqualTo(first.at());
      assertThat(second.removed()).isEmpty();
      assertThat(db.position()).isEqualTo(position);
      db.signal("view", ITEM, Signal.by(ALICE));
      assertThat(db.eraseUser(ALICE).position()).isEqualTo(position + 2);
      assertThat(db.erasures(FIRST).items()).hasSize(2);
      assertThat(db.metricsText()).contains("tidaldb_erasures_total 2");
    }
  }

  @Test
  void aKeyedErasureIsAnsweredOnce() {
    try (var db = Doors.ephemeral(clock).open()) {
      var key = IdempotencyKey.of("forget-1");
      db.writeUser(ALICE, Map.of());
      var first = db.eraseUser(ALICE, key);
      db.writeUser(ALICE, Map.of());
      assertThat(db.eraseUser(ALICE, key).position()).isEqualTo(first.position());
      assertThat(db.readEntity(EntityKind.USER, ALICE)).isPresent();
      var other = IdempotencyKey.of("write-1");
      db.signal("view", ITEM, Signal.by(EntityId.of(5)).key(other));
      assertThatThrownBy(() -> db.eraseUser(EntityId.of(5), other))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("KEY_REUSED"));
    }
  }

  @Test
  void theIdStartsFromNothing() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.writeUser(ALICE, Map.of("language", "en", "note", SECRET));
      db.eraseUser(ALICE);
      assertThatThrownBy(() -> db.updateUser(ALICE, Map.of("region", "at")))
          .isInstanceOf(NotFoundException.class);
      db.writeUser(ALICE, Map.of("region", "at"));
      var user = db.readEntity(EntityKind.USER, ALICE).orElseThrow();
      assertThat(user.metadata().asStrings()).containsExactly(Map.entry("region", "at"));
      assertThat(user.firstPosition()).isEqualTo(db.position());
    }
  }

  @Test
  void erasuresAreListedForEverInPages() {
    try (var db = open()) {
      LongStream.range(0, 700).forEach(user -> db.eraseUser(EntityId.of(user)));
      db.checkpoint();
      LongStream.range(700, 710).forEach(user -> db.eraseUser(EntityId.of(user)));
    }
    try (var db = open()) {
      var listed = new ArrayList<Long>();
      var request = Optional.of(PageRequest.first(300));
      while (request.isPresent()) {
        var page = db.erasures(request.get());
        page.items().forEach(erasure -> listed.add(erasure.user().value()));
        request = page.following(request.get());
      }
      assertThat(listed).isEqualTo(LongStream.range(0, 710).boxed().toList());
      assertThatThrownBy(() -> db.erasures(new PageRequest(5, Optional.of("x"))))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void anOlderCopyIsGivenTheList() throws IOException {
    var copy = folder.resolve("copy");
    try (var db = open()) {
      live(db);
    }
    copy(folder.resolve("db"), copy);
    List<Erasure> list;
    try (var db = open()) {
      clock.advance(Duration.ofDays(1));
      db.eraseUser(ALICE);
      list = db.erasures(FIRST).items();
      assertThat(db.applyErasures(list).getFirst().position())
          .isEqualTo(list.getFirst().position());
    }
    clock.advance(Duration.ofDays(1));
    try (var db = options(copy).open()) {
      assertThat(db.readEntity(EntityKind.USER, ALICE)).isPresent();
      var receipts = db.applyErasures(list);
      assertThat(receipts.getFirst().at()).isEqualTo(list.getFirst().at());
      assertForgotten(db);
      long position = db.position();
      assertThat(db.applyErasures(list)).hasSize(1);
      assertThat(db.position()).isEqualTo(position);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  @Test
  void aDumpTellsNothingOfTheTimeBefore() {
    try (var db = open()) {
      live(db);
      var shared = db.createCollection(EntityId.of(9), "ours", Visibility.PRIVATE);
      db.shareCollection(shared, ALICE);
      db.eraseUser(ALICE);
      db.writeUser(ALICE, Map.of("note", "a new life"));
    }
    var lines = new ArrayList<Map<String, Object>>();
    TidalDb.inspect(folder.resolve("db")).events(1, Long.MAX_VALUE, lines::add);
    var text = lines.toString();
    assertThat(text).doesNotContain(SECRET).contains("a new life").contains("UserErased");
    assertThat(lines)
        .filteredOn(line -> line.toString().contains(ALICE.toString()))
        .extracting(line -> line.get("event"))
        // The creator of the same number stays, and so does what others said of it.
        .containsExactly("EntityWritten", "RelationSet", "UserErased", "EntityWritten");
    assertThat(lines)
        .filteredOn(line -> line.get("event").equals("RelationSet"))
        .extracting(line -> line.get("kind"))
        .containsExactly("creator");
    assertThat(text).doesNotContain("SessionStarted");
    assertThat(lines.toString()).contains("ours");
    var state = new ArrayList<Map<String, Object>>();
    TidalDb.inspect(folder.resolve("db")).state(state::add);
    assertThat(state.toString()).doesNotContain(SECRET);
  }

  @Test
  void twoCheckpointsAndACutLogLeaveNoByteOfTheUser() throws IOException {
    try (var db = open()) {
      live(db);
      db.checkpoint();
      assertThat(holdsSecret()).isTrue();
      db.eraseUser(ALICE);
      db.checkpoint();
      assertThat(db.erasures(FIRST).items().getFirst().state()).isEqualTo(Erasure.State.APPLIED);
      assertThat(holdsSecret()).isTrue();
      // The log is cut by whole segments, so it must have gone on.
      LongStream.range(0, 100).forEach(_ -> db.signal("view", ITEM));
      db.checkpoint();
      db.checkpoint();
      assertThat(db.erasures(FIRST).items().getFirst().state()).isEqualTo(Erasure.State.PURGED);
      assertThat(holdsSecret()).isFalse();
    }
    try (var db = open()) {
      assertThat(db.erasures(FIRST).items().getFirst().state()).isEqualTo(Erasure.State.PURGED);
      db.eraseUser(EntityId.of(5));
      assertThat(db.erasures(FIRST).items())
          .extracting(Erasure::state)
          .containsExactly(Erasure.State.PURGED, Erasure.State.APPLIED);
    }
  }

  private boolean holdsSecret() throws IOException {
    try (var files = Files.walk(folder.resolve("db"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (text.contains(SECRET)) {
          return true;
        }
      }
    }
    return false;
  }
}
