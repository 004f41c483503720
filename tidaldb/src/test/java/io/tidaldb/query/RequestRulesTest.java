package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Every limit of a request, and one step beyond.
class RequestRulesTest {

  private final FakeWorld world = FakeWorld.random(new SplittableRandom(1), 30);
  private final Retrieve all = Retrieve.items();

  private void refused(Retrieve request, String code, String... facts) {
    assertThatThrownBy(() -> world.ask(request))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(facts);
  }

  private void accepted(Retrieve request) {
    assertThatCode(() -> world.ask(request)).doesNotThrowAnyException();
  }

  @Test
  void aLimitIsFromOneToAThousand() {
    accepted(all.limit(1));
    accepted(all.limit(1_000));
    refused(all.limit(0), "LIMIT_OUT_OF_RANGE", "given=0", "1…1000");
    refused(all.limit(1_001), "LIMIT_OUT_OF_RANGE", "given=1001");
    refused(all.limit(-1), "LIMIT_OUT_OF_RANGE", "given=-1");
  }

  @Test
  void atMostTenThousandAreExcluded() {
    accepted(all.exclude(ids(10_000)));
    refused(all.exclude(ids(10_001)), "EXCLUDE_TOO_MANY", "given=10001", "10000");
  }

  private static List<EntityId> ids(int count) {
    return LongStream.range(0, count).mapToObj(EntityId::of).toList();
  }

  @Test
  void onlyItemsAreRetrieved() {
    var users =
        new Retrieve(
            EntityKind.USER,
            all.user(),
            all.session(),
            all.cohort(),
            all.creator(),
            all.seeds(),
            all.seedVector(),
            all.within(),
            all.profile(),
            all.profileVersion(),
            all.experiment(),
            all.sources(),
            all.filter(),
            Set.of(),
            all.sort(),
            all.window(),
            all.seed(),
            all.diversity(),
            all.explore(),
            all.caps(),
            all.at(),
            all.ago(),
            all.surface(),
            all.deadline(),
            50,
            all.cursor(),
            all.newerThan());
    refused(users, "KIND_UNSUPPORTED", "USER");
  }

  @Test
  void aVersionNeedsAProfileAndIsPositive() {
    var alone =
        new Retrieve(
            EntityKind.ITEM,
            all.user(),
            all.session(),
            all.cohort(),
            all.creator(),
            all.seeds(),
            all.seedVector(),
            all.within(),
            Optional.empty(),
            OptionalInt.of(1),
            all.experiment(),
            all.sources(),
            all.filter(),
            Set.of(),
            all.sort(),
            all.window(),
            all.seed(),
            all.diversity(),
            all.explore(),
            all.caps(),
            all.at(),
            all.ago(),
            all.surface(),
            all.deadline(),
            50,
            all.cursor(),
            all.newerThan());
    refused(alone, "PROFILE_VERSION_ALONE", "given=1");
    refused(all.profile("hot", 0), "VERSION_OUT_OF_RANGE", "given=0");
    accepted(all.profile("hot", 1));
  }

  @Test
  void aShareExploresUpToOneHalf() {
    accepted(all.explore(0));
    accepted(all.explore(0.5));
    refused(all.explore(Math.nextUp(0.5)), "EXPLORE_OUT_OF_RANGE", "0…0.5");
    refused(all.explore(-Double.MIN_VALUE), "EXPLORE_OUT_OF_RANGE", "given=-4.9E-324");
    refused(all.explore(Double.NaN), "EXPLORE_OUT_OF_RANGE", "given=NaN");
    assertThat(all.explore(-0.0)).isEqualTo(all.explore(0));
    refused(Retrieve.creators().explore(0.1), "KIND_UNSUPPORTED", "explore=0.1");
    refused(
        Retrieve.creators().caps(io.tidaldb.schema.NotificationCaps.of(1, 2)),
        "KIND_UNSUPPORTED",
        "caps=per_creator:1, total:2");
  }

