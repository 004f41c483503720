package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metric;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Source;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items by how near their vectors are, through the door.
final class NearestTest {

  private static final int ITEMS = 60;
  private static final int DIMENSIONS = 8;
  private static final EntityId USER = EntityId.of(5);

  private final ManualClock clock = new ManualClock();
  private final float[][] vectors = new float[ITEMS][DIMENSIONS];

  @TempDir private Path folder;

  @BeforeEach
  void draw() {
    var random = new SplittableRandom(1);
    for (float[] vector : vectors) {
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
  }

  private TidalDb open() {
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(
            SchemaBuilder.from(Schemas.video())
                .embeddingSlot("content", DIMENSIONS)
                .embeddingSlot("cover", EntityKind.ITEM, 2, Metric.EUCLIDEAN)
                .build())
        .clock(clock)
        .open();
  }

  private void write(TidalDb db) {
    for (int id = 0; id < ITEMS; id++) {
      db.writeItem(EntityId.of(id), Map.of("category", id % 3 == 0 ? "sea" : "sky"), vectors[id]);
    }
  }

  private static Profile nearest(Source.Ann source) {
    return Profile.named("nearest")
        .source(source)
        .term(new Feature.PreferenceMatch(), 0.7)
        .term(new Feature.Similarity(), 0.3)
        .build();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      x += (double) a[i] * a[i];
      y += (double) b[i] * b[i];
    }
    return product / Math.sqrt(x * y);
  }

