package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written about entities comes back, changes, goes; before and after a reopening.
final class EntitiesTest {

  private static final EntityId OTHER = EntityId.of(2);
  private static final int ROUNDS = 2_000;

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private TidalDb open() {
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(Schemas.video())
        .clock(clock)
        .open();
  }

  @Test
  void stringsAndValuesGiveEqualItemsAndUndeclaredKeysComeBackAsGiven() {
    var instant = Instant.parse("2025-03-01T12:00:00.000000007Z");
    var odd = " \u0000\t≠ 😀 {\"a\": 1}\\ ";
    try (var db = open()) {
      db.writeItem(
          ITEM,
          Map.of(
              "title",
              "High water",
              "category",
              "Sea",
              "tags",
              List.of("live", "4k"),
              "episode",
              7L,
              "price",
              9.5,
              "duration",
              Duration.ofMillis(90_500),
              "created_at",
              instant,
              "subtitled",
              true,
              "creator_id",
              EntityId.of(-2),
              "odd " + odd,
              odd));
      db.writeItem(
          OTHER,
          Map.of(
              "title",
              "High water",
              "category",
              "Sea",
              "tags",
              "live, 4k",
              "episode",
              "7",
              "price",
              "9.5",
              "duration",
              "PT1M30.5S",
              "created_at",
              "2025-03-01T12:00:00.000000007Z",
              "subtitled",
              "true",
              "creator_id",
              "18446744073709551614",
              "odd " + odd,
              odd));
      assertEqualItems(db, odd);
    }
    try (var db = open()) {
      assertEqualItems(db, odd);
    }
  }

  private static void assertEqualItems(TidalDb db, String odd) {
    var one = db.getItemMetadata(ITEM).orElseThrow();
    assertThat(db.getItemMetadata(OTHER)).contains(one);
    assertThat(one.asStrings()).hasSize(10).containsEntry("odd " + odd, odd);
    assertThat(one.duration("duration")).contains(Duration.ofMillis(90_500));
    assertThat(
            db.retrieve(
                    Retrieve.items()
                        .filter(
                            Filter.field("category")
                                .is("sea")
                                .and(Filter.field("tags").hasAll("LIVE", "4k"))
                                .and(Filter.field("episode").is(7))
                                .and(Filter.field("price").atLeast(9.5))
                                .and(Filter.field("duration").lessThan(91))
                                .and(Filter.field("subtitled").is(true))
                                .and(Filter.field("creator").is(EntityId.of(-2)))))
                .hits())
        .hasSize(2);
  }

