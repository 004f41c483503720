package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.functional.Doors.views;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database in memory: the same views and checks, no files.
final class EphemeralTest {

  @TempDir private Path root;

  private final ManualClock clock = new ManualClock();

  @Test
  void itAnswersWhatOneWithFilesAnswers() {
    try (var memory = Doors.ephemeral(clock).open();
        var files =
            TidalDb.builder()
                .dataDirectory(root.resolve("db"))
                .schema(Schemas.video())
                .clock(clock)
                .open()) {
      for (var db : List.of(memory, files)) {
        write(db);
      }
      assertThat(memory.stateDigest()).isEqualTo(files.stateDigest());
      assertThat(memory.retrieve(Retrieve.items().sortBy(Sort.HOT)).hits())
          .isEqualTo(files.retrieve(Retrieve.items().sortBy(Sort.HOT)).hits())
          .hasSize(3);
      assertThat(memory.verify(true).findings()).isEmpty();
      assertThat(memory.healthCheck().issues()).isEmpty();
    }
  }

  private static void write(TidalDb db) {
    for (int i = 1; i <= 3; i++) {
      db.writeItem(EntityId.of(i), Map.of("title", "film " + i, "category", "jazz"));
      for (int j = 0; j < i; j++) {
        db.signal("like", EntityId.of(i), Signal.by(j));
      }
    }
    db.updateItem(ITEM, Map.of("price", 3.5, "category", Metadata.REMOVE));
    db.writeUser(EntityId.of(5), Map.of("language", "de"));
    db.writeCreator(EntityId.of(6), Map.of("name", "Ada"));
  }

  @Test
  void nothingSurvivesAndCheckpointsAreRefused() {
    var db = Doors.ephemeral(clock).open();
    db.signal("view", ITEM);
    db.sync();
    assertThatThrownBy(db::checkpoint).isInstanceOf(InvalidRequestException.class);
    db.close();
    try (var other = Doors.ephemeral(clock).open()) {
      assertThat(views(other, ITEM)).isZero();
    }
  }

  @Test
  void anAnswerMeansApplied() {
    try (var db = Doors.ephemeral(clock).open()) {
      db.write(List.of(Write.signal("view", ITEM, Signal.anonymous())), Durability.RELAXED);
      assertThat(views(db, ITEM)).isEqualTo(1);
      assertThat(db.position()).isEqualTo(2);
    }
  }

  @Test
  void keysAreRecognised() {
    try (var db = Doors.ephemeral(clock).open()) {
      var key = IdempotencyKey.of("once");
      var first = db.signal("view", ITEM, Signal.anonymous().key(key));
      assertThat(db.signal("like", ITEM, Signal.anonymous().key(key)))
          .isEqualTo(new Receipt(first.position(), true));
      var keyed = Write.signal("view", ITEM, Signal.anonymous().key(IdempotencyKey.of("twice")));
      assertThat(db.write(List.of(keyed, keyed)))
          .containsExactly(new Receipt(3, false), new Receipt(3, true));
      assertThat(views(db, ITEM)).isEqualTo(2);
    }
  }

  @Test
  void anItemLivesAndDiesAndSignalsMayComeEarlyAndLate() {
    try (var db = Doors.ephemeral(clock).open()) {
      var before = clock.instant();
      db.signal("view", ITEM, Signal.by(1));
      assertThat(db.readItem(ITEM)).isEmpty();
      clock.advance(Duration.ofHours(3));
      db.writeItem(ITEM, Map.of());
      assertThat(db.getItemMetadata(ITEM)).contains(Metadata.empty());
      assertThat(db.readItem(ITEM).orElseThrow().created().toInstant())
          .isEqualTo(clock.instant())
          .isAfter(before);
      assertThat(views(db, ITEM)).isEqualTo(1);
      assertThat(db.deleteItem(ITEM).duplicate()).isFalse();
      assertThat(db.deleteItem(ITEM)).isEqualTo(new Receipt(0, true));
      assertThat(db.readItem(ITEM)).isEmpty();
      assertThat(db.entityCount(EntityKind.ITEM)).isZero();
      assertThat(views(db, ITEM)).isZero();
      assertThat(db.readDecayScore(ITEM, "view")).isZero();
      db.signal("view", ITEM, Signal.by(1).at(before));
      assertThat(views(db, ITEM)).isEqualTo(1);
      assertThat(db.retrieve(Retrieve.items().sortBy(Sort.MOST_VIEWED)).hits()).isEmpty();
      db.writeItem(ITEM, Map.of("title", "again"));
      assertThat(db.retrieve(Retrieve.items().sortBy(Sort.MOST_VIEWED)).hits())
          .singleElement()
          .satisfies(hit -> assertThat(hit.score()).isEqualTo(1));
      assertThat(db.readHottest("view", 5)).hasSize(1);
      assertThatThrownBy(
              () -> db.write(List.of(Write.delete(EntityKind.USER, ITEM, Optional.empty()))))
          .isInstanceOf(InvalidRequestException.class);
    }
  }
}
