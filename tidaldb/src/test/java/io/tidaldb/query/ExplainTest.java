package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.ItemVerdict.Verdict;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QueryAnalysis;
import io.tidaldb.schema.QueryPlan;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.UserState;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Why a page is as it is.
class ExplainTest {

  private static final EntityId ME = EntityId.of(42);
  private static final long MINE = 1;

  private final FakeWorld world = new FakeWorld();
  private final FakeViewer me = new FakeViewer();
  private final Retrieve newest = Retrieve.items().forUser(ME).sortBy(Sort.NEW);

  ExplainTest() {
    world.viewers.put(ME.value(), me);
    // Item 1 is the newest; items 1 and 2 are of creator 1, 3 and 4 of creator 2, …
    LongStream.rangeClosed(1, 10)
        .forEach(
            id -> {
              var item = world.add(id, FakeWorld.NOW - id * FakeWorld.HOUR);
              item.fields.put("creator_id", (id + 1) / 2);
              item.fields.put("category", id % 2 == 0 ? "jazz" : "folk");
            });
  }

  private FakeItem item(long id) {
    return world.items.get((int) id - 1);
  }

  private ItemVerdict verdict(long id, Retrieve request) {
    return (ItemVerdict) world.explain(Explain.item(EntityId.of(id), request), request);
  }