  @Test
  void nothingOfARefusedCallIsKept() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("price", 1.0));
      long position = db.position();
      for (Runnable call :
          List.<Runnable>of(
              () -> db.writeItem(ITEM, Map.of("category", "sea", "price", "dear")),
              () -> db.updateItem(ITEM, Map.of("category", "sea", "price", "dear")),
              () -> db.writeCreator(ITEM, Map.of("followers", 3)),
              () ->
                  db.write(
                      List.of(
                          Write.item(OTHER, Map.of()),
                          Write.item(ITEM, Map.of("price", "dear")))))) {
        assertThatThrownBy(call::run).isInstanceOf(InvalidRequestException.class);
      }
      assertThatThrownBy(
              () ->
                  db.write(
                      List.of(
                          Write.item(ITEM, Map.of("price", 2.0)),
                          Write.update(
                              EntityKind.ITEM, OTHER, Map.of("price", 1.0), Optional.empty()))))
          .isInstanceOf(NotFoundException.class);
      assertThat(db.position()).isEqualTo(position);
      assertThat(db.getItemMetadata(ITEM).orElseThrow().asStrings()).containsEntry("price", "1.0");
      assertThat(db.readItem(OTHER)).isEmpty();
    }
  }

  @Test
  void writingReplacesUpdatingMergesRemovingRemoves() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("title", "one", "price", 1, "note", "x"));
      db.writeItem(ITEM, Map.of("title", "two", "note", "y"));
      assertThat(db.getItemMetadata(ITEM).orElseThrow().asStrings())
          .containsOnlyKeys("title", "note");
      db.updateItem(ITEM, Map.of("price", 3, "note", Metadata.REMOVE));
      db.updateItem(ITEM, Map.of("absent", Metadata.REMOVE));
      db.writeItemWithMetadata(OTHER, Map.of());
    }
    try (var db = open()) {
      var metadata = db.getItemMetadata(ITEM).orElseThrow().asStrings();
      assertThat(metadata).isEqualTo(Map.of("title", "two", "price", "3.0"));
      assertThat(db.getItemMetadata(OTHER)).contains(Metadata.empty());
      assertThat(db.getItemMetadata(EntityId.of(3))).isEmpty();
      assertThatThrownBy(() -> db.updateUser(ITEM, Map.of()))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("user");
    }
  }

  @Test
  void twoUpdatersOfOneItemBothSurvive() throws InterruptedException {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of());
      both(
          i -> db.updateItem(ITEM, Map.of("price", i, "left" + i % 50, "1")),
          i -> db.updateItem(ITEM, Map.of("episode", i, "right" + i % 50, "1")));
      var metadata = db.getItemMetadata(ITEM).orElseThrow();
      assertThat(metadata.values()).hasSize(102);
      assertThat(metadata.number("price")).hasValue(199);
      assertThat(metadata.whole("episode")).hasValue(199);
    }
  }

  private static void both(LongConsumer left, LongConsumer right) throws InterruptedException {
    var begin = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (var action : List.of(left, right)) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    awaitQuietly(begin);
                    LongStream.range(0, 200).forEach(action);
                  }));
    }
    begin.countDown();
    for (var thread : threads) {
      thread.join();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnsweredWriteIsReadFilteredSortedAndCountedByTheNextCallOfAnotherThread()
      throws InterruptedException {
    try (var db = Doors.ephemeral(clock).open()) {
      var answered = new AtomicLong();
      var failed = new ArrayList<String>();
      var reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    long seen = 0;
                    while (seen < ROUNDS && failed.isEmpty()) {
                      long last = answered.get();
                      if (last > seen) {
                        seen = last;
                        check(db, last, failed);
                      }
                      Thread.onSpinWait();
                    }
                  });
      for (long round = 1; round <= ROUNDS; round++) {
        db.writeItem(EntityId.of(round), Map.of("price", round));
        answered.set(round);
      }
      reader.join();
      assertThat(failed).isEmpty();
    }
  }

  private static void check(TidalDb db, long last, List<String> failed) {
    var id = EntityId.of(last);
    if (db.readItem(id).isEmpty()) {
      failed.add("not read: " + last);
    }
    if (db.entityCount(EntityKind.ITEM) < last) {
      failed.add("not counted: " + last);
    }
    var filtered = db.retrieve(Retrieve.items().filter(Filter.field("price").is((double) last)));
    if (filtered.hits().isEmpty()) {
      failed.add("not filtered: " + last);
    }
    var sorted =
        db.retrieve(
            Retrieve.items()
                .sortBy(Sort.NEW)
                .filter(Filter.field("price").atLeast((double) last))
                .limit(9));
    if (sorted.hits().stream().noneMatch(hit -> hit.id().equals(id))) {
      failed.add("not sorted: " + last);
    }
  }

  @Test
  void anEntityKnowsItsPositionsAndItsCreation() {
    try (var db = open()) {
      var first = db.writeItem(ITEM, Map.of("title", "one"));
      var created = clock.instant();
      clock.advance(Duration.ofHours(1));
      db.signal("view", ITEM);
      var last = db.updateItem(ITEM, Map.of("title", "two"));
      var item = db.readItem(ITEM).orElseThrow();
      assertThat(item.firstPosition()).isEqualTo(first.position());
      assertThat(item.lastPosition()).isEqualTo(last.position());
      assertThat(item.created()).isEqualTo(Timestamp.of(created));
      db.updateItem(ITEM, Map.of("created_at", "2020-01-01T00:00:00Z"));
      assertThat(db.readItem(ITEM).orElseThrow().created().toInstant())
          .isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
    }
  }

  @Test
  void deletingIsARepeatWhenAbsentAndAnIdStartsFromZero() {
    try (var db = open()) {
      assertThat(db.deleteItem(ITEM).duplicate()).isTrue();
      assertThat(db.deleteCreator(ITEM).duplicate()).isTrue();
      db.writeItem(ITEM, Map.of("title", "old", "price", 1));
      db.writeCreator(ITEM, Map.of("name", "old"));
      db.signal("view", ITEM);
      assertThat(db.deleteItem(ITEM).duplicate()).isFalse();
      assertThat(db.deleteCreator(ITEM).duplicate()).isFalse();
      assertThat(db.deleteItem(ITEM).duplicate()).isTrue();
      assertThat(Doors.views(db, ITEM)).isZero();
      db.writeItem(ITEM, Map.of("title", "new"));
    }
    try (var db = open()) {
      var item = db.readItem(ITEM).orElseThrow();
      assertThat(item.metadata().asStrings()).isEqualTo(Map.of("title", "new"));
      assertThat(item.firstPosition()).isEqualTo(db.position());
      assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isZero();
      assertThat(db.retrieve(Retrieve.items().filter(Filter.field("price").exists())).hits())
          .isEmpty();
      assertThat(db.readEntity(EntityKind.CREATOR, ITEM)).isEmpty();
      assertThatThrownBy(
              () -> db.write(List.of(Write.delete(EntityKind.USER, ITEM, Optional.empty()))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("erased");
    }
  }

  @Test
  void entitiesAreListedInUnsignedOrderOfTheirIds() {
    var ids = List.of(0L, 1L, 255L, 256L, Long.MAX_VALUE, Long.MIN_VALUE, -2L, -1L);
    try (var db = open()) {
      for (var kind : EntityKind.values()) {
        ids.reversed()
            .forEach(
                id ->
                    db.write(
                        List.of(Write.entity(kind, EntityId.of(id), Map.of(), Optional.empty()))));
      }
      db.deleteItem(EntityId.of(256));
    }
    try (var db = open()) {
      for (var kind : EntityKind.values()) {
        var expected = ids.stream().filter(id -> kind != EntityKind.ITEM || id != 256).toList();
        assertThat(db.entityCount(kind)).isEqualTo(expected.size());
        for (int size = 1; size < 10; size++) {
          var listed = new ArrayList<Entity>();
          var request = Optional.of(PageRequest.first(size));
          while (request.isPresent()) {
            var page = db.entities(kind, request.get());
            listed.addAll(page.items());
            request = page.following(request.get());
          }
          assertThat(listed).extracting(e -> e.id().value()).isEqualTo(expected);
          assertThat(listed).allMatch(e -> e.kind() == kind);
        }
      }
      assertThatThrownBy(() -> db.entities(EntityKind.ITEM, new PageRequest(5, Optional.of("-1"))))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.code()).isEqualTo("PAGE_TOKEN_INVALID"));
    }
  }
}
