package io.tidaldb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {

  private static final String RATINGS =
      """
      {"schema": {"signals": {
         "like": {"decay": "permanent"}, "view": {"decay": "permanent"}}},
       "sources": [{"file": "ratings.csv", %s "signals": {
         "rules": [{"when": {"rating": {">=": 4}}, "signal": "like"},
                   {"when": {"rating": {">=": 2}}, "signal": {"from": "kind"}}],
         "entity": "item", "user": {"from": "user", "null": "-1"}, "weight": "rating",
         "at": {"from": "ts", "format": "epoch_seconds"}}}]}
      """;

  private static final String FILMS =
      """
      {"sources": [{"file": "films.jsonl", "items": {
         "id": "id", "when": {"adult": {"exists": false}},
         "fields": {"title": "name", "tags": {"from": "genres", "split": "|", "null": "none"},
                    "category": {"from": "genres", "split": "|", "pick": "first"},
                    "year": {"from": "name", "match": "\\\\((\\\\d{4})\\\\)$"},
                    "created_at": "ts"}}}]}
      """;

  private final Door door = new Door();

  @TempDir private Path folder;

  @Test
  void rowsBecomeSignalsByTheFirstRuleThatFits() throws IOException {
    var loaded =
        ratings(
            """
            user,item,rating,kind,ts
            7,1,4.5,,20
            -1,2,3,view,10
            ,3,1,view,30
            """);
    assertThat(loaded.read()).isEqualTo(3);
    assertThat(loaded.written()).isEqualTo(2);
    assertThat(loaded.skipped()).isEqualTo(1);
    assertThat(door.written)
        .satisfiesExactly(
            write -> {
              var signal = (Write.SignalWrite) write;
              assertThat(signal.name()).isEqualTo("view");
              assertThat(signal.signal().user()).isEmpty();
              assertThat(signal.signal().weight()).isEqualTo(3.0);
              assertThat(signal.signal().at()).contains(Timestamp.ofNanos(10_000_000_000L));
            },
            write -> {
              var signal = (Write.SignalWrite) write;
              assertThat(signal.name()).isEqualTo("like");
              assertThat(signal.signal().user()).contains(EntityId.of(7));
            });
  }

  @Test
  void rowsBecomeItemsWithFieldsThatAreThere() throws IOException {
    films(
        """
        {"id": 1, "name": "Alien (1979)", "genres": "horror|sf", "ts": "2020-01-02"}
        {"id": 2, "name": "Untitled", "genres": "none", "ts": "2020-01-01T00:00:00Z"}
        {"id": 3, "name": "No", "adult": true}
        """);
    assertThat(door.written)
        .extracting(write -> (Object) ((Write.EntityWrite) write).metadata())
        .containsExactly(
            Map.of(
                "title",
                "Untitled",
                "category",
                "none",
                "created_at",
                moment("2020-01-01T00:00:00Z")),
            Map.of(
                "title",
                "Alien (1979)",
                "tags",
                List.of("horror", "sf"),
                "category",
                "horror",
                "year",
                "1979",
                "created_at",
                moment("2020-01-02T00:00:00Z")));
  }

  @Test
  void rowsBecomeRelationsOfTheirTime() throws IOException {
    var mapping =
        """
        {"sources": [{"file": "follows.csv", "relations": {
           "user": "user", "type": "follow", "on": "user", "target": "whom", "weight": "w",
           "at": {"from": "ts", "format": "epoch_seconds"}}}]}
        """;
    var rows =
        """
        user,whom,w,ts
        7,8,2.5,20
        7,9,,10
        ,9,,10
        """;
    var loaded = load(mapping, "follows.csv", rows, door, options(null));
    assertThat(loaded.target()).isEqualTo("relations");
    assertThat(loaded.rejected()).isEqualTo(1);
    assertThat(door.written)
        .satisfiesExactly(
            write -> {
              var set = (RelationWrite.SetRelation) write;
              assertThat(set.target()).isEqualTo(io.tidaldb.schema.Target.user(EntityId.of(9)));
              assertThat(set.weight()).isEqualTo(1.0);
            },
            write -> {
              var set = (RelationWrite.SetRelation) write;
              assertThat(set.user()).isEqualTo(EntityId.of(7));
              assertThat(set.weight()).isEqualTo(2.5);
              assertThat(set.at()).contains(Timestamp.ofNanos(20_000_000_000L));
            });
  }

  @Test
  void aRelationThatItsTypeDoesNotTakeIsRefused() {
    assertThatThrownBy(
            () ->
                Mapping.parse(
                    """
                    {"sources": [{"file": "f.csv", "relations": {
                       "user": "u", "type": "hide", "on": "user", "target": "t"}}]}
                    """))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("hide");
  }

  @Test
  void rowsBecomeMembersOfNamedCollectionsInTheOrderOfTime() throws IOException {
    var mapping =
        """
        {"sources": [{"file": "tags.csv", "collections": {
           "owner": "user", "name": "tag", "visibility": "public", "item": "film",
           "at": {"from": "ts", "format": "epoch_seconds"}}}]}
        """;
    var loaded =
        load(
            mapping,
            "tags.csv",
            "user,tag,film,ts\n7,sea,2,20\n7,sea,1,10\n7,,1,5\n",
            door,
            options(null));
    assertThat(loaded.rejected()).isEqualTo(1);
    assertThat(door.written)
        .extracting(write -> ((CollectionWrite.Collecting) write).item())
        .containsExactly(EntityId.of(1), EntityId.of(2));
    assertThat((CollectionWrite.Collecting) door.written.getFirst())
        .satisfies(
            write -> {
              assertThat(write.owner()).isEqualTo(EntityId.of(7));
              assertThat(write.name()).isEqualTo("sea");
              assertThat(write.visibility()).isEqualTo(Visibility.PUBLIC);
            });
  }

  @Test
  void badRowsAreCountedAndWrittenWithLineAndReason() throws IOException {
    door.refused.add(EntityId.of(66));
    var loaded =
        ratings(
            """
            user,item,rating,kind,ts
            1,1,5,x,10
            -2,1,5,x,11
            1,-1,5,x,12
            1,,5,x,13
            1,1,five,x,14
            1,1,3,dance,15
            1,1,5,x,soon
            1,1,5
            1,66,5,x,16
            1,1,5,x,-9
            1,1,5,x,17
            """);
    assertThat(loaded.read()).isEqualTo(11);
    assertThat(loaded.written()).isEqualTo(2);
    assertThat(loaded.rejected()).isEqualTo(9);
    assertThat(Files.readAllLines(folder.resolve("rejects")))
        .hasSize(9)
        .anySatisfy(line -> assertThat(line).contains("\"line\":3", "user given=-2"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":4", "item given=-1"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":5", "id is missing"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":6", "not a number", "five"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":7", "unknown signal: name=dance"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":8", "not a time: given=soon"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":9", "wrong number of cells"))
        .anySatisfy(line -> assertThat(line).contains("\"line\":10", "refused: id=66"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "\"source\":\"ratings.csv\"", "\"line\":11", "\"row\":\"1,1,5,x,-9\""));
  }

  @Test
  void aSecondRunChangesNothing() throws IOException {
    var rows = randomRatings(5_000);
    var first = ratings(rows);
    var state = List.copyOf(door.written);
    var second = ratings(rows);
    assertThat(second.written()).isZero();
    assertThat(second.duplicates()).isEqualTo(first.written()).isEqualTo(state.size());
    assertThat(door.written).isEqualTo(state);
  }

  @Test
  void untilIsAPrefixAndTheRestComesLater() throws IOException {
    var rows = randomRatings(3_000);
    var whole = new Door();
    load(RATINGS.formatted(""), "ratings.csv", rows, whole, options(null));
    for (var until : List.of(0L, 400L, 777L, 10_000L)) {
      var parts = new Door();
      var first = load(RATINGS.formatted(""), "ratings.csv", rows, parts, options(until));
      assertThat(parts.written)
          .allSatisfy(write -> assertThat(seconds(write)).isLessThanOrEqualTo(until));
      assertThat(whole.written.stream().filter(write -> seconds(write) <= until))
          .containsExactlyElementsOf(parts.written);
      var rest = load(RATINGS.formatted(""), "ratings.csv", rows, parts, options(null));
      assertThat(rest.duplicates()).isEqualTo(first.written());
      assertThat(parts.written).isEqualTo(whole.written);
    }
  }

  @Test
  void ranksFollowTimeAndThenLines() throws IOException {
    ratings(
        """
        user,item,rating,kind,ts
        1,1,5,x,30
        1,2,5,x,10
        1,3,1,x,20
        1,4,5,x,10
        """);
    assertThat(door.written)
        .extracting(Door::id)
        .containsExactly(EntityId.of(2), EntityId.of(4), EntityId.of(1));
    assertThat(door.written)
        .extracting(write -> ((IdempotencyKey.Sequence) write.key().orElseThrow()).number())
        .containsExactly(0L, 1L, 3L);
  }

  @Test
  void whatIsSortedIsStreamedWithTheSameKeys() throws IOException {
    var rows =
        """
        user,item,rating,kind,ts
        1,1,5,x,10
        1,1,5,x,oops
        1,2,5,x,10
        1,3,5,x,20
        """;
    ratings(rows);
    var streamed = new Door();
    var loaded =
        load(RATINGS.formatted("\"sorted\": true,"), "ratings.csv", rows, streamed, options(10L));
    assertThat(loaded.later()).isEqualTo(1);
    assertThat(loaded.rejected()).isEqualTo(1);
    assertThat(streamed.written).isEqualTo(door.written.subList(0, 2));
  }

  @Test
  void whatIsNotSortedIsRefusedBeforeAnythingIsWritten() {
    assertThatThrownBy(
            () ->
                load(
                    RATINGS.formatted("\"sorted\": true,"),
                    "ratings.csv",
                    "user,item,rating,kind,ts\n1,1,5,x,20\n1,2,5,x,10\n",
                    door,
                    options(null)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("line=3");
    assertThat(door.written).isEmpty();
  }

  @Test
  void keysOfTwoProducersDiffer() throws IOException {
    var rows = "user,item,rating,kind,ts\n1,1,5,x,20\n";
    ratings(rows);
    load(RATINGS.formatted("\"producer\": \"two\","), "ratings.csv", rows, door, options(null));
    assertThat(new HashSet<>(door.written)).hasSize(2);
  }

  private static Timestamp moment(String text) {
    return Timestamp.of(Instant.parse(text));
  }

  private static Loader.Options options(@Nullable Long untilSeconds) {
    var until = untilSeconds == null ? null : Timestamp.ofNanos(untilSeconds * 1_000_000_000);
    return new Loader.Options(until, 7, 100);
  }

  private Loaded ratings(String rows) throws IOException {
    return load(RATINGS.formatted(""), "ratings.csv", rows, door, options(null));
  }

  private Loaded films(String rows) throws IOException {
    return load(FILMS, "films.jsonl", rows, door, options(null));
  }

  private Loaded load(
      String mappingText, String name, String rows, Door target, Loader.Options options)
      throws IOException {
    var mapping = Mapping.parse(mappingText);
    var file = Files.writeString(folder.resolve(name), rows);
    var schema =
        mapping
            .schema()
            .orElseGet(() -> Mapping.parse(RATINGS.formatted("")).schema().orElseThrow());
    try (var rejects = new Rejects(folder.resolve("rejects"))) {
      return Loader.load(
          mapping.sources().getFirst(),
          file,
          new Loader.Context(schema, target::write, rejects, Progress.NONE, options));
    }
  }

  private static String randomRatings(int count) {
    var random = new SplittableRandom(11);
    var rows = new StringBuilder("user,item,rating,kind,ts\n");
    for (var row = 0; row < count; row++) {
      rows.append(
          "%d,%d,%d,view,%d\n"
              .formatted(
                  random.nextInt(9),
                  random.nextInt(99),
                  random.nextInt(1, 6),
                  random.nextInt(1_000)));
    }
    return rows.toString();
  }

  private static long seconds(Write write) {
    return ((Write.SignalWrite) write).signal().at().orElseThrow().nanos() / 1_000_000_000;
  }
}