  private void becomes(Verdict verdict, String facts, Retrieve request) {
    var found = verdict(MINE, request);
    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.facts()).isEqualTo(facts);
  }

  /// The score that the item would have is the one that it has when nothing is in its way.
  private void scores(ItemVerdict verdict, Retrieve lifted) {
    var hit =
        world.ask(lifted.limit(1_000)).hits().stream()
            .filter(found -> found.id().equals(verdict.item()))
            .findFirst()
            .orElseThrow();
    assertThat(verdict.score().orElseThrow()).isEqualTo(hit.explanation());
  }

  @Test
  void aHitHasItsRank() {
    becomes(Verdict.RETURNED, "rank=1", newest);
    assertThat(verdict(7, newest).facts()).isEqualTo("rank=7");
    scores(verdict(7, newest), newest);
    var first = world.ask(newest.limit(6));
    assertThat(verdict(7, newest.after(first.next().orElseThrow())).facts()).isEqualTo("rank=7");
  }

  @Test
  void whatComesBehindThePageHasItsRankToo() {
    var asked = newest.limit(3);
    assertThat(verdict(8, asked).verdict()).isEqualTo(Verdict.BELOW_LIMIT);
    assertThat(verdict(8, asked).facts()).isEqualTo("rank=8");
    scores(verdict(8, asked), newest);
    var trending = Retrieve.items().sortBy(Sort.HOT).limit(2);
    assertThat(verdict(9, trending).facts()).isEqualTo("rank=9");
    scores(verdict(9, trending), trending);
  }

  @Test
  void whatTheUserMustNotSee() {
    me.hidden.add(item(MINE).slot);
    becomes(Verdict.HIDDEN, "", newest);
    scores(verdict(MINE, newest), Retrieve.items().sortBy(Sort.NEW));
    me.hidden.clear();
    me.blocked.add(1L);
    becomes(Verdict.BLOCKED, "", newest);
    me.blocked.clear();
    me.muted.add(1L);
    becomes(Verdict.MUTED, "", newest);
    me.muted.clear();
    me.states.put(UserState.NOT_INTERESTED, Set.of(item(MINE).slot));
    becomes(
        Verdict.HIDDEN, "reason=not_interested", Retrieve.items().forUser(ME).profile("for_you"));
  }

  @Test
  void whatIsNotThereOrNotAvailable() {
    item(MINE).fields.put("available_from", FakeWorld.NOW + 1);
    assertThat(verdict(MINE, newest).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    item(MINE).live = false;
    becomes(Verdict.UNKNOWN_ITEM, "", newest);
    assertThat(verdict(99, newest).verdict()).isEqualTo(Verdict.UNKNOWN_ITEM);
    assertThat(verdict(99, newest).score()).isEmpty();
  }

  @Test
  void whatDoesNotFit() {
    var jazz = newest.filter(Filter.field("category").is("jazz").and(Filter.unseen()));
    becomes(Verdict.FILTERED, "leaf=category IN [jazz]", jazz);
    scores(verdict(MINE, jazz), newest);
    becomes(Verdict.FILTERED, "leaf=out of scope", newest.forCreator(EntityId.of(2)));
  }

  @Test
  void whatIsLeftOut() {
    becomes(Verdict.EXCLUDED, "reason=exclude", newest.exclude(List.of(EntityId.of(MINE))));
    becomes(Verdict.EXCLUDED, "reason=seed", newest.similarTo(EntityId.of(MINE)));
    var ranked = Retrieve.items().sortBy(Sort.HOT).limit(1);
    var page = world.ask(ranked);
    var next = ranked.after(page.next().orElseThrow());
    var before = page.hits().getFirst().id().value();
    assertThat(verdict(before, next).facts()).isEqualTo("reason=an earlier page");
  }

  @Test
  void whatAGateDrops() {
    item(MINE).fields.put("price", 1.0);
    item(2).fields.put("price", 9.0);
    var price = new Feature.FieldValue("price", 1);
    var gated = Profile.named("gated").term(price, 1).atLeast(price, 0.6).build();
    world.profiles = io.tidaldb.ranking.Catalogs.with(gated);
    var asked = Retrieve.items().profile("gated");
    assertThat(verdict(MINE, asked).verdict()).isEqualTo(Verdict.GATED);
    assertThat(verdict(MINE, asked).facts()).startsWith("gate=field(");
    assertThat(verdict(2, asked).verdict()).isEqualTo(Verdict.RETURNED);
    var would = verdict(MINE, asked).score().orElseThrow();
    var dropped = (QueryAnalysis) world.explain(Explain.analyze(asked), asked);
    assertThat(dropped.dropped())
        .filteredOn(one -> one.stage().equals("score"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.item()).isEqualTo(EntityId.of(MINE));
              assertThat(one.score()).isEqualTo(would.contribution());
              assertThat(one.reason()).startsWith("gate=field(");
            });
    world.profiles =
        io.tidaldb.ranking.Catalogs.with(Profile.named("gated").term(price, 1).build());
    scores(verdict(MINE, asked), asked);
    assertThat(verdict(MINE, asked).score()).contains(would);
  }

  @Test
  void whatNoSourceProposed() {
    world.join(item(3), item(4), 2);
    world.join(item(3), item(5), 1);
    var asked = Retrieve.items().relatedTo(EntityId.of(3));
    var found = verdict(9, asked.limit(1));
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_PROPOSED);
    assertThat(found.facts()).startsWith("sources=ann(").contains(", co_engagement(");
    assertThat(verdict(5, asked.limit(1)).verdict()).isEqualTo(Verdict.BELOW_LIMIT);
    assertThat(verdict(5, asked.limit(1)).facts()).isEqualTo("rank=2");
  }

  @Test
  void whatALimitOfDiversityMoved() {
    var one = Diversity.NONE.maxPerCreator(1);
    var asked = newest.diversity(one).limit(3);
    // Items 1, 3 and 5 are the newest of their creators; 2 waits for its block to end.
    assertThat(world.ask(asked).hits())
        .extracting(hit -> hit.id().value())
        .containsExactly(1L, 3L, 5L);
    assertThat(verdict(2, asked).verdict()).isEqualTo(Verdict.MOVED);
    assertThat(verdict(2, asked).facts()).isEqualTo("constraint=max_per_creator from=2 rank=4");
    scores(verdict(2, asked), newest);
    var last = verdict(10, asked);
    assertThat(last.verdict()).isEqualTo(Verdict.BELOW_LIMIT);
    var whole = world.ask(newest.diversity(one.per(3)).limit(10)).hits();
    assertThat(last.facts())
        .isEqualTo(
            "rank="
                + whole.stream()
                    .filter(hit -> hit.id().equals(EntityId.of(10)))
                    .findFirst()
                    .orElseThrow()
                    .rank());
  }

  @Test
  void thePlanIsWhatTheAnalysisReports() {
    var asked = newest.filter(Filter.field("category").is("jazz")).limit(2);
    var plan = (QueryPlan) world.explain(Explain.plan(asked), asked);
    var analysis = (QueryAnalysis) world.explain(Explain.analyze(asked), asked);
    assertThat(analysis.plan()).isEqualTo(plan);
    assertThat(plan.query()).isEqualTo(asked.toString());
    assertThat(plan.profile()).isEqualTo("new@1").isEqualTo(analysis.results().stats().profile());
    assertThat(plan.order()).isEqualTo("new");
    assertThat(plan.strategy()).isEqualTo("scan");
    assertThat(plan.universe()).isEqualTo(10).isEqualTo(analysis.results().stats().universe());
    assertThat(plan.filter()).containsExactly(new QueryPlan.Leaf("category IN [jazz]", 0.5));
    assertThat(analysis.results().hits()).isEqualTo(world.ask(asked).hits());
    assertThat(analysis.dropped())
        .extracting(QueryAnalysis.Dropped::stage)
        .containsOnly("filter", "page");
    assertThat(analysis.dropped())
        .filteredOn(one -> one.stage().equals("page"))
        .extracting(one -> one.item().value())
        .containsExactly(6L, 8L, 10L);
    assertThat(analysis.dropped())
        .filteredOn(one -> one.stage().equals("filter"))
        .hasSize(5)
        .allSatisfy(one -> assertThat(one.reason()).isEqualTo("leaf=category IN [jazz]"));
  }

  @Test
  void nothingHiddenIsTold() {
    me.hidden.add(item(1).slot);
    me.blocked.add(2L);
    var asked = newest.filter(Filter.field("category").is("jazz")).limit(1);
    var analysis = (QueryAnalysis) world.explain(Explain.analyze(asked), asked);
    assertThat(analysis.dropped())
        .extracting(one -> one.item().value())
        .doesNotContain(1L, 3L, 4L)
        .contains(5L, 6L);
  }

  /// Every item of a world has one verdict, and they agree with the page.
  @Test
  void verdictsAgreeWithThePage() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(60)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var any = FakeWorld.random(random, 25);
              var sort = RandomProfiles.sort(random);
              var _ = FilterProperties.withMe(any, random);
              var request =
                  Retrieve.items()
                      .forUser(NaiveFilter.ME)
                      .sortBy(sort)
                      .filter(FilterProperties.tree(random, 2))
                      .limit(random.nextInt(1, 6));
              var whole = any.ask(request.limit(1_000)).hits();
              var ranks = whole.stream().collect(Collectors.toMap(Hit::id, Hit::rank));
              for (var item : any.items) {
                var id = EntityId.of(item.id);
                var found = (ItemVerdict) any.explain(Explain.item(id, request), request);
                var rank = ranks.get(id);
                if (rank == null) {
                  assertThat(found.verdict())
                      .isIn(
                          Verdict.FILTERED,
                          Verdict.UNAVAILABLE,
                          Verdict.UNKNOWN_ITEM,
                          Verdict.GATED);
                } else {
                  assertThat(found.verdict())
                      .isEqualTo(rank <= request.limit() ? Verdict.RETURNED : Verdict.BELOW_LIMIT);
                  assertThat(found.facts()).isEqualTo("rank=" + rank);
                }
              }
            });
  }

  @Test
  void aDeadlineGivesWhatWasFoundUntilThen() {
    var many = new FakeWorld();
    LongStream.rangeClosed(1, 5_000).forEach(id -> many.add(id, FakeWorld.NOW - id));
    var ticks = new long[1];
    var asked = Retrieve.items().sortBy(Sort.OLD).deadline(Duration.ofMillis(5)).limit(3);
    // A millisecond passes at each look at the clock.
    var late = many.ask(asked, () -> ticks[0]++ * 2_000_000);
    assertThat(late.hits()).hasSize(3);
    assertThat(late.stats().exact()).isFalse();
    assertThat(late.stats().scored()).isLessThan(5_000);
    assertThat(late.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("DEADLINE");
              assertThat(warning.facts()).isEqualTo("deadline=5ms scored=2048");
            });
    var intime = many.ask(asked.deadline(Duration.ofSeconds(60)), () -> 0);
    assertThat(intime.warnings()).isEmpty();
    assertThat(intime.stats().exact()).isTrue();
  }

  @Test
  void theSurfaceIsInTheStatistics() {
    assertThat(world.ask(newest.surface("home")).stats().surface()).contains("home");
    assertThat(world.ask(newest).stats().surface()).isEmpty();
  }
}
