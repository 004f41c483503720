package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metric;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SchemaException;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.VectorWrite;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Vectors come back as they were written, and preferences follow what users do; before and after a
/// reopening.
final class VectorsTest {

  private static final EntityId OTHER = EntityId.of(-2);
  private static final EntityId USER = EntityId.of(7);

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private static SchemaBuilder slots() {
    return SchemaBuilder.from(Schemas.video())
        .embeddingSlot("content", 3)
        .embeddingSlot("cover", EntityKind.ITEM, 2, Metric.EUCLIDEAN)
        .embeddingSlot("content", EntityKind.CREATOR, 3, Metric.COSINE);
  }

  private TidalDb open(Schema schema) {
    return TidalDb.builder().dataDirectory(folder.resolve("db")).schema(schema).clock(clock).open();
  }

  private TidalDb open() {
    return open(slots().build());
  }

  private static float[] vector(float... numbers) {
    return numbers;
  }

  @Test
  void vectorsComeBackAsGivenWithPositionAndTime() {
    long position;
    Timestamp received;
    try (var db = open()) {
      position = db.writeItem(ITEM, Map.of("category", "sea"), vector(3, -0.0f, 1e-30f)).position();
      received = Timestamp.ofNanos(clock.instant().toEpochMilli() * 1_000_000);
      db.writeEmbedding(ITEM, "cover", vector(0, 0));
      db.writeCreator(OTHER, Map.of(), vector(1, 2, 3));
      db.writeEmbedding(EntityKind.CREATOR, EntityId.of(4), "content", vector(4, 5, 6));
    }
    try (var db = open()) {
      var read = db.readEmbedding(ITEM, "content").orElseThrow();
      assertThat(read.vector()).containsExactly(3, -0.0f, 1e-30f);
      assertThat(read.position()).isEqualTo(position);
      assertThat(read.received()).isEqualTo(received);
      assertThat(db.readEmbeddings(EntityKind.ITEM, ITEM)).containsOnlyKeys("content", "cover");
      assertThat(db.readEmbedding(EntityKind.CREATOR, OTHER, "content").orElseThrow().vector())
          .containsExactly(1, 2, 3);
      assertThat(db.readEmbedding(EntityKind.CREATOR, EntityId.of(4), "content")).isPresent();
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void metadataWritesLeaveVectorsAndLaterVectorsReplaceEarlierOnes() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of(), vector(1, 0, 0));
      db.writeItem(ITEM, Map.of("category", "sea"));
      db.updateItem(ITEM, Map.of("category", "sky"));
      assertThat(db.readEmbedding(ITEM, "content").orElseThrow().vector()).containsExactly(1, 0, 0);
      db.writeEmbedding(ITEM, "content", vector(0, 1, 0));
      assertThat(db.readEmbedding(ITEM, "content").orElseThrow().vector()).containsExactly(0, 1, 0);
      db.removeEmbedding(ITEM, "content");
      assertThat(db.readEmbedding(ITEM, "content")).isEmpty();
    }
    try (var db = open()) {
      assertThat(db.readEmbedding(ITEM, "content")).isEmpty();
    }
  }

  @Test
  void aDeletedItemTakesItsVectorsAlongAndALaterLifeBeginsWithout() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of(), vector(1, 0, 0));
      db.deleteItem(ITEM);
      assertThat(db.readEmbedding(ITEM, "content")).isEmpty();
      db.writeItem(ITEM, Map.of());
      assertThat(db.readEmbedding(ITEM, "content")).isEmpty();
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of());
      long before = db.position();
      for (float[] wrong :
          new float[][] {
            vector(),
            vector(1, 2),
            vector(1, 2, 3, 4),
            vector(0, 0, -0.0f),
            vector(1, Float.NaN, 0),
            vector(Float.NEGATIVE_INFINITY, 0, 0)
          }) {
        if (wrong.length > 0) {
          assertThatThrownBy(() -> db.writeEmbedding(ITEM, "content", wrong))
              .isInstanceOf(InvalidRequestException.class)
              .hasMessageContaining("content");
        }
      }
      assertThatThrownBy(() -> db.writeEmbedding(ITEM, "mood", vector(1, 2, 3)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("cover");
      assertThatThrownBy(() -> db.writeEmbedding(EntityKind.USER, USER, "cover", vector(1, 2)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> db.writeEmbedding(OTHER, "content", vector(1, 2, 3)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining(OTHER.toString());
      assertThatThrownBy(() -> db.writeItem(OTHER, Map.of(), vector(1)))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(db.position()).isEqualTo(before);
      assertThat(db.readItem(OTHER)).isEmpty();
    }
  }

  @Test
  void aBatchWritesAnItemBeforeItsVectorAndAKeyCountsOnce() {
    try (var db = open()) {
      var first =
          db.write(
              List.of(
                  Write.entity(EntityKind.ITEM, ITEM, Map.of(), Optional.empty()),
                  VectorWrite.embedding(EntityKind.ITEM, ITEM, "content", vector(1, 0, 0))));
      assertThat(first).hasSize(2);
      var key = IdempotencyKey.sequence(1, 1);
      var keyed = new float[][] {vector(0, 1, 0), vector(0, 0, 1)};
      for (float[] given : keyed) {
        var write =
            (VectorWrite.SetEmbedding)
                VectorWrite.embedding(EntityKind.ITEM, ITEM, "content", given);
        db.write(List.of(write.key(key)));
      }
      assertThat(db.readEmbedding(ITEM, "content").orElseThrow().vector()).containsExactly(0, 1, 0);
    }
  }

  @Test
  void aPreferenceMovesTowardWhatIsLikedAndAwayFromWhatIsRejected() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of(), vector(2, 0, 0));
      db.writeItem(OTHER, Map.of(), vector(0, 5, 0));
      db.signal("dislike", ITEM, Signal.by(USER));
      assertThat(db.readPreference(USER)).isEmpty();
      db.signal("like", ITEM, Signal.by(USER));
      assertThat(db.readPreference(USER).orElseThrow().vector()).containsExactly(1, 0, 0);
      db.signal("like", OTHER, Signal.by(USER));
      double length = Math.sqrt(0.9 * 0.9 + 0.1 * 0.1);
      var moved = db.readPreference(USER).orElseThrow();
      assertThat(moved.vector()[0]).isCloseTo((float) (0.9 / length), within(1e-6f));
      assertThat(moved.vector()[1]).isCloseTo((float) (0.1 / length), within(1e-6f));
      assertThat(moved.evidence()).isEqualTo(2);
      db.signal("hide", OTHER, Signal.by(USER));
      assertThat(db.readPreference(USER).orElseThrow().vector()[1]).isLessThan(0);
      assertThat(db.readPreference(USER).orElseThrow().evidence()).isEqualTo(2);
    }
    try (var db = open()) {
      assertThat(db.readPreference(USER).orElseThrow().evidence()).isEqualTo(2);
      db.eraseUser(USER);
      assertThat(db.readPreference(USER)).isEmpty();
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(db.readPreference(USER)).isEmpty();
    }
  }

  @Test
  void aVectorWrittenWithAUserIsItsPreference() {
    try (var db = open()) {
      db.writeUser(USER, Map.of("age", 30), vector(0, 3, 4));
      var preference = db.readPreference(USER).orElseThrow();
      assertThat(preference.vector()).containsExactly(0, 0.6f, 0.8f);
      assertThat(preference.evidence()).isEqualTo(5);
      db.writeCreator(OTHER, Map.of(), vector(1, 0, 0));
      db.follow(USER, OTHER);
      assertThat(db.readPreference(USER).orElseThrow().vector()[0]).isGreaterThan(0.05f);
      assertThat(db.readPreference(USER).orElseThrow().evidence()).isEqualTo(6);
      db.removeEmbedding(EntityKind.USER, USER, "content");
      assertThat(db.readPreference(USER)).isEmpty();
    }
  }

  @Test
  void slotsStayAsDeclaredAndARetiredOneLosesItsVectors() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of(), vector(1, 0, 0));
      db.writeEmbedding(ITEM, "cover", vector(1, 2));
    }
    var other = SchemaBuilder.from(Schemas.video()).embeddingSlot("content", 4);
    assertThatThrownBy(() -> open(other.build()))
        .isInstanceOf(SchemaMismatchException.class)
        .hasMessageContaining("embedding.item.content.dimensions")
        .hasMessageContaining("embedding.item.cover");
    var fewer =
        SchemaBuilder.from(Schemas.video())
            .embeddingSlot("content", 3)
            .embeddingSlot("content", EntityKind.CREATOR, 3, Metric.COSINE)
            .embeddingSlot("audio", 1)
            .retire("cover");
    try (var db = open(fewer.build())) {
      assertThat(db.readEmbeddings(EntityKind.ITEM, ITEM)).containsOnlyKeys("content");
      db.writeEmbedding(ITEM, "audio", vector(-1));
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = TidalDb.open(folder.resolve("db"))) {
      assertThat(db.readEmbeddings(EntityKind.ITEM, ITEM)).containsOnlyKeys("audio", "content");
    }
  }

  @Test
  void theSchemaRefusesWhatNoSlotCanBe() {
    var nine = new SchemaBuilder();
    for (int i = 0; i < 9; i++) {
      nine.embeddingSlot("s" + i, 1);
    }
    assertThatThrownBy(nine::build)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("TOO_MANY_SLOTS");
    assertThatThrownBy(
            () ->
                new SchemaBuilder()
                    .embeddingSlot("a", 0)
                    .embeddingSlot("b", 4_097)
                    .embeddingSlot("c", EntityKind.USER, 3, Metric.COSINE)
                    .embeddingSlot("d", 1)
                    .embeddingSlot("d", 2)
                    .embeddingSlot("Ä", 2)
                    .build())
        .isInstanceOfSatisfying(
            SchemaException.class,
            refused ->
                assertThat(refused.violations().stream().map(v -> v.code().name()))
                    .containsExactly(
                        "DIMENSION_OUT_OF_RANGE",
                        "DIMENSION_OUT_OF_RANGE",
                        "KIND_MISSING",
                        "NAME_DUPLICATE",
                        "NAME_INVALID"));
    var schema = slots().embeddingSlot("wide", 4_096).build();
    assertThat(Schema.parse(schema.canonical())).isEqualTo(schema);
    assertThat(SchemaBuilder.from(schema).build()).isEqualTo(schema);
  }
}
