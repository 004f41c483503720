package io.tidaldb.functional;

import static io.tidaldb.schema.Filter.affinity;
import static io.tidaldb.schema.Filter.completionRate;
import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.inMyCollections;
import static io.tidaldb.schema.Filter.inNetwork;
import static io.tidaldb.schema.Filter.not;
import static io.tidaldb.schema.Filter.quality;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Filters by what an item's creator is, by what users do with each other, and by how well items
/// are received, through the door.
final class FiltersTest {

  private static final long ME = 1;
  private static final long BERT = 2;
  private static final long CARL = 3;
  private static final Retrieve MINE = Retrieve.items().forUser(EntityId.of(ME)).sortBy(Sort.OLD);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open(int fanOut) {
    return Doors.on(volume, backend).clock(clock).networkFanOut(fanOut).open();
  }

  /// Items 11 and 12 are of creator 11, 21 of 21, 31 of 31, which was never written; 41 is of
  /// nobody.
  private static void fill(TidalDb db) {
    for (long user = ME; user <= CARL; user++) {
      db.writeUser(EntityId.of(user), Map.of());
    }
    db.writeCreator(EntityId.of(11), Map.of("verified", true, "name", "Eleven"));
    db.writeCreator(EntityId.of(21), Map.of("verified", false));
    for (long item : new long[] {11, 12, 21, 31}) {
      db.writeItem(EntityId.of(item), Map.of("creator_id", item / 10 * 10 + 1));
    }
    db.writeItem(EntityId.of(41), Map.of());
    // I follow creator 21 and the user Bert, who follows Carl and creator 11; Carl follows it, too.
    db.follow(ME, 21);
    db.follow(ME, BERT);
    db.follow(BERT, CARL);
    db.follow(BERT, 11);
    db.follow(CARL, 11);
    db.signal("like", EntityId.of(12), Signal.by(BERT));
    db.signal("like", EntityId.of(31), Signal.by(CARL));
    db.signal("like", EntityId.of(41), Signal.by(CARL));
    var mine = db.createCollection(ME, "mine", Visibility.PRIVATE);
    db.addToCollection(mine, EntityId.of(41));
    var other = db.createCollection(ME, "also mine", Visibility.PUBLIC);
    db.addToCollection(other, EntityId.of(11));
    db.addToCollection(db.createCollection(BERT, "his", Visibility.PUBLIC), EntityId.of(21));
    for (int i = 0; i < 40; i++) {
      db.signal("view", EntityId.of(11), Signal.anonymous());
      db.signal("completion", EntityId.of(11), Signal.anonymous());
      db.signal("view", EntityId.of(21), Signal.anonymous());
    }
  }

  private static List<Long> ids(TidalDb db, Filter filter) {
    return db.retrieve(MINE.filter(filter)).hits().stream().map(hit -> hit.id().value()).toList();
  }

  private static void check(TidalDb db) {
    assertThat(ids(db, field("creator.verified").is(true))).containsExactly(11L, 12L);
    assertThat(ids(db, not(field("creator.verified").is(true)))).containsExactly(21L, 31L, 41L);
    assertThat(ids(db, field("creator.verified").exists())).containsExactly(11L, 12L, 21L);
    assertThat(ids(db, field("creator.followers").between(1, 5000))).containsExactly(11L, 12L, 21L);
    assertThat(ids(db, field("creator.followers").atLeast(2))).containsExactly(11L, 12L);
    assertThat(ids(db, field("creator.followers").is(0.0))).containsExactly(31L);
    assertThat(ids(db, inNetwork(1))).containsExactly(12L);
    assertThat(ids(db, inNetwork(2))).containsExactly(12L, 31L, 41L);
    assertThat(ids(db, inMyCollections())).containsExactly(11L, 41L);
    assertThat(ids(db, affinity(4.5))).containsExactly(21L);
    assertThat(ids(db, affinity(5.5))).isEmpty();
    assertThat(ids(db, quality().atLeast(0.5))).containsExactly(11L);
    assertThat(ids(db, completionRate().lessThan(0.4))).containsExactly(21L);
  }

  @Test
  void everyLeafHoldsBeforeAndAfterACrash() {
    var db = open(2_000);
    fill(db);
    check(db);
    TestDoor.abandon(db);
    try (var again = open(2_000)) {
      check(again);
      again.unfollow(ME, BERT);
      assertThat(ids(again, inNetwork(2))).isEmpty();
      again.unfollow(CARL, 11);
      assertThat(ids(again, field("creator.followers").atLeast(2))).isEmpty();
    }
  }

  @Test
  void aCutNetworkIsToldAndTheVerdictNamesTheLeaf() {
    try (var db = open(1)) {
      fill(db);
      db.follow(ME, CARL);
      var page = db.query("RETRIEVE items FOR USER 1 FILTER in_network(depth:1) SORT BY old");
      assertThat(page.warnings()).containsExactly(new Warning("FAN_OUT_CAPPED", "depth=1 users=1"));
      for (var leaf :
          List.of(
              "creator.verified = true",
              "creator.followers >= 2",
              "in_network(depth:2)",
              "affinity(min:6)",
              "in_my_collections()",
              "quality() >= 0.5",
              "completion_rate() >= 0.9")) {
        var verdict =
            (ItemVerdict) db.explain("EXPLAIN ITEM 21 IN RETRIEVE items FOR USER 1 FILTER " + leaf);
        assertThat(verdict.verdict()).isEqualTo(ItemVerdict.Verdict.FILTERED);
        assertThat(verdict.facts()).isEqualTo("leaf=" + leaf);
      }
    }
  }
}
