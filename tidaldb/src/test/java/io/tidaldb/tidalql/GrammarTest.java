package io.tidaldb.tidalql;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.not;
import static io.tidaldb.schema.Filter.signal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Suggest;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every production of the grammar, accepted and refused.
class GrammarTest {

  private static final Timestamp MARCH = Timestamp.ofNanos(1_772_359_200_000_000_000L);
  private static final Retrieve ITEMS = Retrieve.items();

  static void reads(String text, Query query) {
    assertThat(TidalQl.parse(text)).as(text).isEqualTo(query);
    assertThat(TidalQl.parse(query.toString())).as("%s", query).isEqualTo(query);
  }

  /// A request with this filter.
  private static void filters(String text, Filter filter) {
    reads("RETRIEVE items FILTER " + text, ITEMS.filter(filter));
    assertThat(TidalQl.filter(text)).isEqualTo(filter.canonical());
  }

  /// Refused at the place of `found`.
  static void refuses(String text, String found) {
    refuses(QuerySyntaxException.SYNTAX, text, found);
  }

  static void refuses(String code, String text, String found) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .as(text)
        .isThrownBy(() -> TidalQl.parse(text))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.found()).isEqualTo(found);
              int last = found.equals("the end") ? text.length() : text.lastIndexOf(found);
              int quotes = last > 0 && "\"'`".indexOf(text.charAt(last - 1)) >= 0 ? 1 : 0;
              assertThat(e.offset()).isEqualTo(found.equals("the end") ? last : last - quotes);
            });
  }

  private static void refusesFilter(String text, String found) {
    refuses("RETRIEVE items FILTER " + text, found);
  }

  /// Understood, and refused because this version cannot do it.
  private static void later(String text, String clause) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .as(text)
        .isThrownBy(() -> TidalQl.parse(text))
        .withMessageContaining("clause=" + clause)
        .satisfies(e -> assertThat(e.code()).isEqualTo("CLAUSE_LATER"));
  }

  @Test
  void statements() {
    reads("RETRIEVE items", ITEMS);
    reads("retrieve CREATORS;", Retrieve.creators());
    reads("EXPLAIN RETRIEVE items", Explain.plan(ITEMS));
    reads("EXPLAIN ANALYZE RETRIEVE items", Explain.analyze(ITEMS));
    reads("EXPLAIN ITEM 77 IN RETRIEVE items", Explain.item(EntityId.of(77), ITEMS));
    reads("EXPLAIN SEARCH items", Explain.plan(Search.items()));
    reads("-- what?\nRETRIEVE items -- these", ITEMS);
    refuses("", "the end");
    refuses("FETCH items", "FETCH");
    refuses("RETRIEVE users", "users");
    refuses("EXPLAIN EXPLAIN RETRIEVE items", "EXPLAIN");
    refuses("EXPLAIN ANALYZE ITEM 7 IN RETRIEVE items", "ITEM");
    refuses("EXPLAIN ITEM IN RETRIEVE items", "IN");
    refuses("EXPLAIN ITEM 7 RETRIEVE items", "RETRIEVE");
    refuses("RETRIEVE items; RETRIEVE creators", "RETRIEVE");
    refuses("RETRIEVE items)", ")");
  }

  @Test
  void whom() {
    reads("RETRIEVE items FOR USER 42", ITEMS.forUser(42));
    reads("RETRIEVE items FOR USER 18446744073709551615", ITEMS.forUser(-1));
    reads("RETRIEVE items FOR SESSION 7", ITEMS.forSession(SessionId.of(7)));
    reads("RETRIEVE items FOR COHORT eu_jazz", ITEMS.forCohort("eu_jazz"));
    reads("RETRIEVE items FOR COHORT `limit`", ITEMS.forCohort("limit"));
    reads("RETRIEVE items FOR CREATOR 9", ITEMS.forCreator(EntityId.of(9)));
    reads(
        "RETRIEVE items FOR CREATOR 9 LIMIT 3 FOR USER 1",
        ITEMS.forUser(1).forCreator(EntityId.of(9)).limit(3));
    refuses("RETRIEVE items FOR 42", "42");
    refuses("RETRIEVE items FOR USER -1", "-1");
    refuses("RETRIEVE items FOR USER 1.5", "1.5");
    refuses("RETRIEVE items FOR USER 18446744073709551616", "18446744073709551616");
    refuses("RETRIEVE items FOR USER \"7\"", "7");
    refuses("RETRIEVE items FOR COHORT Jazz", "Jazz");
    refuses("RETRIEVE items FOR COHORT limit", "limit");
    refuses("RETRIEVE items FOR USER 1 FOR USER 2", "USER");
    refuses("RETRIEVE items FOR SESSION x", "x");
    refuses("RETRIEVE items FOR CREATOR", "the end");
  }

  @Test
  void seedsProfilesAndSorts() {
    reads("RETRIEVE items SIMILAR TO 77", ITEMS.similarTo(EntityId.of(77)));
    reads("RETRIEVE items SIMILAR TO VECTOR [1, -0.5]", ITEMS.similarTo(new float[] {1, -0.5f}));
    reads(
        "RETRIEVE items SIMILAR TO VECTOR [2] IN cover", ITEMS.similarTo(new float[] {2}, "cover"));
    reads("RETRIEVE items SIMILAR TO 9, 7", ITEMS.similarTo(EntityId.of(9), EntityId.of(7)));
    reads("RETRIEVE items USING PROFILE for_you@3", ITEMS.profile("for_you", 3));
    reads("RETRIEVE items USING PROFILE for_you", ITEMS.profile("for_you"));
    reads("RETRIEVE items SORT BY hot", ITEMS.sortBy(Sort.HOT));
    reads("RETRIEVE items SORT BY new WINDOW 7d", ITEMS.sortBy(Sort.NEW).window(Window.SEVEN_DAYS));
    for (var window : Window.values()) {
      reads("RETRIEVE items WINDOW " + window.label(), ITEMS.window(window));
    }
    for (var sort : Sort.values()) {
      reads("RETRIEVE items SORT BY " + sort.label(), ITEMS.sortBy(sort));
    }
    refuses("RETRIEVE items SIMILAR 77", "77");
    refuses("RETRIEVE items SIMILAR TO 77,", "the end");
    refuses("RETRIEVE items SIMILAR TO VECTOR []", "]");
    refuses("RETRIEVE items USING for_you", "for_you");
    refuses("RETRIEVE items USING PROFILE for_you@x", "x");
    reads("RETRIEVE items USING EXPERIMENT home", ITEMS.experiment("home"));
    refuses("RETRIEVE items USING EXPERIMENT home USING PROFILE hot", "USING");
    refuses("RETRIEVE items USING PROFILE `for you`", "for you");
    refuses("RETRIEVE items SORT hot", "hot");
    refuses("RETRIEVE items SORT BY hottest", "hottest");
    refuses("RETRIEVE items WINDOW 2d", "2d");
    refuses("RETRIEVE items WINDOW week", "week");
  }

  @Test
  void otherClauses() {
    reads("RETRIEVE items EXCLUDE 2, 1", ITEMS.exclude(List.of(EntityId.of(1), EntityId.of(2))));
    reads("RETRIEVE items SEED -5", ITEMS.seed(-5));
    reads("RETRIEVE items AT \"2026-03-01T10:00:00Z\"", ITEMS.at(MARCH));
    reads("RETRIEVE items AT now", ITEMS);
    reads("RETRIEVE items AT now - 1h30m", ITEMS.ago(Duration.ofMinutes(90)));
    reads("RETRIEVE items AT now -1h", ITEMS.ago(Duration.ofHours(1)));
    reads("RETRIEVE items AT now + 1s", ITEMS.ago(Duration.ofSeconds(-1)));
    reads("RETRIEVE items SURFACE home", ITEMS.surface("home"));
    reads("RETRIEVE items SURFACE 'Home page'", ITEMS.surface("Home page"));
    reads("RETRIEVE items DEADLINE 50ms", ITEMS.deadline(Duration.ofMillis(50)));
    reads("RETRIEVE items LIMIT 1000", ITEMS.limit(1_000));
    reads("RETRIEVE items CURSOR \"a\\\"b\\u0041\"", ITEMS.after("a\"bA"));
    reads("RETRIEVE items EXPLORE 0.1", ITEMS.explore(0.1));
    reads("RETRIEVE items EXPLORE NONE", ITEMS.explore(0));
    reads("RETRIEVE items EXPLORE 0", ITEMS.explore(0));
    reads("RETRIEVE items CAPS per_creator:2, total:10", ITEMS.caps(NotificationCaps.of(2, 10)));
    reads("RETRIEVE items CAPS NONE", ITEMS.caps(NotificationCaps.NONE));
    refuses("CAPS_INVALID", "RETRIEVE items CAPS total:1001", "1001");
    refuses("RETRIEVE items CAPS totals:1", "totals");
    refuses("RETRIEVE items EXCLUDE", "the end");
    refuses("RETRIEVE items EXCLUDE (1)", "(");
    refuses("RETRIEVE items SEED 1.5", "1.5");
    refuses("RETRIEVE items SEED 9223372036854775808", "9223372036854775808");
    refuses("RETRIEVE items AT yesterday", "yesterday");
    refuses("RETRIEVE items AT \"2026-03-01\"", "2026-03-01");
    refuses(
        "TIMESTAMP_OUT_OF_RANGE",
        "RETRIEVE items AT \"1969-12-31T23:59:59Z\"",
        "1969-12-31T23:59:59Z");
    refuses("RETRIEVE items AT now - 5", "5");
    refuses("VALUE_OUT_OF_RANGE", "RETRIEVE items AT now - -5d", "-5d");
    refuses("RETRIEVE items SURFACE 5", "5");
    refuses("RETRIEVE items DEADLINE 50", "50");
    refuses("VALUE_OUT_OF_RANGE", "RETRIEVE items LIMIT 3000000000", "3000000000");
    refuses("RETRIEVE items LIMIT ten", "ten");
    refuses("RETRIEVE items CURSOR abc", "abc");
    refuses("RETRIEVE items LIMIT 5 LIMIT 6", "LIMIT");
  }

  @Test
  void filters() {
    var jazz = field("category").is("jazz");
    var folk = field("category").is("folk");
    filters("category = \"jazz\"", jazz);
    filters("category != 'jazz'", not(jazz));
    filters("category IN (\"jazz\", \"folk\")", field("category").in("folk", "jazz"));
    filters("category not in ('jazz')", not(jazz));
    filters("category IN ()", new Filter.KeywordIn("category", Set.of()));
    filters("EXISTS category", field("category").exists());
    filters("tags HAS \"live\"", field("tags").is("live"));
    filters("tags HAS ANY (\"live\", 'loud')", field("tags").in("live", "loud"));
    filters("tags HAS ALL (\"live\", 'loud')", field("tags").hasAll("live", "loud"));
    filters(
        "NOT category='jazz' AND category='folk' OR unseen",
        not(jazz).and(folk).or(Filter.unseen()));
    filters("category='jazz', category='folk'", jazz.and(folk));
    filters("category='jazz' AND (category='folk' OR unseen)", jazz.and(folk.or(Filter.unseen())));
    filters("NOT NOT unseen", not(not(Filter.unseen())));
    filters("((unblocked))", Filter.all());
    filters("NOT unblocked", new Filter.Or(List.of()));
    refusesFilter("", "the end");
    refusesFilter("category", "the end");
    refusesFilter("category = ", "the end");
    refusesFilter("category < \"a\"", "a");
    refusesFilter("category IN \"a\"", "a");
    refusesFilter("category IN (\"a\", )", ")");
    refusesFilter("category NOT \"a\"", "a");
    refusesFilter("tags HAS ANY \"a\"", "a");
    refusesFilter("tags HAS (\"a\")", "(");
    refusesFilter("EXISTS \"a\"", "a");
    refusesFilter("(unseen", "the end");
    refusesFilter("unseen AND", "the end");
    refusesFilter("NOT", "the end");
    refusesFilter("unseen OR OR seen", "OR");
    refusesFilter("Category = \"a\"", "Category");
  }

  @Test
  void numbersTimesAndIds() {
    filters("duration BETWEEN 5m AND 20m", field("duration").between(300, 1_200));
    filters("price < 9.5", field("price").lessThan(9.5));
    filters("price <= -1", field("price").atMost(-1));
    filters("price > 0.125", field("price").greaterThan(0.125));
    filters("price >= 1s500ms", field("price").atLeast(1.5));
    filters("price = 3 AND price != 4", field("price").is(3).and(not(field("price").is(4))));
    filters("price IN (1.5, 2)", field("price").is(1.5).or(field("price").is(2)));
    filters("verified = true", field("verified").is(true));
    filters("verified != FALSE", not(field("verified").is(false)));
    filters("created WITHIN 7d", field("created").within(Duration.ofDays(7)));
    filters("f AFTER \"2026-03-01T10:00:00Z\"", field("f").after(MARCH));
    filters("f BEFORE \"2026-03-01T11:00:00+01:00\"", field("f").before(MARCH));
    filters("f AFTER now", field("f").afterNow(Duration.ZERO));
    filters("f AFTER now - 7d", field("f").afterNow(Duration.ofDays(-7)));
    filters("f BEFORE now + 1w", field("f").beforeNow(Duration.ofDays(7)));
    filters(
        "f BETWEEN \"2026-03-01T10:00:00Z\" AND \"2026-03-01T10:00:00Z\"",
        field("f").after(MARCH).and(field("f").before(Timestamp.ofNanos(MARCH.nanos() + 1))));
    filters("id IN (3, 18446744073709551615)", Filter.ids(EntityId.of(3), EntityId.of(-1)));
    filters("id = 3", Filter.ids(EntityId.of(3)));
    filters("creator = 9", field("creator").is(EntityId.of(9)));
    filters("creator NOT IN (9)", not(field("creator").is(EntityId.of(9))));
    filters("sequel_of IN (9, 8)", field("sequel_of").in(EntityId.of(8), EntityId.of(9)));
    filters(
        "sequel_of = 9007199254740993", field("sequel_of").is(EntityId.of(9_007_199_254_740_993L)));
    refusesFilter("price BETWEEN 1", "the end");
    refusesFilter("price BETWEEN 1 AND \"a\"", "a");
    refusesFilter("price = 1e5", "e5");
    refusesFilter("price = 1.5h", "h");
    refusesFilter("price = 5x", "x");
    refusesFilter("price = 1h5", "the end");
    refusesFilter("price = .5", ".");
    refusesFilter("created WITHIN 7", "7");
    refusesFilter("created AFTER 7", "7");
    refusesFilter("verified = maybe", "maybe");
    refuses(
        "VALUE_OUT_OF_RANGE",
        "RETRIEVE items FILTER a WITHIN 99999999999999999d",
        "99999999999999999d");
  }

  @Test
  void statesAndCalls() {
    for (var state : UserState.values()) {
      filters(state.label(), new Filter.StateIs(state, Optional.empty()));
    }
    filters("UNSEEN", Filter.unseen());
    filters("unshown WITHIN 6h", not(Filter.shownWithin(Duration.ofHours(6))));
    filters("shown WITHIN 6h", Filter.shownWithin(Duration.ofHours(6)));
    filters("unshown", Filter.unshown());
    filters("followed AND NOT muted", Filter.followed().and(not(Filter.muted())));
    filters("creator.verified = true", field("creator.verified").is(true));
    filters("creator.`limit` < 5", field("creator.limit").lessThan(5));
    filters(
        "creator.followers BETWEEN 100 AND 5000", field("creator.followers").between(100, 5000));
    filters("EXISTS creator.name", field("creator.name").exists());
    filters("quality() >= 0.5", Filter.quality().atLeast(0.5));
    filters("completion_rate() < 0.25", Filter.completionRate().lessThan(0.25));
    filters("in_network(depth:2) OR in_network()", Filter.inNetwork(2).or(Filter.inNetwork(1)));
    filters("affinity(min:2)", Filter.affinity(2));
    filters("in_my_collections()", Filter.inMyCollections());
    filters("in_collection(id:17)", Filter.inCollection(CollectionId.of(17)));
    filters(
        "signal(name:view, measure:count, window:24h) >= 100",
        signal("view").count(Window.TWENTY_FOUR_HOURS).atLeast(100));
    filters(
        "signal(name:view) != 0",
        signal("view").count(Window.ALL_TIME).compare(Filter.Comparison.NOT_EQUAL, 0));
    filters(
        "signal(measure:velocity, name:\"view\", window:7d) < 0.5",
        signal("view").velocity(Window.SEVEN_DAYS).lessThan(0.5));
    filters("signal(name:like, measure:decayed) > 3", signal("like").decayed().greaterThan(3));
    refusesFilter("shown WITHIN", "the end");
    refuses("FILTER_SPAN_INVALID", "RETRIEVE items FILTER liked WITHIN 5h", "WITHIN");
    refusesFilter("shown WITHIN 5", "5");
    refusesFilter("in_collection()", "in_collection");
    refusesFilter("in_collection(id:x)", "x");
    refusesFilter("in_collection(name:5)", "name");
    refusesFilter("signal(name:view)", "the end");
    refusesFilter("signal(measure:count) > 1", "signal");
    refusesFilter("signal(name:view, measure:sum) > 1", "sum");
    refusesFilter("signal(name:view, window:2d) > 1", "2d");
    refusesFilter("signal(name:view, name:like) > 1", "name");
    refusesFilter("signal(name view) > 1", "view");
    refusesFilter("sginal(name:view) > 1", "sginal");
    refuses(
        "WINDOW_UNUSED",
        "RETRIEVE items FILTER signal(name:view, measure:decayed, window:7d) > 1",
        "window");
  }

  /// Such names are written in back quotes, and understood without where nothing else can stand.
  @Test
  void namesLikeKeywords() {
    filters("`limit` = 5", field("limit").is(5));
    filters("limit = 5", field("limit").is(5));
    filters("language IN ('en')", field("language").is("en"));
    filters("`seen` WITHIN 5d", field("seen").within(Duration.ofDays(5)));
    filters("saved HAS 'x'", field("saved").is("x"));
    filters("EXISTS `in`", field("in").exists());
    assertThat(ITEMS.filter(field("limit").is(5))).hasToString("RETRIEVE items FILTER `limit` = 5");
    refusesFilter("EXISTS in", "in");
    refusesFilter("`a b` = 5", "a b");
    refusesFilter("`limit = 5", "`limit = 5");
    refusesFilter("LIMIT 5", "LIMIT");
  }

  @Test
  void searches() {
    reads("SEARCH items", Search.items());
    reads("SEARCH creators QUERY 'miles'", Search.creators().query("miles"));
    reads(
        "SEARCH items LIMIT 20 QUERY \"late night\" IN title, tags FOR USER 42 FILTER unseen",
        Search.items()
            .query("late night", "title", "tags")
            .with(request -> request.forUser(42).filter(Filter.unseen()).limit(20)));
    reads("SEARCH items VECTOR [1, -0.5]", Search.items().vector(List.of(1f, -0.5f)));
    reads("SEARCH items VECTOR [1] IN content", Search.items().vector(List.of(1f), "content"));
    reads(
        "SEARCH items MODE hybrid MATCH most TYPOS off SYNTAX strict FUSE rrf(k:10)",
        Search.items()
            .relevance(
                how ->
                    how.mode(Search.Mode.HYBRID)
                        .match(Search.Match.MOST)
                        .typos(Search.Typos.OFF)
                        .syntax(Search.Syntax.STRICT)
                        .fusion(new Search.Fusion.ByRank(10))));
    reads(
        "SEARCH items FUSE convex(alpha:0.25)",
        Search.items().relevance(how -> how.fusion(new Search.Fusion.Convex(0.25))));
    reads(
        "SEARCH items FUSE rrf",
        Search.items().relevance(how -> how.fusion(new Search.Fusion.ByRank(60))));
    reads("SEARCH items LANGUAGE 'en', 'de'", Search.items().languages("en", "de"));
    reads(
        "SEARCH items SNIPPETS title, `match`", Search.items().snippets(List.of("title", "match")));
    reads(
        "SEARCH items SNIPPETS LIMIT 5",
        Search.items().snippets(List.of()).with(request -> request.limit(5)));
    refuses("SEARCH items QUERY piano", "piano");
    refuses("SEARCH items QUERY 'piano' IN 'title'", "title");
    refuses("SEARCH items VECTOR []", "]");
    refuses("SEARCH items VECTOR [1,]", "]");
    refuses("SEARCH items VECTOR [1d]", "1d");
    refuses("SEARCH items VECTOR [1 2]", "2");
    refuses("SEARCH items MODE fast", "fast");
    refuses("SEARCH items FUSE sum", "sum");
    refuses("SEARCH items FUSE rrf(alpha:1)", "alpha");
    refuses("SEARCH items FUSE rrf(k:1.5)", "1.5");
    refuses("SEARCH items LANGUAGE en", "en");
    refuses("SEARCH items QUERY 'a' QUERY 'b'", "QUERY");
    refuses("RETRIEVE items QUERY 'a'", "QUERY");
    refuses("SEARCH QUERY 'a'", "QUERY");
  }

  @Test
  void suggestions() {
    reads("SUGGEST \"pia\"", Suggest.prefix("pia"));
    reads(
        "SUGGEST 'pia' FOR USER 42 FROM titles, creators LANGUAGE 'en' LIMIT 5",
        Suggest.prefix("pia")
            .forUser(EntityId.of(42))
            .from("titles", "creators")
            .languages("en")
            .limit(5));
    refuses("SUGGEST pia", "pia");
    refuses("SUGGEST 'pia' FOR SESSION 4", "SESSION");
    refuses("SUGGEST 'pia' FROM words", "words");
    refuses("SUGGEST 'pia' FILTER unseen", "FILTER");
    refuses("SUGGEST 'pia' LIMIT 5 LIMIT 6", "LIMIT");
  }

  @Test
  void limitsOfDiversity() {
    reads(
        "RETRIEVE items DIVERSITY max_per_creator:2, format_mix:0.6, per:20",
        Retrieve.items().diversity(d -> d.maxPerCreator(2).formatMix(0.6).per(20)));
    reads("RETRIEVE items DIVERSITY NONE", Retrieve.items().diversity(Diversity.NONE));
    refuses("DIVERSITY_INVALID", "RETRIEVE items DIVERSITY max_per_creator:0", "0");
    refuses("DIVERSITY_INVALID", "RETRIEVE items DIVERSITY max_per_creator:1.5", "1.5");
    refuses("RETRIEVE items DIVERSITY min_gap:'a'", "a");
  }

  @Test
  void whatComesLater() {
    later("RETRIEVE items WITHIN (SEARCH items QUERY 'jazz' LIMIT 5000) SORT BY hot", "WITHIN");
    reads(
        "RETRIEVE items WITHIN (RETRIEVE items SORT BY new LIMIT 5000) SORT BY hot",
        Retrieve.items().within(Retrieve.items().sortBy(Sort.NEW).limit(5_000)).sortBy(Sort.HOT));
    reads(
        "RETRIEVE items FILTER created WITHIN 7d WITHIN (RETRIEVE items FILTER created WITHIN 1d)",
        Retrieve.items()
            .filter(Filter.field("created").within(Duration.ofDays(7)))
            .within(Retrieve.items().filter(Filter.field("created").within(Duration.ofDays(1)))));
    later("RETRIEVE items FACETS category:20, duration:5", "FACETS");
    later("RETRIEVE items SORT BY relevance", "SORT BY relevance");
    later("RETRIEVE items FILTER MATCHES \"piano -beginner\"", "MATCHES");
    refuses("RETRIEVE items WITHIN SEARCH items", "SEARCH");
    refuses("RETRIEVE items WITHIN (SUGGEST 'a')", "SUGGEST");
    refuses("RETRIEVE items WITHIN (RETRIEVE items", "the end");
    refuses("RETRIEVE items USING EXPERIMENT 5", "5");
    refuses("RETRIEVE items FROM ann(k)", ")");
    refuses("RETRIEVE items FROM 5", "5");
    refuses("RETRIEVE items DIVERSITY max_per_maker:2", "max_per_maker");
    refuses("RETRIEVE items EXPLORE much", "much");
    refuses("RETRIEVE items CAPS total", "the end");
    refuses("RETRIEVE items FACETS category", "the end");
    refuses("RETRIEVE items NEWER 'x'", "x");
    refuses("RETRIEVE items FILTER MATCHES piano", "piano");
    refuses("RETRIEVE items FILTER creator. = true", "=");
    refuses("RETRIEVE items FILTER quality()", "the end");
    refuses("RETRIEVE items FILTER affinity()", "affinity");
    refuses("RETRIEVE items FILTER in_network(depth:1.5)", "1.5");
    refuses("RETRIEVE items FILTER in_my_collections(depth:1)", "depth");
  }

  /// An error inside names its own place in the whole text.
  @Test
  void anInnerErrorNamesTheInnerPosition() {
    var text = "RETRIEVE items\nWITHIN (\n  SEARCH items QUREY \"jazz\")";
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(text))
        .satisfies(
            e -> {
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.column()).isEqualTo(16);
              assertThat(e.hint()).contains("QUERY");
            });
  }

  @Test
  void theExampleOfTheGuideIsTheBuildersRequest() {
    assertThat(
            TidalQl.parse(
                """
                RETRIEVE items FOR USER $me USING PROFILE for_you
                FILTER unseen AND unblocked AND category IN ("jazz", "folk")
                LIMIT 50\
                """,
                Map.of("me", 42)))
        .isEqualTo(
            Retrieve.items()
                .forUser(42)
                .profile("for_you")
                .filter(
                    Filter.unseen()
                        .and(Filter.unblocked())
                        .and(field("category").in("jazz", "folk")))
                .limit(50))
        .hasToString(
            "RETRIEVE items FOR USER 42 USING PROFILE for_you"
                + " FILTER unseen AND category IN (\"folk\", \"jazz\")");
  }
}
