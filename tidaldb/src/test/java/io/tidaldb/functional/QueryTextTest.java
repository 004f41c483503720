package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.QueryAnalysis;
import io.tidaldb.schema.QueryPlan;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.ManualClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests as text, through the door.
class QueryTextTest {

  private final ManualClock clock = new ManualClock();
  private final TidalDb db = Doors.ephemeral(clock).open();

  @BeforeEach
  void write() {
    for (long id = 1; id <= 9; id++) {
      clock.advance(Duration.ofHours(1));
      db.writeItem(
          EntityId.of(id),
          Map.of("category", id % 2 == 0 ? "jazz" : "folk", "title", "number " + id));
      for (long view = 0; view < id; view++) {
        db.signal("view", EntityId.of(id));
      }
    }
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void aTextIsARequest() {
    var request =
        Retrieve.items()
            .forUser(42)
            .filter(Filter.unseen().and(Filter.field("category").is("jazz")))
            .sortBy(Sort.NEW)
            .limit(2);
    var page =
        db.query(
            "retrieve items for user $me filter unseen, category = 'jazz' sort by new limit 2",
            Map.of("me", 42));
    assertThat(page.hits()).isEqualTo(db.retrieve(request).hits());
    assertThat(page.hits()).extracting(hit -> hit.id().value()).containsExactly(8L, 6L);
    assertThat(page.requestId()).isEqualTo(db.retrieve(request).requestId());
  }

  /// `now` in a filter is the query's time, so that it is the same on the next page.
  @Test
  void pagesFollowEachOtherWhileTimePasses() {
    var text = "RETRIEVE items FILTER created AFTER now - 5h SORT BY new LIMIT 3";
    var first = db.query(text);
    clock.advance(Duration.ofMinutes(30));
    var next = first.next().orElseThrow();
    var second = db.query(text + " CURSOR $next", Map.of("next", next));
    assertThat(first.hits()).extracting(hit -> hit.id().value()).containsExactly(9L, 8L, 7L);
    assertThat(second.hits()).extracting(hit -> hit.id().value()).containsExactly(6L, 5L, 4L);
    assertThat(db.query("RETRIEVE items AT now - 1h").stats().at().nanos())
        .isEqualTo(db.query("RETRIEVE items").stats().at().nanos() - Duration.ofHours(1).toNanos());
  }

  private void refused(String code, String at, String text) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .as(text)
        .isThrownBy(() -> db.query(text))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.offset()).isEqualTo(text.lastIndexOf(at));
              assertThat(e.getMessage().lines()).hasSize(3);
            });
  }

  @Test
  void errorsOfMeaningHaveAPlaceToo() {
    refused("LIMIT_OUT_OF_RANGE", "LIMIT", "RETRIEVE items LIMIT 1001");
    refused("FIELD_UNDECLARED", "categroy", "RETRIEVE items FILTER categroy = 'jazz'");
    refused("FIELD_TYPE", "category", "RETRIEVE items FILTER unblocked AND category > 5");
    refused("NOT_FOUND", "veiw", "RETRIEVE items FILTER signal(name:veiw) > 1");
    refused("NOT_FOUND", "hto", "RETRIEVE items USING PROFILE hto");
    refused("NOT_FOUND", "hot", "RETRIEVE items USING PROFILE hot@7");
    refused("NOT_FOUND", "nobody", "RETRIEVE items FOR COHORT nobody");
    refused("NOT_FOUND", "99", "RETRIEVE items FILTER in_collection(id:99)");
    refused("CURSOR_INVALID", "CURSOR", "RETRIEVE items CURSOR 'abc'");
    refused("KIND_UNSUPPORTED", "creators", "RETRIEVE creators FOR CREATOR 9");
    refused("DEADLINE_OUT_OF_RANGE", "DEADLINE", "RETRIEVE items DEADLINE 2m");
    refused("CLAUSE_LATER", "SEARCH", "SEARCH items QUERY 'blue'");
    refused("CLAUSE_LATER", "SUGGEST", "SUGGEST 'blue'");
    refused("SOURCE_USER", "FROM", "RETRIEVE items FROM followed");
    refused("NOT_FOUND", "veiw", "RETRIEVE items FROM signal_head(signal:veiw)");
    refused("SOURCE_INVALID", "FROM", "RETRIEVE items FROM new_items(n:5000)");
    refused("EXPLAIN_ALONE", "EXPLAIN", "EXPLAIN RETRIEVE items");
    // What a program builds is refused as ever.
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () -> db.retrieve(Retrieve.items().filter(Filter.inCollection(CollectionId.of(99)))))
        .satisfies(e -> assertThat(e.name()).isEqualTo("99"));
  }

  @Test
  void errorsOfAnInnerQueryHaveAPlaceInIt() {
    refused(
        "LIMIT_OUT_OF_RANGE",
        "LIMIT",
        "RETRIEVE items LIMIT 5 WITHIN (RETRIEVE items LIMIT 20000)");
    refused(
        "LIMIT_OUT_OF_RANGE", "LIMIT", "RETRIEVE items WITHIN (RETRIEVE items LIMIT 5) LIMIT 5000");
    refused(
        "NOT_FOUND",
        "hto",
        "RETRIEVE items USING PROFILE hot WITHIN (RETRIEVE items SORT BY new USING PROFILE hto)");
    refused(
        "NOT_FOUND", "veiw", "RETRIEVE items WITHIN (RETRIEVE items FILTER signal(name:veiw) > 1)");
    refused("WITHIN_TIME", "WITHIN", "RETRIEVE items WITHIN (RETRIEVE items AT now - 1h)");
    assertThat(db.query("RETRIEVE items WITHIN (RETRIEVE items SORT BY new LIMIT 2) SORT BY old"))
        .extracting(hit -> hit.id().value())
        .containsExactly(8L, 9L);
  }

  @Test
  void explanations() {
    var asked = "RETRIEVE items FILTER category = 'jazz' SORT BY most_viewed LIMIT 2";
    var plan = (QueryPlan) db.explain(asked);
    assertThat(plan).isEqualTo(db.explain("EXPLAIN " + asked));
    assertThat(plan.order()).isEqualTo("most_viewed");
    var analysis = (QueryAnalysis) db.explain("EXPLAIN ANALYZE " + asked);
    assertThat(analysis.plan()).isEqualTo(plan);
    assertThat(analysis.results().hits())
        .extracting(hit -> hit.id().value())
        .containsExactly(8L, 6L);
    var verdict = (ItemVerdict) db.explain("EXPLAIN ITEM $id IN " + asked, Map.of("id", 4));
    assertThat(verdict.verdict()).isEqualTo(ItemVerdict.Verdict.BELOW_LIMIT);
    assertThat(verdict.facts()).isEqualTo("rank=3");
    assertThat(verdict.score().orElseThrow().contribution()).isEqualTo(4);
  }
}
