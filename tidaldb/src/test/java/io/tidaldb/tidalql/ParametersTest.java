package io.tidaldb.tidalql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Timestamp;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Parameters are values of a type, each bound once and used.
class ParametersTest {

  private static final Retrieve ITEMS = Retrieve.items();

  private static void reads(String text, Object value, Query query) {
    assertThat(TidalQl.parse(text, Map.of("p", value))).as(text).isEqualTo(query);
  }

  private static void refuses(String code, String text, Object value) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .as(text)
        .isThrownBy(() -> TidalQl.parse(text, Map.of("p", value)))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.offset()).isEqualTo(text.indexOf("$p"));
            });
  }

  @Test
  void ids() {
    for (Object id : List.of(42, 42L, (short) 42, (byte) 42, EntityId.of(42), BigInteger.TWO)) {
      var expected = id.equals(BigInteger.TWO) ? 2 : 42;
      reads("RETRIEVE items FOR USER $p", id, ITEMS.forUser(expected));
    }
    reads("RETRIEVE items FOR USER $p", -1L, ITEMS.forUser(-1));
    reads("RETRIEVE items FOR SESSION $p", SessionId.of(3), ITEMS.forSession(SessionId.of(3)));
    reads(
        "RETRIEVE items FILTER in_collection(id:$p)",
        CollectionId.of(3),
        ITEMS.filter(Filter.inCollection(CollectionId.of(3))));
    reads("RETRIEVE items FILTER creator = $p", 9, ITEMS.filter(creator(9)));
    reads("RETRIEVE items FILTER creator IN $p", List.of(9), ITEMS.filter(creator(9)));
    reads(
        "RETRIEVE items FILTER sequel_of = $p",
        EntityId.of(5),
        ITEMS.filter(Filter.field("sequel_of").is(EntityId.of(5))));
    for (Object wrong : List.of(-1, 4.0, "42", true, Duration.ZERO, BigInteger.ONE.negate())) {
      refuses("PARAMETER_TYPE", "RETRIEVE items FOR USER $p", wrong);
    }
  }

  private static Filter creator(long id) {
    return Filter.field("creator").is(EntityId.of(id));
  }

  @Test
  void wholeListsStandForLists() {
    var ids = List.of(EntityId.of(1), EntityId.of(2));
    reads("RETRIEVE items EXCLUDE $p", List.of(1, 2), ITEMS.exclude(ids));
    reads("RETRIEVE items EXCLUDE $p", new long[] {1, 2}, ITEMS.exclude(ids));
    reads("RETRIEVE items EXCLUDE $p, 1", 2, ITEMS.exclude(ids));
    reads("RETRIEVE items SIMILAR TO $p", ids, ITEMS.similarTo(EntityId.of(1), EntityId.of(2)));
    reads(
        "RETRIEVE items FILTER category IN $p",
        Set.of("a", "b"),
        ITEMS.filter(Filter.field("category").in("b", "a")));
    reads(
        "RETRIEVE items FILTER category IN ($p, 'b')",
        "a",
        ITEMS.filter(Filter.field("category").in("b", "a")));
    refuses("PARAMETER_TYPE", "RETRIEVE items EXCLUDE $p", List.of("a"));
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER category IN $p", "a");
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER category = $p", List.of("a"));
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER category IN $p", List.of("a", 1));
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER category IN $p", Arrays.asList("a", null));
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER category IN $p", List.of(List.of("a")));
  }

  @Test
  void otherTypes() {
    var time = Instant.parse("2026-03-01T10:00:00Z");
    reads("RETRIEVE items AT $p", time, ITEMS.at(time));
    reads("RETRIEVE items AT $p", Timestamp.of(time), ITEMS.at(time));
    reads("RETRIEVE items AT $p", time.toString(), ITEMS.at(time));
    reads("RETRIEVE items LIMIT $p", 7, ITEMS.limit(7));
    reads("RETRIEVE items SEED $p", Long.MIN_VALUE, ITEMS.seed(Long.MIN_VALUE));
    reads("RETRIEVE items DEADLINE $p", Duration.ofMillis(5), ITEMS.deadline(Duration.ofMillis(5)));
    reads("RETRIEVE items CURSOR $p", "abc", ITEMS.after("abc"));
    var price = Filter.field("price");
    reads("RETRIEVE items FILTER price < $p", 0.5f, ITEMS.filter(price.lessThan(0.5)));
    reads(
        "RETRIEVE items FILTER price BETWEEN $p AND 100",
        Duration.ofMinutes(1),
        ITEMS.filter(price.between(60, 100)));
    reads("RETRIEVE items FILTER price = $p", -1L, ITEMS.filter(price.is(-1)));
    reads("RETRIEVE items FILTER free = $p", true, ITEMS.filter(Filter.field("free").is(true)));
    reads("SEARCH items VECTOR $p", new float[] {1, -2}, Search.items().vector(List.of(1f, -2f)));
    reads("SEARCH items VECTOR $p", List.of(1, -2.0), Search.items().vector(List.of(1f, -2f)));
    refuses("PARAMETER_TYPE", "RETRIEVE items LIMIT $p", "7");
    refuses("PARAMETER_TYPE", "RETRIEVE items LIMIT $p", 7.0);
    refuses("PARAMETER_TYPE", "RETRIEVE items CURSOR $p", 7);
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER price < $p", Double.NaN);
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER price = $p", Double.POSITIVE_INFINITY);
    refuses("PARAMETER_TYPE", "RETRIEVE items FILTER price < $p", "5");
    refuses("PARAMETER_TYPE", "RETRIEVE items AT $p", 5);
    refuses("TIMESTAMP_OUT_OF_RANGE", "RETRIEVE items AT $p", Instant.MIN);
    refuses("PARAMETER_TYPE", "SEARCH items VECTOR $p", "1, 2");
    refuses("PARAMETER_TYPE", "RETRIEVE items LIMIT $p", new Object());
  }

  @Test
  void allAreBoundAndNoneIsLeft() {
    refuses("PARAMETER_MISSING", "RETRIEVE items FOR USER $me LIMIT $p", 5, "$me");
    var text = "RETRIEVE items LIMIT 5";
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(text, Map.of("me", 42, "b", 1)))
        .withMessageContaining("[b, me]")
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("PARAMETER_UNUSED");
              assertThat(e.offset()).isEqualTo(text.length());
            });
    var nothing = new HashMap<String, Object>();
    nothing.put("p", null);
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse("RETRIEVE items LIMIT $p", nothing))
        .satisfies(e -> assertThat(e.code()).isEqualTo("PARAMETER_MISSING"));
    reads("RETRIEVE items LIMIT $p SEED $p", 5, ITEMS.limit(5).seed(5));
    // A name is no value.
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse("RETRIEVE items USING PROFILE $p", Map.of("p", "hot")))
        .satisfies(e -> assertThat(e.code()).isEqualTo("QUERY_SYNTAX"));
  }

  private static void refuses(String code, String text, Object value, String at) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(text, Map.of("p", value)))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.offset()).isEqualTo(text.indexOf(at));
            });
  }

  @Test
  void aStringFullOfSyntaxStaysAString() {
    var attack = "\" OR NOT unblocked LIMIT 1000 -- \n$p ; RETRIEVE items";
    var request = ITEMS.filter(Filter.field("category").is(attack));
    reads("RETRIEVE items FILTER category = $p", attack, request);
    assertThat(TidalQl.parse(request.toString())).isEqualTo(request);
  }
}