  /// The ids by cosine with a vector, as a naive program would sort them.
  private List<Long> sorted(float[] vector) {
    return LongStream.range(0, ITEMS)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -cosine(vectors[id.intValue()], vector)))
        .toList();
  }

  @Test
  void aVectorFindsTheItemsNearestToIt() {
    try (var db = open()) {
      write(db);
      float[] wanted = vectors[7].clone();
      wanted[0] += 0.5f;
      var results = db.retrieve(Retrieve.items().similarTo(wanted).limit(5));
      assertThat(ids(results)).isEqualTo(sorted(wanted).subList(0, 5));
      assertThat(results.hits().getFirst().score())
          .isCloseTo(0.5 * cosine(vectors[7], wanted), within(1e-9));
      assertThat(results.hits().getFirst().sources())
          .containsExactly("ann(k:200, of:seed, slot:content, exact:false)");
      var sea =
          db.retrieve(
              Retrieve.items()
                  .similarTo(wanted)
                  .filter(Filter.field("category").is("sea"))
                  .limit(5));
      assertThat(ids(sea))
          .isEqualTo(sorted(wanted).stream().filter(id -> id % 3 == 0).limit(5).toList());
    }
  }

  @Test
  void aSeedItemFindsWhatIsLikeItAndIsNotAHit() {
    try (var db = open()) {
      write(db);
      var results = db.retrieve(Retrieve.items().similarTo(EntityId.of(3)).limit(4));
      assertThat(ids(results)).isEqualTo(sorted(vectors[3]).subList(1, 5));
      assertThat(results.warnings()).isEmpty();
      var two = db.retrieve(Retrieve.items().similarTo(EntityId.of(3), EntityId.of(9)).limit(40));
      assertThat(ids(two)).doesNotContain(3L, 9L);
      for (var hit : two.hits()) {
        float[] vector = vectors[(int) hit.id().value()];
        double nearest =
            Math.max(0, Math.max(cosine(vector, vectors[3]), cosine(vector, vectors[9])));
        assertThat(hit.score()).isCloseTo(0.5 * nearest, within(1e-9));
      }
      db.writeItem(EntityId.of(77), Map.of());
      var unknown = db.retrieve(Retrieve.items().similarTo(EntityId.of(77)));
      assertThat(unknown.hits()).isEmpty();
      assertThat(unknown.warnings()).extracting(Warning::code).containsExactly("SEED_UNKNOWN");
    }
  }

  @Test
  void whatAUserPrefersIsFoundAndTheNextLikeMovesIt() {
    try (var db = open()) {
      write(db);
      db.saveProfile(nearest(Source.Ann.ofPreference(10)));
      var request = Retrieve.items().forUser(USER).profile("nearest").limit(10);
      assertThat(db.retrieve(request).stats().sources().getFirst().produced()).isZero();
      db.signal("like", EntityId.of(4), Signal.by(USER));
      var liked = db.retrieve(request);
      assertThat(ids(liked)).isEqualTo(sorted(vectors[4]).subList(0, 10));
      assertThat(liked.hits().getFirst().score()).isCloseTo(0.7, within(1e-6));
      assertThat(liked.hits().getFirst().explanation().toString()).contains("preference_match");
      for (int i = 0; i < 30; i++) {
        db.signal("share", EntityId.of(8), Signal.by(USER));
      }
      var moved = db.retrieve(request);
      assertThat(moved.hits().getFirst().id()).isEqualTo(EntityId.of(8));
      var preference = db.readPreference(USER).orElseThrow().vector();
      assertThat(ids(moved)).isEqualTo(sorted(preference).subList(0, 10));
    }
  }

  @Test
  void recentPositivesGiveAThirdEach() {
    try (var db = open()) {
      write(db);
      db.saveProfile(nearest(new Source.Ann(9, Source.Toward.RECENT, "content", true)));
      for (long item : new long[] {1, 11, 21, 31}) {
        db.signal("like", EntityId.of(item), Signal.by(USER));
      }
      var results = db.retrieve(Retrieve.items().forUser(USER).profile("nearest").limit(9));
      var proposed =
          results.hits().stream()
              .filter(hit -> hit.sources().toString().contains("ann"))
              .map(hit -> hit.id().value())
              .toList();
      for (int item : new int[] {11, 21, 31}) {
        assertThat(proposed).containsAll(sorted(vectors[item]).subList(0, 3));
      }
      assertThat(proposed).hasSizeLessThanOrEqualTo(9);
    }
  }

  @Test
  void aReopenedStoreGivesTheSameScoresBitForBit() {
    var request = Retrieve.items().forUser(USER).profile("nearest").limit(20);
    List<Double> before;
    try (var db = open()) {
      write(db);
      db.saveProfile(nearest(Source.Ann.ofPreference(30)));
      var random = new SplittableRandom(3);
      for (int i = 0; i < 50; i++) {
        db.signal(
            random.nextInt(4) == 0 ? "hide" : "like",
            EntityId.of(random.nextInt(20)),
            Signal.by(USER));
      }
      before = scores(db.retrieve(request));
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var db = open()) {
      assertThat(scores(db.retrieve(request))).isEqualTo(before);
    }
  }

  private static List<Double> scores(Results results) {
    return results.hits().stream().map(hit -> hit.score()).toList();
  }

  @Test
  void anotherSlotHasItsOwnMetric() {
    try (var db = open()) {
      for (int id = 0; id < 5; id++) {
        db.writeItem(EntityId.of(id), Map.of());
        db.writeEmbedding(EntityId.of(id), "cover", new float[] {id, 1});
      }
      db.saveProfile(nearest(new Source.Ann(3, Source.Toward.SEED, "cover", false)));
      var results =
          db.retrieve(
              Retrieve.items().similarTo(new float[] {0.1f, 1}, "cover").profile("nearest"));
      var proposed =
          results.hits().stream()
              .filter(hit -> hit.sources().toString().contains("ann"))
              .map(hit -> hit.id().value())
              .toList();
      assertThat(proposed).containsExactlyInAnyOrder(0L, 1L, 2L);
    }
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    try (var db = open()) {
      for (float[] wrong : new float[][] {new float[0], new float[7], new float[8]}) {
        assertThatThrownBy(() -> db.retrieve(Retrieve.items().similarTo(wrong)))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("content");
      }
      assertThatThrownBy(() -> db.retrieve(Retrieve.items().similarTo(vectors[0], "mood")))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("mood");
      assertThatThrownBy(
              () ->
                  db.saveProfile(
                      nearest(new Source.Ann(4_097, Source.Toward.SEED, "content", false))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("4097");
      assertThatThrownBy(() -> db.retrieve(Retrieve.items().similarTo(new float[] {0, 1, 2})))
          .isInstanceOf(InvalidRequestException.class);
    }
  }
}
