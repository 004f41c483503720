package io.tidaldb.query;

import static io.tidaldb.query.FakeWorld.HOUR;
import static io.tidaldb.query.FakeWorld.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.UserState;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Features about the user and the item's creator, computed again one item at a time.
class FeatureProperties {

  private static final Retrieve MINE = Retrieve.items().forUser(NaiveFilter.ME).limit(1000);

  static List<Feature> features() {
    return List.of(
        new Feature.Follows(),
        new Feature.InterestMatch(),
        new Feature.Fatigue(),
        new Feature.SocialProof(),
        new Feature.CreatorField("prizes", 2.5),
        new Feature.CreatorField("followers", 1.5));
  }

  private static FakeWorld world(SplittableRandom random) {
    var world = FakeWorld.random(random, 60);
    world.schema =
        new SchemaBuilder()
            .signal("impression", EntityKind.ITEM, Decay.permanent())
            .add()
            .field(EntityKind.CREATOR, "prizes", FieldType.INTEGER)
            .build();
    return world;
  }

  private static Profile by(Feature feature) {
    return Profile.named("one").term(feature, 1).build();
  }

  @ParameterizedTest
  @MethodSource("features")
  void aFeatureIsWhatItsDefinitionSays(Feature feature) {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(40)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = world(random);
              var naive = FilterProperties.withMe(world, random);
              var hits = world.ask(MINE, by(feature)).hits();
              assertThat(hits).hasSameSizeAs(world.visible());
              for (var hit : hits) {
                var item = world.items.get(world.slots.get(hit.id().value()));
                double expected = u(feature, item, naive);
                assertThat(hit.score()).isCloseTo(expected, within(1e-12));
                var part = hit.explanation().children().getFirst();
                assertThat(part.name()).isEqualTo(feature.label());
                assertThat(part.contribution()).isEqualTo(hit.score());
              }
            });
  }

  private static double u(Feature feature, FakeItem item, NaiveFilter naive) {
    var creator = item.fields.get("creator_id") instanceof Long id ? id : null;
    var me = naive.viewer();
    return switch (feature) {
      case Feature.Follows() -> creator != null && me.followed.contains(creator) ? 1 : 0;
      case Feature.InterestMatch() ->
          naive.world().interests(NaiveFilter.ME).stream().anyMatch(word -> isAbout(item, word))
              ? 1
              : 0;
      case Feature.Fatigue() ->
          bounded(
              me.states.get(UserState.SEEN).contains(item.slot)
                  ? 0
                  : me.impressions.stream()
                      .filter(one -> one[0] == item.slot)
                      .filter(one -> one[1] <= NOW && one[1] > NOW - 7 * 24 * HOUR)
                      .count(),
              3);
      case Feature.SocialProof() ->
          bounded(me.network.stream().filter(has -> has.contains(item.slot)).count(), 3);
      case Feature.CreatorField(var name, double pivot) when creator == null -> 0;
      case Feature.CreatorField(var name, double pivot) when name.equals("followers") ->
          bounded(naive.world().followers(creator), pivot);
      case Feature.CreatorField(var name, double pivot) ->
          bounded(
              naive.world().creator(creator).map(known -> known.fields.get(name)).orElse(null)
                      instanceof Double x
                  ? x
                  : 0,
              pivot);
      default -> throw new IllegalArgumentException("not here: " + feature);
    };
  }

  private static double bounded(long x, double pivot) {
    return bounded((double) x, pivot);
  }

  private static double bounded(double x, double pivot) {
    double root = Math.sqrt(x / pivot);
    return root / (1 + root);
  }

  private static boolean isAbout(FakeItem item, String word) {
    var folded = word.toLowerCase(Locale.ROOT);
    return folded.equals(item.fields.get("category"))
        || (item.fields.get("tags") instanceof List<?> tags && tags.contains(folded));
  }

  /// It counts 0, says why, and a gate on it passes.
  @ParameterizedTest
  @MethodSource("features")
  void whatCannotBeComputedSaysWhy(Feature feature) {
    var world = new FakeWorld();
    world.schema = new SchemaBuilder().build();
    world.add(1, NOW);
    var nobody = Retrieve.items();
    var gated = Profile.named("one").term(feature, 1).atLeast(feature, 0.5).build();
    boolean ofCreator = feature instanceof Feature.CreatorField;
    assertThat(reason(world.ask(nobody, gated).hits())).contains(ofCreator ? "field" : "no user");
    if (feature instanceof Feature.InterestMatch) {
      assertThat(reason(world.ask(MINE, gated).hits())).contains("no interests");
    } else if (feature instanceof Feature.Fatigue) {
      assertThat(reason(world.ask(MINE, gated).hits())).contains("no signal means impression");
    }
  }

  private static String reason(List<Hit> hits) {
    assertThat(hits).hasSize(1);
    assertThat(hits.getFirst().score()).isZero();
    return hits.getFirst().explanation().children().getFirst().detail();
  }

  @Test
  void aCutNetworkIsTold() {
    var random = new SplittableRandom(3);
    var world = world(random);
    var me = FilterProperties.withMe(world, random).viewer();
    me.network.addAll(List.of(java.util.Set.of(1), java.util.Set.of(1), java.util.Set.of(2)));
    me.fanOut = 2;
    var told = world.ask(MINE, by(new Feature.SocialProof())).warnings();
    assertThat(told).containsExactly(new Warning("FAN_OUT_CAPPED", "depth=1 users=2"));
  }
}
