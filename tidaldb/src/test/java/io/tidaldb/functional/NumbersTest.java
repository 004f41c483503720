package io.tidaldb.functional;

import static io.tidaldb.functional.Doors.ITEM;
import static io.tidaldb.schema.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SchemaException;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers that are updated alone: which of two holds, and for how long a live counter is read.
final class NumbersTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final EntityId OTHER = EntityId.of(2);

  private final ManualClock clock = new ManualClock(START);

  @TempDir private Path folder;

  private TidalDb open() {
    return open(Schemas.video());
  }

  private TidalDb open(Schema schema) {
    return TidalDb.builder().dataDirectory(folder.resolve("db")).schema(schema).clock(clock).open();
  }

  private static List<Long> ids(TidalDb db, Filter filter) {
    return db.retrieve(Retrieve.items().filter(filter).sortBy(Sort.NEW)).hits().stream()
        .map(Hit::id)
        .map(EntityId::value)
        .sorted()
        .toList();
  }

  private List<String> events() {
    var events = new ArrayList<String>();
    TidalDb.inspect(folder.resolve("db"))
        .events(1, Long.MAX_VALUE, line -> events.add(String.valueOf(line.get("event"))));
    return events;
  }

  private static Filter watched() {
    return field("live_viewer_count").atLeast(100);
  }

  @Test
  void aLiveCounterIsReadAsLongAsItIsFreshToTheNanosecond() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("title", "sea"));
      db.updateItem(ITEM, Map.of("live_viewer_count", 512));
      clock.set(START.plus(FIVE_MINUTES));
      assertThat(ids(db, watched())).containsExactly(1L);
      assertThat(ids(db, field("live_viewer_count").exists())).containsExactly(1L);
      db.checkpoint();
    }
    try (var db = open()) {
      assertThat(ids(db, watched())).containsExactly(1L);
      var live = Retrieve.items().sortBy(Sort.LIVE_VIEWER_COUNT);
      assertThat(db.retrieve(live).hits().getFirst().score()).isEqualTo(512);

      clock.set(START.plus(FIVE_MINUTES).plusNanos(1));
      assertThat(ids(db, watched())).isEmpty();
      assertThat(ids(db, field("live_viewer_count").exists())).isEmpty();
      assertThat(ids(db, Filter.not(watched()))).containsExactly(1L);
      assertThat(db.retrieve(live).hits()).isEmpty();
      // A query of the past sees what was fresh then, a read what was written.
      var past = Retrieve.items().filter(watched()).at(Timestamp.of(START.plus(FIVE_MINUTES)));
      assertThat(db.retrieve(past.sortBy(Sort.NEW)).hits()).hasSize(1);
      assertThat(db.getItemMetadata(ITEM).orElseThrow().number("live_viewer_count")).hasValue(512);

      db.updateItem(ITEM, Map.of("live_viewer_count", 512));
      assertThat(ids(db, watched())).containsExactly(1L);
    }
  }

  @Test
  void anUpdateOfWordsDoesNotRefreshACounterAndAWriteDoes() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("title", "sea", "live_viewer_count", 512));
      db.writeItem(OTHER, Map.of("title", "hill", "live_viewer_count", 512));
      clock.set(START.plus(Duration.ofMinutes(4)));
      db.updateItem(ITEM, Map.of("title", "the sea"));
      db.writeItem(OTHER, Map.of("title", "the hill", "live_viewer_count", 512));
      clock.set(START.plus(Duration.ofMinutes(6)));
      assertThat(ids(db, watched())).containsExactly(2L);
      clock.set(START.plus(Duration.ofMinutes(9)).plusNanos(1));
      assertThat(ids(db, watched())).isEmpty();
    }
  }

  @Test
  void theNumberOfTheLaterTimeHoldsHoweverItArrives() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("title", "sea", "price", 1.0));
      clock.set(START.plusSeconds(10));
      var noon = Timestamp.of(START.plusSeconds(5));
      db.updateItem(ITEM, Map.of("price", 2.0), noon);
      assertThat(db.updateItem(ITEM, Map.of("price", 3.0), before(noon)).duplicate()).isTrue();
      assertThat(price(db)).contains(2.0);
      db.updateItem(ITEM, Map.of("price", 4.0), noon);
      assertThat(price(db)).as("the later of equal times").contains(4.0);
      db.updateItem(ITEM, Map.of("price", Metadata.REMOVE), noon);
      db.checkpoint();
    }
    try (var db = open()) {
      var noon = Timestamp.of(START.plusSeconds(5));
      db.updateItem(ITEM, Map.of("price", 5.0), before(noon));
      assertThat(price(db)).as("a removal leaves its time").isEmpty();
      db.updateItem(ITEM, Map.of("price", 6.0, "episode", 3), before(noon));
      assertThat(price(db)).isEmpty();
      assertThat(db.getItemMetadata(ITEM).orElseThrow().whole("episode")).hasValue(3);
      db.writeItem(ITEM, Map.of("title", "sea"));
      db.updateItem(ITEM, Map.of("price", 7.0), noon);
      assertThat(price(db)).as("a write replaced it later").isEmpty();
      db.updateItem(ITEM, Map.of("price", 8.0));
      assertThat(price(db)).contains(8.0);
    }
  }

  private static Timestamp before(Timestamp moment) {
    return Timestamp.ofNanos(moment.nanos() - 1);
  }

  private static Optional<Double> price(TidalDb db) {
    var price = db.getItemMetadata(ITEM).orElseThrow().number("price");
    return price.isPresent() ? Optional.of(price.getAsDouble()) : Optional.empty();
  }

  @Test
  void withinOneBatchTheLaterTimeHoldsToo() {
    try (var db = open()) {
      var later = Timestamp.of(START.minusSeconds(1));
      db.write(
          List.of(
              Write.item(OTHER, Map.of()),
              Write.update(
                  EntityKind.ITEM, OTHER, Map.of("price", 1.0), Timestamp.of(START), none()),
              Write.update(EntityKind.ITEM, OTHER, Map.of("price", 2.0), later, none()),
              Write.update(EntityKind.ITEM, OTHER, Map.of("title", "hill"), later, none())));
      var metadata = db.getItemMetadata(OTHER).orElseThrow();
      assertThat(metadata.asStrings()).isEqualTo(Map.of("price", "1.0", "title", "hill"));
    }
  }

  private static Optional<io.tidaldb.schema.IdempotencyKey> none() {
    return Optional.empty();
  }

  @Test
  void onlyWordsAreLoggedAsAWhole() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("title", "sea"));
      db.updateItem(ITEM, Map.of("price", 1.0, "subtitled", true, "created_at", START));
      db.updateItem(ITEM, Map.of("price", Metadata.REMOVE));
      db.updateItem(ITEM, Map.of("title", "the sea"));
      db.updateItem(ITEM, Map.of("title", "a sea", "price", 2.0));
      db.updateItem(ITEM, Map.of("sequel_of", 7L));
      assertThat(db.getItemMetadata(ITEM).orElseThrow().asStrings())
          .containsOnlyKeys("title", "subtitled", "created_at", "price", "sequel_of");
      assertThat(ids(db, field("subtitled").is(true).and(field("price").atMost(2))))
          .containsExactly(1L);
    }
    assertThat(events())
        .filteredOn(event -> event.endsWith("Written"))
        .containsExactly(
            "EntityWritten",
            "NumbersWritten",
            "NumbersWritten",
            "EntityWritten",
            "EntityWritten",
            "NumbersWritten",
            "EntityWritten");
  }

  @Test
  void aNumberOfAUserMovesItsCohorts() {
    var schema =
        SchemaBuilder.from(Schemas.video()).field(EntityKind.USER, "level", FieldType.INTEGER);
    try (var db = open(schema.build())) {
      db.writeUser(ITEM, Map.of("language", "en", "age", 17, "level", 1));
      db.defineCohort("adults", Predicate.between("age", 18, 120));
      db.defineCohort("english", Predicate.eq("language", "en"));
      assertThat(db.cohortSize("adults")).isZero();
      db.updateUser(ITEM, Map.of("age", 18));
      assertThat(db.cohortSize("adults")).isOne();
      assertThat(db.cohortSize("english")).isOne();
      db.updateUser(ITEM, Map.of("level", 2));
      assertThat(db.cohortSize("adults")).isOne();
      db.updateUser(ITEM, Map.of("age", Metadata.REMOVE));
      assertThat(db.cohortSize("adults")).isZero();
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void freshnessIsDeclaredChangedAndRefused() {
    var seats =
        SchemaBuilder.from(Schemas.video())
            .field(EntityKind.ITEM, "seats", FieldType.INTEGER, f -> f.fresh(Duration.ofHours(1)))
            .build();
    assertThat(Schema.parse(seats.canonical())).isEqualTo(seats);
    try (var db = open(seats)) {
      db.writeItem(ITEM, Map.of("seats", 5));
      clock.set(START.plus(Duration.ofHours(1)));
      assertThat(ids(db, field("seats").atLeast(1))).containsExactly(1L);
      clock.set(START.plus(Duration.ofHours(1)).plusNanos(1));
      assertThat(ids(db, field("seats").atLeast(1))).isEmpty();
    }
    var longer =
        SchemaBuilder.from(Schemas.video())
            .field(EntityKind.ITEM, "seats", FieldType.INTEGER, f -> f.fresh(Duration.ofHours(2)))
            .build();
    try (var db = open(longer)) {
      assertThat(ids(db, field("seats").atLeast(1))).containsExactly(1L);
    }
    for (var wrong :
        List.of(
            new SchemaBuilder()
                .field(EntityKind.ITEM, "x", FieldType.NUMBER, f -> f.fresh(Duration.ofNanos(1))),
            new SchemaBuilder()
                .field(EntityKind.ITEM, "x", FieldType.NUMBER, f -> f.fresh(Duration.ofDays(366))),
            new SchemaBuilder()
                .field(EntityKind.ITEM, "x", FieldType.TIME, f -> f.fresh(FIVE_MINUTES)),
            new SchemaBuilder()
                .field(EntityKind.USER, "x", FieldType.NUMBER, f -> f.fresh(FIVE_MINUTES)))) {
      assertThatThrownBy(wrong::build)
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("fresh");
    }
  }
}
