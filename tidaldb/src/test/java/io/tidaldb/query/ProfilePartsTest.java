package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What a profile says beyond its score, and the built-in ones that say it.
class ProfilePartsTest {

  private static final EntityId ME = EntityId.of(42);

  private final FakeWorld world = new FakeWorld();
  private final FakeViewer me = new FakeViewer();
  private final Retrieve mine = Retrieve.items().forUser(ME);

  ProfilePartsTest() {
    world.viewers.put(ME.value(), me);
    // Item 1 is the newest; items 1 and 2 are of creator 1, 3 and 4 of creator 2, …
    LongStream.rangeClosed(1, 10)
        .forEach(
            id -> {
              var item = world.add(id, FakeWorld.NOW - id * 10 * FakeWorld.HOUR);
              item.fields.put("creator_id", (id + 1) / 2);
              item.fields.put("price", (double) id);
              item.fields.put("category", id % 2 == 0 ? "jazz" : "folk");
            });
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  private static Profile.Builder byPrice() {
    return Profile.named("by_price").term(new Feature.FieldValue("price", 10), 1);
  }

  @Test
  void boostsMultiplyOneAfterTheOtherAndAreParts() {
    var profile =
        byPrice()
            .boost(Filter.field("category").is("jazz"), 0.5)
            .boost(Filter.not(Filter.followed()), 3)
            .boost(Filter.field("nowhere").exists(), 9)
            .build();
    me.followed.add(5L);
    var hits = world.ask(mine, profile).hits();
    var plain = world.ask(mine, byPrice().build()).hits();
    var ten = hit(hits, 10);
    double score = hit(plain, 10).score();
    assertThat(ten.explanation().children()).extracting(Part::name).contains("boost").hasSize(2);
    assertThat(ten.score()).isEqualTo(score + score * -0.5);
    assertThat(ten.explanation().children().get(1))
        .isEqualTo(Part.leaf("boost", score * -0.5, "× 0.5000 where category = \"jazz\""));
    double two = hit(plain, 2).score();
    double half = two + two * -0.5;
    assertThat(hit(hits, 2).score()).isEqualTo(half + half * 2);
    assertThat(hits.getFirst().id()).isEqualTo(EntityId.of(7));
    // Nobody follows anybody without a user.
    assertThat(hit(world.ask(Retrieve.items(), profile).hits(), 10).score())
        .isEqualTo((score + score * -0.5) + (score + score * -0.5) * 2);
  }

  private static Hit hit(List<Hit> hits, long id) {
    return hits.stream().filter(hit -> hit.id().value() == id).findFirst().orElseThrow();
  }

  @Test
  void aSortOfTheRequestTakesThePlaceOfBoostsAndScoreButNotOfFilterAndCaps() {
    var profile =
        byPrice()
            .boost(Filter.all(), 0)
            .filter(Filter.field("category").is("jazz"))
            .caps(NotificationCaps.of(1, 3))
            .build();
    assertThat(ids(world.ask(mine, profile))).containsExactly(2L, 4L, 6L);
    assertThat(ids(world.ask(mine.sortBy(Sort.OLD), profile))).containsExactly(10L, 8L, 6L);
    assertThat(ids(world.ask(mine.caps(NotificationCaps.NONE).limit(4), profile)))
        .containsExactly(2L, 4L, 6L, 8L);
    var removed =
        world.ask(mine.filter(Filter.field("price").atMost(5)), profile).stats().removed();
    assertThat(removed).containsKey("filter category IN [jazz]");
  }

  @Test
  void whatAFilterNamesAndNobodyKnowsNeverHolds() {
    var unknown = byPrice().filter(Filter.field("nowhere").is("x")).build();
    assertThat(world.ask(mine, unknown).hits()).isEmpty();
    assertThat(world.ask(mine, byPrice().filter(Filter.not(unknown.filter())).build()).hits())
        .hasSize(10);
    assertThat(world.ask(Retrieve.items(), byPrice().filter(Filter.unseen()).build()).hits())
        .hasSize(10);
    assertThat(world.ask(Retrieve.items(), byPrice().filter(Filter.followed()).build()).hits())
        .isEmpty();
  }

  @Test
  void aSortWithSourcesHoldsWhatTheyGive() {
    var profile =
        Profile.named("newest").source(new Source.NewItems(4, Duration.ofDays(9))).sort(Sort.OLD);
    var page = world.ask(mine.limit(3), profile.build());
    assertThat(ids(page)).containsExactly(4L, 3L, 2L);
    assertThat(page.warnings()).isEmpty();
    var next = world.ask(mine.profile("newest").limit(3).after(page.next().orElseThrow()));
    assertThat(ids(next)).containsExactly(1L);
    assertThat(next.next()).isEmpty();
    assertThat(ids(world.ask(mine.profile("newest").sortBy(Sort.OLD).limit(1))))
        .containsExactly(10L);
  }

  @Test
  void followingIsWhatFollowedCreatorsMadeNewestFirst() {
    assertThat(world.ask(mine.profile("following")).hits()).isEmpty();
    me.followed.addAll(List.of(2L, 4L));
    assertThat(ids(world.ask(mine.profile("following")))).containsExactly(3L, 4L, 7L, 8L);
    var page = world.ask(mine.profile("following").limit(2));
    var next = world.ask(mine.profile("following").limit(2).after(page.next().orElseThrow()));
    assertThat(ids(next)).containsExactly(7L, 8L);
    assertThat(next.hits().getFirst().rank()).isEqualTo(3);
  }

  @Test
  void notificationsAreFewFreshAndUnseen() {
    me.followed.addAll(List.of(1L, 2L, 5L));
    me.affinities.put(2L, 9.0);
    me.states.put(UserState.SEEN, Set.of(0));
    // Items 8 … 10 are older than three days; 1 is seen; of creator 2 both.
    var page = world.ask(mine.profile("notification"));
    assertThat(ids(page)).startsWith(3L, 4L, 2L).doesNotContain(1L, 8L, 9L, 10L);
    me.notices.put(FakeWorld.NOW, java.util.Optional.of(2L));
    assertThat(ids(world.ask(mine.profile("notification")))).contains(3L).doesNotContain(4L);
  }

  @Test
  void aCreatorsPageIsByTasteForWhomWeKnow() {
    var page = mine.forCreator(EntityId.of(1));
    world.items.get(1).counts.put("like", Map.of(Window.ALL_TIME, 5L));
    var cold = world.ask(page);
    assertThat(cold.stats().profile()).isEqualTo("creator_page@1");
    assertThat(ids(cold)).containsExactly(2L, 1L);
    assertThat(cold.hits().getFirst().explanation().name()).isEqualTo("top_all_time");
    me.positives = new int[] {5};
    var warm = world.ask(page);
    assertThat(ids(warm)).containsExactly(1L, 2L);
    assertThat(warm.hits().getFirst().explanation().children()).hasSize(3);
  }

  /// Scores of a fixed world, summed: the same bits on every machine.
  @Test
  void builtInProfilesGiveGoldenScores() {
    var golden = FakeWorld.random(new SplittableRandom(7), 200);
    var viewer = new FakeViewer();
    viewer.positives = new int[] {1, 2, 3};
    viewer.followed.addAll(List.of(1L, 2L));
    viewer.affinities.putAll(Map.of(1L, 4.0, 3L, 1.5));
    golden.viewers.put(ME.value(), viewer);
    golden.following.put(1, Map.of(10, 0.5, 11, 0.25));
    var found = new java.util.TreeMap<String, String>();
    for (var name : List.of("for_you", "trending", "notification", "creator_page", "following")) {
      double sum = 0;
      for (var hit : golden.ask(mine.profile(name).explore(0).limit(1_000))) {
        sum = sum * 0.5 + hit.score();
      }
      found.put(name, Long.toHexString(Double.doubleToRawLongBits(sum)));
    }
    assertThat(found)
        .isEqualTo(
            Map.of(
                "for_you", "3fd5aab3e88ecf2c",
                "trending", "3f34625232957c24",
                "notification", "3fc5cc120e9bb42a",
                "creator_page", "3f94d21b8a01ca38",
                "following", "41e94bcc42e3f585"));
  }

  @Test
  void aProfileThatNamesWhatTheSchemaLacksIsWarnedOf() {
    var profile =
        byPrice()
            .filter(Filter.field("nowhere").is("x").or(Filter.field("creator").is(EntityId.of(1))))
            .boost(Filter.signal("nothing").decayed().atLeast(1), 2)
            .boost(Filter.field("created").within(Duration.ofDays(1)), 2)
            .build();
    assertThat(io.tidaldb.ranking.ProfileRules.check(profile, world.schema))
        .containsExactly(
            new Warning("FIELD_UNKNOWN", "field=nowhere filter=nowhere = \"x\""),
            new Warning(
                "SIGNAL_UNKNOWN",
                "signal=nothing filter=signal(name:nothing, measure:decayed) >= 1"));
  }
}