  @Test
  void sourcesAreAtMostEightAndWithinTheirBounds() {
    var head = Source.SignalHead.fastest("view", 4_096);
    accepted(all.from(head, head, head, head, head, head, head, head));
    refused(
        all.from(head, head, head, head, head, head, head, head, head),
        "SOURCES_TOO_MANY",
        "given=9");
    refused(all.from(Source.SignalHead.fastest("view", 4_097)), "SOURCE_INVALID", "n=4097");
    refused(all.from(Source.SignalHead.fastest("view", 0)), "SOURCE_INVALID", "n=0");
    refused(
        all.from(new Source.NewItems(5, Duration.ofMillis(500))),
        "SOURCE_INVALID",
        "whole seconds");
  }

  @Test
  void aSourceOfTheRequestNeedsWhatItReads() {
    refused(all.from(new Source.RecentMatch(5)), "SOURCE_USER", "recent_match(n:5)");
    refused(all.from(Source.Ann.ofPreference(5)), "SOURCE_USER", "of:preference");
    refused(all.from(new Source.CoEngagement(5, Source.Of.SEED, 3)), "SOURCE_SEEDS", "of:seed");
    accepted(all.forUser(5).from(new Source.RecentMatch(5)));
    accepted(all.similarTo(EntityId.of(5)).from(new Source.CoEngagement(5, Source.Of.SEED, 3)));
    assertThatThrownBy(() -> new FakeWorld().ask(all.from(Source.SignalHead.fastest("nowhere", 5))))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void theInnerRequestHasItsOwnLimits() {
    accepted(all.within(all.limit(10_000)));
    refused(all.within(all.limit(10_001)), "LIMIT_OUT_OF_RANGE", "inner query: limit", "1…10000");
    refused(all.within(all.within(all)), "WITHIN_NESTED", "depth=2");
    refused(all.within(all.forUser(5)), "WITHIN_USER", "inner query");
    refused(all.forUser(6).within(all.forUser(5)), "WITHIN_USER", "leave both out");
    accepted(all.forUser(5).within(all.forUser(5)));
    refused(all.within(all.at(Timestamp.ofNanos(5))), "WITHIN_TIME", "inner query");
    refused(all.within(all.ago(Duration.ofHours(1))), "WITHIN_TIME", "inner query");
    refused(all.within(all.after("x")), "WITHIN_CURSOR", "inner query");
    refused(all.within(Retrieve.creators()), "WITHIN_KIND", "inner=CREATOR");
    refused(all.within(all.deadline(Duration.ofHours(1))), "DEADLINE_OUT_OF_RANGE", "inner query");
  }

  @Test
  void theTimeIsGivenOnce() {
    var twice =
        new Retrieve(
            EntityKind.ITEM,
            all.user(),
            all.session(),
            all.cohort(),
            all.creator(),
            all.seeds(),
            all.seedVector(),
            all.within(),
            all.profile(),
            all.profileVersion(),
            all.experiment(),
            all.sources(),
            all.filter(),
            Set.of(),
            all.sort(),
            all.window(),
            all.seed(),
            all.diversity(),
            all.explore(),
            all.caps(),
            Optional.of(Timestamp.ofNanos(FakeWorld.NOW)),
            Optional.of(Duration.ofHours(1)),
            all.surface(),
            all.deadline(),
            50,
            all.cursor(),
            all.newerThan());
    refused(twice, "AT_TWICE", "ago=");
    assertThat(all.at(Timestamp.ofNanos(5)).ago(Duration.ofHours(1)).at()).isEmpty();
    assertThat(all.ago(Duration.ofHours(1)).at(Timestamp.ofNanos(5)).ago()).isEmpty();
  }

  @Test
  void agoCountsFromNow() {
    var hour = Duration.ofHours(1);
    assertThat(world.ask(all.ago(hour)).stats().at())
        .isEqualTo(Timestamp.ofNanos(FakeWorld.NOW - hour.toNanos()));
    assertThat(all.ago(Duration.ZERO)).isEqualTo(all);
    assertThat(RequestRules.at(all.ago(Duration.ofSeconds(Long.MIN_VALUE)), 5))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(RequestRules.at(all.ago(Duration.ofSeconds(Long.MAX_VALUE)), 5)).isZero();
  }

  @Test
  void aSurfaceHasAName() {
    accepted(all.surface("é".repeat(64)));
    refused(all.surface("é".repeat(65)), "SURFACE_INVALID", "characters=65");
    refused(all.surface(""), "SURFACE_INVALID", "characters=0");
  }

  @Test
  void aDeadlineIsFromOneMillisecondToAMinute() {
    accepted(all.deadline(Duration.ofSeconds(60)));
    accepted(all.deadline(Duration.ofSeconds(60)).withoutDeadline());
    refused(all.deadline(Duration.ofNanos(999_999)), "DEADLINE_OUT_OF_RANGE", "1ms…60s");
    refused(all.deadline(Duration.ofMillis(60_001)), "DEADLINE_OUT_OF_RANGE", "given=PT1M0.001S");
  }

  @Test
  void anUnknownProfileIsNotFoundAndNearNamesAreOffered() {
    assertThatThrownBy(() -> world.ask(all.profile("trendign")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("did you mean trending?");
    assertThatThrownBy(() -> world.ask(all.profile("hot", 2)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("hot@2")
        .hasMessageContaining("[1]");
  }

  @Test
  void aFilterHasAtMost256Leaves() {
    accepted(all.filter(chain(256)));
    refused(all.filter(chain(257)), "FILTER_TOO_MANY_LEAVES", "256");
  }

  /// Left-deep, as a program that calls `and` in a loop makes it; its levels are one.
  private static Filter chain(int leaves) {
    var filter = Filter.field("category").is("jazz");
    for (int i = 1; i < leaves; i++) {
      filter = filter.and(Filter.field("category").is("jazz"));
    }
    return filter;
  }

  @Test
  void aFilterIsAtMost16LevelsDeep() {
    accepted(all.filter(nested(15)));
    refused(all.filter(nested(16)), "FILTER_TOO_DEEP", "16");
    refused(all.filter(nested(100_000)), "FILTER_TOO_DEEP", "16");
  }

  private static Filter nested(int negations) {
    var filter = Filter.field("category").is("jazz");
    for (int i = 0; i < negations; i++) {
      filter = filter.negate();
    }
    return filter;
  }

  @Test
  void aListHasAtMostTenThousandValues() {
    var values = new HashSet<String>();
    IntStream.range(0, 10_000).forEach(i -> values.add("v" + i));
    accepted(all.filter(new Filter.KeywordIn("category", values)));
    values.add("one more");
    refused(
        all.filter(new Filter.KeywordIn("category", values)),
        "FILTER_TOO_MANY_VALUES",
        "field=category",
        "given=10001");
    refused(
        all.filter(new Filter.IdIn(new HashSet<>(ids(10_001)))),
        "FILTER_TOO_MANY_VALUES",
        "field=id");
  }

  @Test
  void aFieldMustExistAndHaveTheRightType() {
    refused(
        all.filter(Filter.field("categroy").is("jazz")),
        "FIELD_UNDECLARED",
        "categroy",
        "did you mean category?");
    refused(
        all.filter(Filter.field("price").is("jazz")), "FIELD_TYPE", "price", "NUMBER", "KEYWORD");
    refused(all.filter(Filter.field("category").atLeast(1)), "FIELD_TYPE", "category");
    refused(all.filter(Filter.field("price").within(Duration.ofDays(1))), "FIELD_TYPE", "price");
    refused(all.filter(Filter.field("price").is(true)), "FIELD_TYPE", "BOOLEAN");
    refused(all.filter(Filter.field("category").is(EntityId.of(1))), "FIELD_TYPE", "ID");
    refused(all.filter(Filter.field("sequel_of").is(1.5)), "FIELD_TYPE", "NUMBER");
    refused(all.filter(Filter.field("sequel_of").is(-1)), "FIELD_TYPE", "NUMBER");
    refused(all.filter(Filter.field("title").exists()), "FIELD_TYPE", "title");
  }

  @Test
  void aSignalMustExistAndDeclareWhatIsRead() {
    assertThatThrownBy(() -> world.ask(all.filter(Filter.signal("veiw").decayed().atLeast(1))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("did you mean view?");
    refused(
        all.filter(Filter.signal("dislike").velocity(Window.ONE_HOUR).atLeast(1)),
        "VELOCITY_UNDECLARED",
        "dislike");
    refused(
        all.filter(Filter.signal("view").velocity(Window.ALL_TIME).atLeast(1)),
        "WINDOW_WITHOUT_END",
        "view");
    refused(
        all.filter(Filter.signal("hide").count(Window.ONE_HOUR).atLeast(1)),
        "WINDOW_UNDECLARED",
        "hide",
        "none");
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    refused(all.filter(Filter.field("price").atLeast(Double.NaN)), "FILTER_NOT_A_NUMBER", "price");
    refused(
        all.filter(Filter.signal("view").decayed().atLeast(Double.NaN)),
        "FILTER_NOT_A_NUMBER",
        "view");
    refused(
        all.filter(Filter.field("created").within(Duration.ofHours(-1))),
        "FILTER_SPAN_NEGATIVE",
        "created");
    accepted(all.filter(Filter.field("created").within(Duration.ofSeconds(Long.MAX_VALUE))));
  }

  @Test
  void aContradictionIsAnEmptyPage() {
    var nothing =
        new Filter.NumberRange("price", OptionalDouble.of(2), true, OptionalDouble.of(1), true);
    var page = world.ask(all.filter(nothing));
    assertThat(page.hits()).isEmpty();
    assertThat(page.next()).isEmpty();
    assertThat(page.stats().allowed()).isZero();
  }

  @Test
  void trendingNeedsAWindowWithAnEnd() {
    refused(all.window(Window.ALL_TIME), "WINDOW_WITHOUT_END", "trending");
    refused(all.sortBy(Sort.TRENDING).window(Window.ALL_TIME), "WINDOW_WITHOUT_END", "trending");
    accepted(all.window(Window.ONE_HOUR));
  }

  @Test
  void aWindowThatNothingReadsIsWarnedOf() {
    assertThat(world.ask(all.sortBy(Sort.NEW).window(Window.ONE_HOUR)).warnings())
        .containsExactly(new Warning("WINDOW_UNUSED", "window=1h sort=new"));
    assertThat(world.ask(all.sortBy(Sort.MOST_VIEWED).window(Window.ONE_HOUR)).warnings())
        .isEmpty();
  }

  @Test
  void theDefaultProfileIsTrendingOrNamedLikeTheSort() {
    assertThat(world.ask(all).stats().profile()).isEqualTo("trending@1");
    assertThat(world.ask(all.sortBy(Sort.HOT)).stats().profile()).isEqualTo("hot@1");
  }

  @Test
  void everySortModeIsAProfile() {
    var mine = all.forUser(7);
    world.viewers.put(7L, FakeViewer.random(new SplittableRandom(7), world));
    for (var sort : Sort.values()) {
      var byProfile = new ArrayList<>(world.ask(mine.profile(sort.label())).hits());
      assertThat(byProfile).isEqualTo(world.ask(mine.sortBy(sort)).hits());
    }
  }

  @Test
  void excludedItemsAreNotReturnedAndCounted() {
    var some = world.visible().stream().limit(3).map(i -> EntityId.of(i.id)).toList();
    var page = world.ask(all.exclude(some));
    assertThat(page.hits()).extracting(h -> h.id()).doesNotContainAnyElementsOf(some);
    assertThat(page.stats().removed()).containsEntry("excluded", 3L);
    assertThat(page.stats().stageMicros()).containsKeys("plan", "filter", "score", "page", "total");
    assertThat(page.stats().position()).isEqualTo(7);
    assertThat(page.stats().universe()).isEqualTo(world.liveItems());
  }

  @Test
  void equalRequestsHaveOneIdAndOthersAnother() {
    assertThat(world.ask(all).requestId()).isEqualTo(world.ask(Retrieve.items()).requestId());
    assertThat(world.ask(all).requestId()).isNotEqualTo(world.ask(all.limit(3)).requestId());
  }
}
