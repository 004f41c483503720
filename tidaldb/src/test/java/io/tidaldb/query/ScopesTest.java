package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.ranking.Catalogs;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// For whom, in which session, by which cohort, around what.
final class ScopesTest {

  private static final EntityId ME = EntityId.of(42);

  private final FakeWorld world = new FakeWorld();
  private final FakeViewer me = new FakeViewer();
  private final Retrieve mine = Retrieve.items().forUser(ME).sortBy(Sort.NEW);

  ScopesTest() {
    world.viewers.put(ME.value(), me);
    // Item 1 is the newest; items 1 and 2 are of creator 1, 3 and 4 of creator 2, …
    LongStream.rangeClosed(1, 10)
        .forEach(
            id -> {
              var item = world.add(id, FakeWorld.NOW - id * FakeWorld.HOUR);
              item.fields.put("creator_id", (id + 1) / 2);
              item.fields.put("title", "number " + id);
            });
  }

  private FakeItem item(long id) {
    return world.items.get((int) id - 1);
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  private List<Long> ask(Retrieve request) {
    return ids(world.ask(request));
  }

  private static void refused(Retrieve request, FakeWorld world, String code) {
    assertThatThrownBy(() -> world.ask(request))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void hiddenBlockedAndMutedAreOut() {
    me.hidden.add(item(1).slot);
    me.blocked.add(2L);
    me.muted.add(3L);
    var results = world.ask(mine);
    assertThat(ids(results)).containsExactly(2L, 7L, 8L, 9L, 10L);
    assertThat(results.stats().removed())
        .containsEntry("hidden", 1L)
        .containsEntry("blocked", 2L)
        .containsEntry("muted", 2L);
    assertThat(ask(Retrieve.items().sortBy(Sort.NEW))).hasSize(10);
    assertThat(ask(mine.forUser(7))).hasSize(10);
  }

  @Test
  void manyBlockedCreatorsAreOutToo() {
    LongStream.rangeClosed(2, 40).forEach(me.blocked::add);
    assertThat(ask(mine)).containsExactly(1L, 2L);
  }

  @Test
  void mutedCreatorsShowWhereTheyAreAskedFor() {
    me.muted.add(3L);
    me.muted.add(4L);
    assertThat(ask(mine.forCreator(EntityId.of(3)))).containsExactly(5L, 6L);
    assertThat(ask(mine.filter(Filter.muted()))).containsExactly(5L, 6L, 7L, 8L);
    assertThat(ask(mine.filter(Filter.not(Filter.muted())))).doesNotContain(5L, 6L).hasSize(6);
    assertThat(ask(mine.filter(Filter.not(Filter.not(Filter.muted()))))).hasSize(4);
  }

  @Test
  void aBlockedCreatorsPageIsEmptyAndSaysWhy() {
    me.blocked.add(3L);
    var results = world.ask(Retrieve.items().forUser(ME).forCreator(EntityId.of(3)));
    assertThat(results.hits()).isEmpty();
    assertThat(results.warnings()).extracting(Warning::code).containsExactly("CREATOR_BLOCKED");
    assertThat(results.stats().profile()).isEqualTo("creator_page@1");
  }

  @Test
  void whatIsHiddenMeanwhileIsOutWhenThePageIsCut() {
    var turning = new FakeWorld.Turning(me, viewer -> viewer.hidden.add(item(2).slot));
    world.turning = turning;
    var results = world.ask(mine.limit(3));
    assertThat(ids(results)).containsExactly(1L, 3L);
    assertThat(results.stats().removed()).containsEntry("never shown", 1L);
    var blocking = new FakeWorld.Turning(me, viewer -> viewer.blocked.add(2L));
    world.turning = blocking;
    assertThat(ask(mine.limit(3))).containsExactly(1L);
    me.blocked.clear();
    me.hidden.clear();
    world.turning = new FakeWorld.Turning(me, viewer -> viewer.muted.add(2L));
    assertThat(ask(mine.limit(3))).containsExactly(1L, 2L);
  }

  @Test
  void statesFilter() {
    me.states.put(UserState.SEEN, Set.of(0, 1));
    me.states.put(UserState.LIKED, Set.of(2));
    me.states.put(UserState.DISLIKED, Set.of(3));
    me.states.put(UserState.SAVED, Set.of(4));
    me.states.put(UserState.IN_PROGRESS, Set.of(5));
    me.states.put(UserState.COMPLETED, Set.of(6));
    me.shown.put(7, FakeWorld.NOW - FakeWorld.HOUR);
    me.shown.put(8, FakeWorld.NOW - FakeWorld.HOUR + 1);
    me.followed.add(5L);
    assertThat(ask(mine.filter(Filter.seen()))).containsExactly(1L, 2L);
    assertThat(ask(mine.filter(Filter.unseen()))).doesNotContain(1L, 2L).hasSize(8);
    assertThat(ask(mine.filter(Filter.liked().or(Filter.disliked())))).containsExactly(3L, 4L);
    assertThat(ask(mine.filter(Filter.saved()))).containsExactly(5L);
    assertThat(ask(mine.filter(Filter.inProgress()))).containsExactly(6L);
    assertThat(ask(mine.filter(Filter.completed()))).containsExactly(7L);
    assertThat(ask(mine.filter(Filter.shown()))).containsExactly(8L, 9L);
    assertThat(ask(mine.filter(Filter.shownWithin(Duration.ofHours(1))))).containsExactly(9L);
    assertThat(ask(mine.filter(Filter.unshown()))).doesNotContain(8L, 9L).hasSize(8);
    assertThat(ask(mine.filter(Filter.followed()))).containsExactly(9L, 10L);
    assertThat(ask(mine.filter(Filter.unblocked()))).hasSize(10);
    refused(
        mine.filter(new Filter.StateIs(UserState.LIKED, java.util.Optional.of(Duration.ofDays(1)))),
        world,
        "FILTER_SPAN_INVALID");
  }

  @Test
  void whatIsOfNoInterestIsOutOfFeedsButNotOfSorts() {
    me.states.put(UserState.NOT_INTERESTED, Set.of(0, 1));
    var feed = Retrieve.items().forUser(ME);
    assertThat(ask(feed)).hasSize(8).doesNotContain(1L, 2L);
    world.join(item(10), item(1), 5);
    world.join(item(10), item(4), 1);
    assertThat(ask(feed.relatedTo(EntityId.of(10)))).startsWith(4L).doesNotContain(1L, 2L);
    assertThat(ask(feed.profile("trending"))).hasSize(10);
    assertThat(ask(mine)).hasSize(10);
  }

  @Test
  void aFilterThatNeedsAUserIsRefusedWithoutOne() {
    var anybody = Retrieve.items();
    refused(anybody.filter(Filter.unseen()), world, "USER_REQUIRED");
    refused(anybody.filter(Filter.followed()), world, "USER_REQUIRED");
    refused(anybody.filter(Filter.ids().or(Filter.not(Filter.muted()))), world, "USER_REQUIRED");
    assertThatCode(() -> world.ask(anybody.filter(Filter.unblocked()))).doesNotThrowAnyException();
  }

  @Test
  void aCollectionFiltersByItsMembersAsTheUserMaySeeThem() {
    world.collections.put(17L, new int[] {item(4).slot, item(6).slot});
    var inside = Filter.inCollection(CollectionId.of(17));
    assertThat(ask(mine.filter(inside))).containsExactly(4L, 6L);
    assertThat(ask(Retrieve.items().sortBy(Sort.OLD).filter(inside))).containsExactly(6L, 4L);
    assertThat(ask(mine.filter(inside.negate()))).hasSize(8);
    for (var request :
        List.of(
            mine.forUser(13).filter(inside),
            mine.filter(Filter.inCollection(CollectionId.of(18))),
            mine.filter(Filter.ids().and(Filter.inCollection(CollectionId.of(18)))))) {
      assertThatThrownBy(() -> world.ask(request)).isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void theFirstProfileThatFitsRanks() {
    world.cohorts.put("eu", new FakeCohort(world, 5, Set.of(0)));
    world.sessions.put(3L, new FakeSession(42, false, List.of(), Set.of(), Set.of()));
    var all = Retrieve.items();
    assertThat(world.ask(all).stats().profile()).isEqualTo("trending@1");
    assertThat(world.ask(all.forUser(ME)).stats().profile()).isEqualTo("for_you@1");
    assertThat(world.ask(all.forSession(SessionId.of(3))).stats().profile()).isEqualTo("for_you@1");
    var cohort = all.forUser(ME).forCohort("eu");
    assertThat(world.ask(cohort).stats().profile()).isEqualTo("cohort_trending@1");
    var creator = cohort.forCreator(EntityId.of(1));
    assertThat(world.ask(creator).stats().profile()).isEqualTo("creator_page@1");
    var similar = creator.similarTo(EntityId.of(1));
    assertThat(world.ask(similar).stats().profile()).isEqualTo("related@1");
    assertThat(world.ask(similar.sortBy(Sort.HOT)).stats().profile()).isEqualTo("hot@1");
    assertThat(world.ask(similar.profile("trending")).stats().profile()).isEqualTo("trending@1");
    refused(
        all.similarTo(LongStream.range(0, 11).mapToObj(EntityId::of).toArray(EntityId[]::new)),
        world,
        "SEEDS_TOO_MANY");
  }

  @Test
  void aCohortsSignalsAreItsMembersAndOnlyWhatTheyTouchedIsACandidate() {
    var members = new FakeWorld();
    members.schema = world.schema;
    LongStream.rangeClosed(1, 10).forEach(id -> members.add(id, 0));
    for (long id = 1; id <= 10; id++) {
      item(id).counts.put("view", Map.of(Window.ALL_TIME, 100 - id));
      members.items.get((int) id - 1).counts.put("view", Map.of(Window.ALL_TIME, id));
    }
    world.cohorts.put("eu", new FakeCohort(members, 1_234, Set.of(3, 4, 5)));
    var most = Retrieve.items().sortBy(Sort.MOST_VIEWED);
    assertThat(ask(most.limit(3))).containsExactly(1L, 2L, 3L);
    var results = world.ask(most.forCohort("eu"));
    assertThat(ids(results)).containsExactly(6L, 5L, 4L);
    assertThat(results.stats().since().orElseThrow().nanos()).isEqualTo(1_234);
    assertThat(world.ask(most).stats().since()).isEmpty();
    var few = Filter.signal("view").count(Window.ALL_TIME).atMost(4);
    assertThat(ask(most.forCohort("eu").filter(few))).containsExactly(4L);
    assertThatThrownBy(() -> world.ask(most.forCohort("us")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("us");
  }

  private static final EntityId SEED = EntityId.of(1);

  @Test
  void relatedGoesByEdgesThenByWhatMoves() {
    world.join(item(1), item(5), 4);
    world.join(item(1), item(3), 8);
    world.join(item(1), item(9), 2);
    world.join(item(5), item(7), 99);
    item(8).counts.put("view", Map.of(Window.TWENTY_FOUR_HOURS, 5L));
    var results = world.ask(Retrieve.items().relatedTo(SEED));
    assertThat(ids(results).subList(0, 4)).containsExactly(3L, 5L, 9L, 8L);
    assertThat(ids(results)).hasSize(9).doesNotContain(1L);
    assertThat(results.warnings()).extracting(Warning::code).containsExactly("SOURCES_EXTENDED");
    var sources = results.stats().sources();
    assertThat(sources)
        .extracting(source -> source.produced() + " " + source.fresh() + " " + source.returned())
        .containsExactly("0 0 0", "3 3 3", "1 1 1", "5 5 5");
    assertThat(results.hits().getFirst().sources())
        .containsExactly("co_engagement(of:seed, n:200, seeds:10)");
    assertThat(results.hits().getFirst().score()).isEqualTo(0.20);
    assertThat(results.hits().get(1).explanation().toString()).contains("co_engagement");
    assertThat(world.ask(Retrieve.items().relatedTo(SEED).limit(3)).warnings()).isEmpty();
  }

  @Test
  void pagesOfRelatedJoinToTheWhole() {
    world.join(item(1), item(5), 4);
    world.join(item(1), item(3), 8);
    item(8).counts.put("view", Map.of(Window.TWENTY_FOUR_HOURS, 5L));
    var request = Retrieve.items().relatedTo(SEED);
    var whole = ask(request.limit(50));
    for (int size = 1; size < 10; size++) {
      var joined = new ArrayList<Long>();
      var page = world.ask(request.limit(size));
      joined.addAll(ids(page));
      while (page.next().isPresent()) {
        page = world.ask(request.limit(size).after(page.next().get()));
        joined.addAll(ids(page));
      }
      assertThat(joined).as("pages of %d", size).isEqualTo(whole);
    }
  }

  @Test
  void severalSeedsSumAndTheNearestCounts() {
    world.join(item(1), item(5), 4);
    world.join(item(1), item(6), 3);
    world.join(item(2), item(6), 6);
    world.join(item(2), item(7), 12);
    var results = world.ask(Retrieve.items().similarTo(EntityId.of(1), EntityId.of(2)).limit(3));
    assertThat(ids(results)).containsExactly(5L, 7L, 6L);
    assertThat(results.hits()).extracting(Hit::score).containsExactly(0.20, 0.20, 0.20 * 0.75);
  }

  @Test
  void aSeedWithoutEdgesIsSaidAndGivesNothing() {
    for (long seed : new long[] {1, 77}) {
      var results = world.ask(Retrieve.items().relatedTo(EntityId.of(seed)));
      assertThat(results.hits()).isEmpty();
      assertThat(results.warnings()).extracting(Warning::code).containsExactly("SEED_UNKNOWN");
    }
  }

  @Test
  void theUsersRulesAndTheFilterHoldForRelated() {
    world.join(item(1), item(5), 4);
    world.join(item(1), item(3), 8);
    world.join(item(1), item(9), 2);
    me.hidden.add(item(3).slot);
    me.affinities.put(5L, 20.0);
    var request = Retrieve.items().relatedTo(SEED).forUser(ME);
    var results = world.ask(request.filter(Filter.not(Filter.ids(EntityId.of(2)))));
    assertThat(ids(results)).doesNotContain(1L, 2L, 3L).hasSize(7).startsWith(5L, 9L);
    // W = 20, so u = √4 / (1 + √4).
    assertThat(results.hits().get(1).score()).isEqualTo(0.20 * 0.25 + 0.05 * (2.0 / 3));
  }

  private FakeSession session(String... hints) {
    return new FakeSession(42, false, List.of(hints), Set.of(), Set.of());
  }

  @Test
  void aSessionPullsTowardItsWordsAndTheExplanationSums() {
    item(7).fields.put("tags", List.of("late night", "jazz"));
    item(9).fields.put("category", "jazz");
    world.sessions.put(1L, session("jazz", "night"));
    world.sessions.put(2L, session());
    var request = Retrieve.items().forUser(ME);
    var without = world.ask(request);
    var with = world.ask(request.forSession(SessionId.of(1)));
    assertThat(ids(with)).startsWith(7L, 9L);
    assertThat(ids(without)).startsWith(1L, 2L);
    assertThat(ask(request.forSession(SessionId.of(2)))).isEqualTo(ids(without));
    for (var hit : with) {
      var before =
          without.hits().stream().filter(h -> h.id().equals(hit.id())).findFirst().orElseThrow();
      double h = hit.id().value() == 7 ? 1 : hit.id().value() == 9 ? 0.5 : 0;
      assertThat(hit.score()).isEqualTo(before.score() + 0.3 * (0.3 * h - before.score()));
      double sum = 0;
      for (var part : hit.explanation().children()) {
        sum += part.contribution();
      }
      assertThat(sum).isEqualTo(hit.score()).isEqualTo(hit.explanation().contribution());
      assertThat(hit.explanation().children().getFirst().children())
          .isEqualTo(before.explanation().children());
    }
  }

  @Test
  void whatTheSessionSawOrRejectedIsOut() {
    world.sessions.put(
        1L, new FakeSession(42, false, List.of(), Set.of(item(2).slot), Set.of(item(3).slot)));
    var results = world.ask(mine.forSession(SessionId.of(1)));
    assertThat(ids(results)).hasSize(8).doesNotContain(2L, 3L).startsWith(1L, 4L);
    assertThat(ask(mine)).hasSize(10);
  }

  @Test
  void aSessionIsItsUsersAlone() {
    world.sessions.put(1L, session());
    me.hidden.add(item(1).slot);
    assertThat(ask(Retrieve.items().sortBy(Sort.NEW).forSession(SessionId.of(1)))).hasSize(9);
    refused(mine.forUser(7).forSession(SessionId.of(1)), world, "SESSION_USER");
    assertThatThrownBy(() -> world.ask(mine.forSession(SessionId.of(9))))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aSessionMayKeepQueriesToItselfButNeverShowsWhatIsHidden() {
    world.sessions.put(1L, new FakeSession(42, true, List.of(), Set.of(), Set.of()));
    me.hidden.add(item(1).slot);
    me.affinities.put(1L, 20.0);
    world.join(item(9), item(2), 1);
    var request = Retrieve.items().relatedTo(EntityId.of(9)).forUser(ME);
    assertThat(world.ask(request).hits().getFirst().score()).isGreaterThan(0.2);
    var closed = world.ask(request.forSession(SessionId.of(1)));
    assertThat(closed.hits().getFirst().score()).isEqualTo(0.2 + 0.3 * (0 - 0.2));
    assertThat(ids(closed)).doesNotContain(1L);
    refused(mine.forSession(SessionId.of(1)).filter(Filter.unseen()), world, "READ_SCOPE");
  }

  @Test
  void aCursorBelongsToItsScope() {
    world.cohorts.put("eu", new FakeCohort(world, 5, Set.of(0, 1, 2, 3)));
    var cursor = world.ask(mine.limit(2)).next().orElseThrow();
    assertThat(ask(mine.limit(2).after(cursor))).containsExactly(3L, 4L);
    for (var other :
        List.of(
            mine.forUser(7),
            mine.forCohort("eu"),
            mine.forCreator(EntityId.of(1)),
            mine.similarTo(SEED))) {
      refused(other.after(cursor), world, "CURSOR_INVALID");
    }
  }

  @Test
  void shufflesDifferByUserAndDayUnlessSeeded() {
    var shuffled = Retrieve.items().sortBy(Sort.SHUFFLE);
    assertThat(ask(shuffled.forUser(1))).isNotEqualTo(ask(shuffled.forUser(2)));
    assertThat(ask(shuffled.forUser(1))).isEqualTo(ask(shuffled.forUser(1)));
    var tomorrow = io.tidaldb.schema.Timestamp.ofNanos(FakeWorld.NOW + 24 * FakeWorld.HOUR);
    assertThat(ask(shuffled.forUser(1).at(tomorrow))).isNotEqualTo(ask(shuffled.forUser(1)));
    assertThat(ask(shuffled.forUser(1).seed(5))).isEqualTo(ask(shuffled.forUser(2).seed(5)));
    assertThat(ask(shuffled)).isEqualTo(ask(shuffled.seed(0)));
  }

  @Test
  void aNetworkThatIsTooGreatIsCutAndSaysSo() {
    me.network.add(Set.of(item(1).slot, item(2).slot));
    me.network.add(Set.of(item(2).slot));
    me.farNetwork.add(Set.of(item(3).slot));
    assertThat(ask(mine.filter(Filter.inNetwork(1)))).containsExactly(1L, 2L);
    assertThat(ask(mine.filter(Filter.inNetwork(2)))).containsExactly(1L, 2L, 3L);
    assertThat(world.ask(mine.filter(Filter.inNetwork(2))).warnings()).isEmpty();
    me.fanOut = 1;
    var results = world.ask(mine.filter(Filter.ids().and(Filter.inNetwork(2))));
    assertThat(results.hits()).isEmpty();
    assertThat(results.warnings())
        .containsExactly(new Warning("FAN_OUT_CAPPED", "depth=2 users=1"));
  }

  @Test
  void whatCannotBeHonouredIsRefused() {
    refused(mine.filter(Filter.inNetwork(3)), world, "FILTER_DEPTH_OUT_OF_RANGE");
    refused(mine.filter(Filter.inNetwork(0)), world, "FILTER_DEPTH_OUT_OF_RANGE");
    refused(mine.filter(Filter.affinity(0)), world, "FILTER_MIN_OUT_OF_RANGE");
    refused(mine.filter(Filter.affinity(Double.NaN)), world, "FILTER_MIN_OUT_OF_RANGE");
    refused(mine.filter(Filter.quality().atLeast(Double.NaN)), world, "FILTER_NOT_A_NUMBER");
    refused(mine.filter(Filter.field("creator.age").atLeast(3)), world, "FIELD_UNDECLARED");
    refused(mine.filter(Filter.field("creator.creator.x").exists()), world, "FIELD_UNDECLARED");
    refused(mine.filter(Filter.field("maker.verified").is(true)), world, "FIELD_UNDECLARED");
    refused(mine.filter(Filter.field("creator.verified").is("yes")), world, "FIELD_TYPE");
    refused(mine.filter(Filter.field("creator.followers").is("many")), world, "FIELD_TYPE");
    for (var leaf : List.of(Filter.inNetwork(1), Filter.affinity(1), Filter.inMyCollections())) {
      refused(Retrieve.items().filter(leaf), world, "USER_REQUIRED");
      world.sessions.put(1L, new FakeSession(42, true, List.of(), Set.of(), Set.of()));
      refused(Retrieve.items().forSession(SessionId.of(1)).filter(leaf), world, "READ_SCOPE");
    }
    world.schema = io.tidaldb.testing.Schemas.testSchema();
    refused(mine.filter(Filter.quality().atLeast(0.5)), world, "RATE_UNDECLARED");
    refused(mine.filter(Filter.completionRate().atLeast(0.5)), world, "RATE_UNDECLARED");
  }

  @Test
  void whatIsSavedComesByTheTimeOfTheSave() {
    me.saved.put(item(7).slot, FakeWorld.NOW - 5);
    me.saved.put(item(3).slot, FakeWorld.NOW - 9);
    me.saved.put(item(9).slot, FakeWorld.NOW - 4);
    var saved = Retrieve.items().forUser(ME).sortBy(Sort.DATE_SAVED);
    var page = world.ask(saved.limit(2));
    assertThat(ids(page)).containsExactly(9L, 7L);
    assertThat(page.hits().getFirst().score()).isEqualTo((FakeWorld.NOW - 4) / 1e9);
    assertThat(ids(world.ask(saved.after(page.next().orElseThrow())))).containsExactly(3L);
    refused(Retrieve.items().sortBy(Sort.DATE_SAVED), world, "USER_REQUIRED");
    refused(Retrieve.items().profile("date_saved"), world, "USER_REQUIRED");
    world.sessions.put(1L, new FakeSession(42, true, List.of(), Set.of(), Set.of()));
    refused(saved.forSession(SessionId.of(1)), world, "READ_SCOPE");
  }

  @Test
  void newerThanIsRefusedWhereItCannotBeTold() {
    var old = world.ask(mine.limit(2)).next().orElseThrow();
    refused(mine.newerThan(old).after(old), world, "NEWER_WITH_CURSOR");
    refused(mine.sortBy(Sort.OLD).newerThan(old), world, "CURSOR_INVALID");
    refused(mine.filter(Filter.liked()).newerThan(old), world, "CURSOR_INVALID");
    var hot = mine.sortBy(Sort.HOT);
    var hottest = world.ask(hot.limit(2)).next().orElseThrow();
    refused(hot.newerThan(hottest), world, "NEWER_SORT");
    var fed = Retrieve.items().forUser(ME).profile("trending");
    refused(fed.newerThan(world.ask(fed.limit(2)).next().orElseThrow()), world, "NEWER_SORT");
  }

  /// The score is that of `for_you`, over everything allowed, without its gates, sources and
  /// limits.
  @Test
  void personalizedIsTheScoreOfForYou() {
    me.positives = new int[] {item(4).slot, item(5).slot};
    world.following.put(item(4).slot, Map.of(item(8).slot, 3.0, item(9).slot, 1.0));
    me.affinities.put(2L, 4.0);
    var page = world.ask(Retrieve.items().forUser(ME).sortBy(Sort.PERSONALIZED));
    assertThat(page.hits()).hasSize(10);
    assertThat(page.stats().profile()).isEqualTo("personalized@1");
    var fed = world.ask(Retrieve.items().forUser(ME).profile("for_you").limit(10));
    for (var hit : fed.hits()) {
      var same = page.hits().stream().filter(h -> h.id().equals(hit.id())).findFirst();
      assertThat(same.orElseThrow().score()).isEqualTo(hit.score());
    }
    assertThat(page.hits().getFirst().explanation().name()).isEqualTo("for_you@1");
    var circular = Profile.named("for_you").sort(Sort.PERSONALIZED).build();
    world.profiles = Catalogs.with(circular);
    refused(mine.sortBy(Sort.PERSONALIZED), world, "SORT_CIRCULAR");
  }

  /// Of more than 10,000 allowed, what the sources of `for_you` give comes first.
  @Test
  void personalizedTakesItsCandidatesFromSourcesWhereThereAreMany() {
    var many = new FakeWorld();
    LongStream.rangeClosed(1, 10_001).forEach(id -> many.add(id, FakeWorld.NOW - id));
    var asked = Retrieve.items().sortBy(Sort.PERSONALIZED).limit(5);
    assertThat(many.ask(asked).stats().strategy()).isEqualTo("sources");
    var one = Filter.ids(EntityId.of(1)).negate();
    assertThat(many.ask(asked.filter(one)).stats().strategy()).isEqualTo("bitmap");
  }
}
