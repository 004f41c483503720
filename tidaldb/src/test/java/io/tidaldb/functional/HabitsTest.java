package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a user does, keeps and follows in ranking, through the door.
final class HabitsTest {

  private static final long ME = 1;
  private static final long BERT = 2;
  private static final Retrieve MINE = Retrieve.items().forUser(ME);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private static Schema schema() {
    var builder = new SchemaBuilder();
    for (var name : List.of("view", "impression", "like", "save", "unsave")) {
      builder =
          builder
              .signal(name, EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
              .windows(Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
              .add();
    }
    return builder.field(EntityKind.CREATOR, "prizes", FieldType.INTEGER).build();
  }

  private TidalDb open() {
    return Doors.on(volume, backend).schema(schema()).clock(clock).open();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  private static double score(TidalDb db, Feature feature, long item) {
    return db.retrieve(MINE.profile(name(feature))).hits().stream()
        .filter(hit -> hit.id().value() == item)
        .findFirst()
        .orElseThrow()
        .score();
  }

  private static String name(Feature feature) {
    return "by_" + feature.label().replaceAll("[^a-z].*", "");
  }

  private static double u(double r) {
    return Math.sqrt(r) / (1 + Math.sqrt(r));
  }

  private void fill(TidalDb db) {
    db.writeUser(EntityId.of(ME), Map.of("interests", List.of("jazz")));
    db.writeUser(EntityId.of(BERT), Map.of());
    db.writeCreator(EntityId.of(11), Map.of("prizes", 8));
    db.writeItem(EntityId.of(1), Map.of("creator_id", 11L, "category", "jazz"));
    db.writeItem(EntityId.of(2), Map.of("creator_id", 21L, "tags", List.of("Jazz")));
    db.writeItem(EntityId.of(3), Map.of("category", "rock"));
    db.follow(ME, 11);
    db.follow(ME, BERT);
    db.follow(BERT, 11);
    db.signal("like", EntityId.of(2), Signal.by(BERT));
    for (int i = 0; i < 3; i++) {
      db.signal("impression", EntityId.of(1), Signal.by(ME));
      db.signal("impression", EntityId.of(2), Signal.by(ME));
    }
    db.signal("view", EntityId.of(2), Signal.by(ME));
    for (var feature : features()) {
      db.saveProfile(Profile.named(name(feature)).term(feature, 1).build());
    }
  }

  private static List<Feature> features() {
    return List.of(
        new Feature.Follows(),
        new Feature.InterestMatch(),
        new Feature.Fatigue(),
        new Feature.SocialProof(),
        new Feature.CreatorField("prizes", 2));
  }

  private static void check(TidalDb db) {
    double[][] expected = {{1, 0, 0}, {1, 1, 0}, {u(1), 0, 0}, {0, u(1 / 3.0), 0}, {u(4), 0, 0}};
    for (int f = 0; f < expected.length; f++) {
      for (int item = 1; item <= 3; item++) {
        assertThat(score(db, features().get(f), item))
            .as("%s of %s", features().get(f), item)
            .isCloseTo(expected[f][item - 1], within(1e-12));
      }
    }
  }

  @Test
  void featuresOfTheUserHoldBeforeAndAfterACrash() {
    var db = open();
    fill(db);
    check(db);
    TestDoor.abandon(db);
    try (var again = open()) {
      check(again);
      again.unfollow(ME, 11);
      assertThat(score(again, new Feature.Follows(), 1)).isZero();
      clock.advance(Duration.ofDays(8));
      assertThat(score(again, new Feature.Fatigue(), 1)).isZero();
    }
  }

  @Test
  void savedItemsComeByTheirLastSaveAndWhatIsNewerCanBeAsked() {
    try (var db = open()) {
      fill(db);
      for (long item : new long[] {1, 3, 2, 1}) {
        clock.advance(Duration.ofMinutes(1));
        db.signal("save", EntityId.of(item), Signal.by(ME));
      }
      var saved = MINE.sortBy(Sort.DATE_SAVED);
      var page = db.retrieve(saved.limit(1));
      assertThat(ids(page)).containsExactly(1L);
      var all = db.query("RETRIEVE items FOR USER 1 SORT BY date_saved");
      assertThat(ids(all)).containsExactly(1L, 2L, 3L);
      clock.advance(Duration.ofMinutes(1));
      db.signal("save", EntityId.of(3), Signal.by(ME));
      assertThat(ids(db.retrieve(saved.newerThan(page.next().orElseThrow())))).containsExactly(3L);
      db.signal("unsave", EntityId.of(3), Signal.by(ME));
      assertThat(ids(db.retrieve(saved))).containsExactly(1L, 2L);
    }
  }
}
