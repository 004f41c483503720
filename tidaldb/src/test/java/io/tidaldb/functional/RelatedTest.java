package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is engaged with together, through the door.
final class RelatedTest {

  private static final int ITEMS = 12;

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private TidalDb open() {
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(Schemas.video())
        .clock(clock)
        .open();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  /// Users who like few items each, at one time, so that strengths are counts.
  private static Map<Long, Map<Long, Integer>> like(TidalDb db, Timestamp at, int seed) {
    var random = new SplittableRandom(seed);
    var together = new HashMap<Long, Map<Long, Integer>>();
    for (long user = 1; user <= 40; user++) {
      var liked = random.longs(4, 1, ITEMS + 1).distinct().toArray();
      for (long item : liked) {
        db.signal("like", EntityId.of(item), Signal.by(EntityId.of(user)).at(at));
        for (long other : liked) {
          if (other != item) {
            together.computeIfAbsent(item, _ -> new HashMap<>()).merge(other, 1, Integer::sum);
          }
        }
      }
    }
    return together;
  }

  @Test
  void relatedEqualsTheNaiveOrderBeforeAndAfterACrash() {
    var db = open();
    for (long id = 1; id <= ITEMS; id++) {
      db.writeItem(EntityId.of(id), Map.of("title", "item " + id));
    }
    var together = like(db, Timestamp.of(clock.instant()), 5);
    check(db, together);
    TestDoor.abandon(db);
    try (var again = open()) {
      check(again, together);
    }
  }

  private static void check(TidalDb db, Map<Long, Map<Long, Integer>> together) {
    for (var entry : together.entrySet()) {
      var counts = entry.getValue();
      var results = db.retrieve(Retrieve.items().relatedTo(EntityId.of(entry.getKey())));
      assertThat(ids(results)).doesNotContain(entry.getKey()).hasSize(ITEMS - 1);
      var neighbours = results.hits().stream().filter(hit -> counts.containsKey(hit.id().value()));
      int strongest = counts.values().stream().max(Integer::compare).orElseThrow();
      // Every event was now, so strengths are numbers of users; each pair counts from one side
      // only.
      assertThat(neighbours.map(hit -> Math.round(share(hit) * strongest)).toList())
          .isEqualTo(
              counts.values().stream().sorted((a, b) -> b - a).map(Integer::longValue).toList());
      assertThat(ids(results).subList(0, counts.size()))
          .containsExactlyInAnyOrderElementsOf(counts.keySet());
    }
  }

  private static double share(Hit hit) {
    return hit.explanation().children().stream()
            .filter(part -> part.name().equals("co_engagement"))
            .findFirst()
            .orElseThrow()
            .contribution()
        / 0.20;
  }

  @Test
  void theNextQuerySeesALikeAndADeletionAndTheFilterHolds() {
    try (var db = open()) {
      for (long id = 1; id <= 4; id++) {
        db.writeItem(EntityId.of(id), Map.of("category", id == 2 ? "jazz" : "folk"));
        clock.advance(Duration.ofSeconds(1));
      }
      var request = Retrieve.items().relatedTo(EntityId.of(1)).limit(2);
      assertThat(db.retrieve(request).warnings().getFirst().code()).isEqualTo("SEED_UNKNOWN");
      for (long item : new long[] {1, 2, 3}) {
        db.signal("like", EntityId.of(item), Signal.by(7));
      }
      db.signal("like", EntityId.of(1), Signal.by(8));
      db.signal("like", EntityId.of(3), Signal.by(8));
      assertThat(ids(db.retrieve(request))).containsExactly(3L, 2L);
      assertThat(ids(db.retrieve(request.filter(Filter.field("category").is("jazz")))))
          .containsExactly(2L);
      db.deleteItem(EntityId.of(3));
      assertThat(ids(db.retrieve(request))).containsExactly(2L, 4L);
      db.writeItem(EntityId.of(3), Map.of());
      assertThat(ids(db.retrieve(request.limit(1)))).containsExactly(2L);
    }
  }
}
