package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// A little of everything, and all of it found again: no surface knows an event that another lacks.
final class MixedWorkload {

  private static final long BASE = LedgerTries.BASE;
  private static final long STEP = LedgerTries.STEP;
  private static final EntityId USER = EntityId.of(1);
  private static final EntityId HIDDEN = EntityId.of(77);

  private MixedWorkload() {}

  static void write(TidalDb db) {
    for (long i = 1; i <= 100; i++) {
      db.writeItemWithMetadata(EntityId.of(i), metadata(i));
    }
    for (long i = 1; i <= 100; i++) {
      db.signal("view", EntityId.of(i), 1.0, Timestamp.ofNanos(BASE + i * STEP));
    }
    var id = db.createCollection(1, "test", Visibility.PUBLIC);
    for (long i = 1; i <= 10; i++) {
      db.addToCollection(id, EntityId.of(i));
    }
    db.writeUser(USER, Map.of("language", "en"));
    db.defineCohort("english", "language = \"en\"");
    for (long i = 1; i <= 10; i++) {
      db.signal("like", EntityId.of(i), Signal.by(USER).at(Timestamp.ofNanos(BASE + i * STEP)));
      db.signal("like", EntityId.of(i), Signal.by(2).at(Timestamp.ofNanos(BASE + i * STEP)));
    }
    db.signal("hide", HIDDEN, Signal.by(USER));
    var session = db.startSession(1, "test-agent", "default");
    session.signal("view", EntityId.of(50), 1.0, Timestamp.ofNanos(BASE));
    session.annotate(EntityId.of(50), "good recommendation");
  }

  private static Map<String, String> metadata(long item) {
    return Map.of("title", "Item " + item, "creator_id", Long.toString(item % 10));
  }

  static void holds(TidalDb db) {
    for (long i = 1; i <= 100; i++) {
      var item = EntityId.of(i);
      assertThat(db.getItemMetadata(item).map(Metadata::asStrings)).contains(metadata(i));
      assertThat(M7CrashM6Test.viewsOf(db, i)).isEqualTo(i == 50 ? 2 : 1);
      assertThat(db.readWindowedCount(item, "like", Window.ALL_TIME)).isEqualTo(i <= 10 ? 2 : 0);
      assertThat(db.readCohortWindowedCount("english", item, "like", Window.ALL_TIME))
          .isEqualTo(i <= 10 ? 1 : 0);
      assertThat(db.readCohortWindowedCount("english", item, "view", Window.ALL_TIME))
          .isEqualTo(i == 50 ? 1 : 0);
    }
    var collections = db.listCollections(1);
    assertThat(collections).hasSize(1);
    assertThat(collections.getFirst().itemCount()).isEqualTo(10);
    var items = LongStream.rangeClosed(1, 100).boxed().toList();
    CollectionReadings.agree(db, 1, collections.getFirst().id(), items.subList(0, 10), items);
    assertThat(db.coEngagement().edgeCount()).isEqualTo(45);
    assertThat(db.coEngagement().neighbours(EntityId.of(1), 20)).hasSize(9);
    hiddenStaysHidden(db);
    var snapshot = db.activeSessions(1).getFirst().snapshot();
    assertThat(snapshot.signalCount()).isEqualTo(1);
    assertThat(snapshot.annotations()).hasSize(1);
    assertThat(db.verify(true).findings()).isEmpty();
  }

  private static void hiddenStaysHidden(TidalDb db) {
    var request = Retrieve.items().limit(1_000);
    assertThat(db.retrieve(request.sortBy(Sort.NEW)).hits()).hasSize(100);
    for (var own :
        List.of(
            request.forUser(1).sortBy(Sort.NEW),
            request.forUser(1).sortBy(Sort.MOST_VIEWED),
            request.forUser(1),
            request.forUser(1).profile("for_you"))) {
      assertThat(db.retrieve(own).hits()).extracting(Hit::id).isNotEmpty().doesNotContain(HIDDEN);
    }
    assertThat(db.retrieve(request.forUser(1).sortBy(Sort.NEW)).hits()).hasSize(99);
  }
}
