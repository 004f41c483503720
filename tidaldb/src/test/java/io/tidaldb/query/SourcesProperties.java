package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QueryStats.FromSource;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/// Each source alone gives what a walk over everything allowed gives; together they are taken in
/// turn; a page is never shorter than what is allowed.
class SourcesProperties {

  private static final long ME = 77;
  private static final Comparator<FakeItem> BY_ID =
      Comparator.comparing((FakeItem item) -> item.id, Long::compareUnsigned);

  /// A world with a user who has a past, and what of it a filter allows.
  private static final class Asked {
    final SplittableRandom random;
    final FakeWorld world;
    final FakeViewer viewer = new FakeViewer();
    final Filter filter;
    final List<FakeItem> allowed;

    Asked(long seed) {
      random = new SplittableRandom(seed);
      world = FakeWorld.random(random, 20 + random.nextInt(150));
      world.viewers.put(ME, viewer);
      for (int i = random.nextInt(4); i > 0; i--) {
        viewer.followed.add((long) random.nextInt(6));
        viewer.affinities.put((long) random.nextInt(6), 1.0 + random.nextInt(3));
      }
      int[] slots = new int[random.nextInt(30)];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = (i * 7) % world.items.size();
      }
      viewer.positives = java.util.Arrays.stream(slots).distinct().toArray();
      for (var item : world.items) {
        var row = world.following.computeIfAbsent(item.slot, _ -> new HashMap<>());
        for (int i = random.nextInt(9); i > 0; i--) {
          row.put(random.nextInt(world.items.size()), random.nextInt(8) / 16.0);
        }
      }
      world.interests.put(ME, List.of("jazz", "loud"));
      filter =
          switch (random.nextInt(4)) {
            case 0 -> Filter.all();
            case 1 -> new Filter.KeywordIn("category", Set.of("jazz"));
            case 2 -> Filter.not(new Filter.KeywordIn("category", Set.of("jazz")));
            default -> Filter.ids(EntityId.of(world.items.get(3).id));
          };
      var everything =
          world.ask(Retrieve.items().forUser(ME).profile("new").filter(filter).limit(1_000));
      var ids = everything.hits().stream().map(hit -> hit.id().value()).toList();
      allowed = world.items.stream().filter(item -> item.live && ids.contains(item.id)).toList();
    }

    Results ask(Source... sources) {
      var profile = Profile.named("alone").term(new Feature.Random(), 1);
      List.of(sources).forEach(profile::source);
      return world.ask(Retrieve.items().forUser(ME).filter(filter).limit(1_000), profile.build());
    }

    /// The best of what is allowed, those at 0 left out, ties by creation, then id.
    List<Long> best(List<FakeItem> items, ToDoubleFunction<FakeItem> score, int n) {
      return items.stream()
          .filter(item -> score.applyAsDouble(item) > 0)
          .sorted(
              Comparator.comparingDouble((FakeItem item) -> -score.applyAsDouble(item))
                  .thenComparingLong(item -> -item.created)
                  .thenComparing(BY_ID))
          .limit(n)
          .map(item -> item.id)
          .toList();
    }

    List<Long> newest(List<FakeItem> items, int n, Duration within) {
      return items.stream()
          .filter(item -> item.created > FakeWorld.NOW - within.toNanos())
          .sorted(Comparator.comparingLong((FakeItem item) -> -item.created).thenComparing(BY_ID))
          .limit(n)
          .map(item -> item.id)
          .toList();
    }

    List<FakeItem> of(long creator) {
      return allowed.stream()
          .filter(item -> item.fields.get("creator_id") instanceof Long id && id == creator)
          .toList();
    }

    List<Long> newestOf(List<Long> creators, int n, Duration within) {
      var union = new HashSet<Long>();
      creators.forEach(creator -> union.addAll(newest(of(creator), 20, within)));
      return newest(allowed.stream().filter(i -> union.contains(i.id)).toList(), n, within);
    }

    List<Long> expected(Source source) {
      return switch (source) {
        case Source.SignalHead head ->
            best(
                allowed,
                item ->
                    switch (head.measure()) {
                      case COUNT, VELOCITY -> (double) item.count(head.signal(), head.window());
                      case DECAYED -> item.decayed.getOrDefault(head.signal(), 0.0);
                    },
                head.n());
        case Source.Interests(int n) ->
            best(
                allowed.stream().filter(Asked::isInteresting).toList(),
                item -> (double) item.count("view", Window.TWENTY_FOUR_HOURS),
                n);
        case Source.NewItems(int n, var within) -> newest(allowed, n, within);
        case Source.Followed(int n, var within) ->
            newestOf(List.copyOf(viewer.followed), n, within);
        case Source.Affinity(int n, var within) ->
            newestOf(List.copyOf(viewer.affinities.keySet()), n, within);
        case Source.RecentMatch(int n) -> following(n);
        case Source.Scan _, Source.Ann _, Source.CoEngagement _ ->
            throw new IllegalStateException("has a test of its own: " + source);
      };
    }

    private static boolean isInteresting(FakeItem item) {
      return "jazz".equals(item.fields.get("category"))
          || (item.fields.get("tags") instanceof List<?> tags && tags.contains("loud"));
    }

    Map<Integer, Double> sums() {
      Map<Integer, Double> sums = new HashMap<>();
      for (int p = 0; p < Math.min(20, viewer.positives.length); p++) {
        double weight = p + 1;
        world
            .following
            .get(viewer.positives[p])
            .forEach((slot, share) -> sums.merge(slot, share / weight, Double::sum));
      }
      return sums;
    }

    private List<Long> following(int n) {
      var sums = sums();
      return allowed.stream()
          .filter(item -> sums.getOrDefault(item.slot, 0.0) > 0)
          .sorted(
              Comparator.comparingDouble((FakeItem item) -> -sums.get(item.slot))
                  .thenComparing(BY_ID))
          .limit(n)
          .map(item -> item.id)
          .toList();
    }
  }

  private static Source source(SplittableRandom random) {
    int n = random.nextInt(3) == 0 ? 4_096 : 1 + random.nextInt(20);
    var within = Duration.ofDays(1 + random.nextInt(30));
    return switch (random.nextInt(8)) {
      case 0 -> new Source.SignalHead("view", Measure.VELOCITY, Window.SEVEN_DAYS, n);
      case 1 -> new Source.SignalHead("like", Measure.COUNT, Window.ALL_TIME, n);
      case 2 -> new Source.SignalHead("share", Measure.DECAYED, Window.ONE_HOUR, n);
      case 3 -> new Source.Interests(n);
      case 4 -> new Source.NewItems(n, within);
      case 5 -> new Source.Followed(n, within);
      case 6 -> new Source.Affinity(n, within);
      default -> new Source.RecentMatch(n);
    };
  }

  private static List<Long> from(Results results, String label) {
    return results.hits().stream()
        .filter(hit -> hit.sources().contains(label))
        .map(hit -> hit.id().value())
        .toList();
  }

  @Test
  void eachSourceAloneGivesWhatAWalkOverTheAllowedGives() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(150)
        .check(
            seed -> {
              var asked = new Asked(seed);
              var source = source(asked.random);
              var expected = asked.expected(source);
              var results = asked.ask(source);
              var stats = results.stats().sources().getFirst();
              assertThat(stats.source()).isEqualTo(source.label());
              assertThat(stats.asked()).isEqualTo(SourceSlots.asked(source));
              assertThat(stats.produced()).as(source.label()).isEqualTo(expected.size());
              assertThat(from(results, source.label()))
                  .as(source.label())
                  .containsExactlyInAnyOrderElementsOf(expected);
            });
  }

  @Test
  void whatASourceGivesComesBestFirst() {
    // Of a union that is full the first of each source are in it: of 1 the very best.
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(80)
        .check(
            seed -> {
              var asked = new Asked(seed);
              var whole = source(asked.random);
              for (int n = 1; n < 6; n++) {
                var some = limited(whole, n);
                var expected = asked.expected(some);
                assertThat(from(asked.ask(some), some.label()))
                    .as("%s", some)
                    .containsExactlyInAnyOrderElementsOf(expected);
              }
            });
  }

  private static Source limited(Source source, int n) {
    return switch (source) {
      case Source.SignalHead head ->
          new Source.SignalHead(head.signal(), head.measure(), head.window(), n);
      case Source.Interests _ -> new Source.Interests(n);
      case Source.NewItems items -> new Source.NewItems(n, items.within());
      case Source.Followed followed -> new Source.Followed(n, followed.within());
      case Source.Affinity affinity -> new Source.Affinity(n, affinity.within());
      case Source.RecentMatch _ -> new Source.RecentMatch(n);
      case Source.Scan _, Source.Ann _, Source.CoEngagement _ -> source;
    };
  }

  @Test
  void sourcesAreTakenInTurnAndThePageIsNeverShorterThanWhatIsAllowed() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(100)
        .check(
            seed -> {
              var asked = new Asked(seed);
              Map<String, Source> sources = new LinkedHashMap<>();
              for (int i = 1 + asked.random.nextInt(6); i > 0; i--) {
                var source = source(asked.random);
                sources.put(source.label(), source);
              }
              var results = asked.ask(sources.values().toArray(Source[]::new));
              assertThat(results.hits()).hasSize(asked.allowed.size());
              inTurn(asked, List.copyOf(sources.values()), results);
            });
  }

  /// Counts of what each source was the first to give, and which round the hits came from.
  private static void inTurn(Asked asked, List<Source> sources, Results results) {
    var lists = sources.stream().map(asked::expected).toList();
    Set<Long> union = new HashSet<>();
    int[] fresh = new int[sources.size()];
    int longest = lists.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (int s = 0; s < lists.size(); s++) {
        if (i < lists.get(s).size() && union.add(lists.get(s).get(i))) {
          fresh[s]++;
        }
      }
    }
    var stats = results.stats().sources();
    for (int s = 0; s < fresh.length; s++) {
      assertThat(stats.get(s).fresh()).as("%s", sources.get(s)).isEqualTo(fresh[s]);
      assertThat(stats.get(s).returned()).isEqualTo(lists.get(s).size());
    }
    var ids = results.hits().stream().map(hit -> hit.id().value()).toList();
    assertThat(ids.subList(0, union.size())).containsExactlyInAnyOrderElementsOf(union);
    var warned = results.warnings().stream().map(Warning::code).toList();
    if (union.size() < ids.size()) {
      assertThat(warned).contains("SOURCES_EXTENDED");
    } else {
      assertThat(warned).doesNotContain("SOURCES_EXTENDED");
    }
  }

  @Test
  void whatFollowsMostMatchesFullyAndEverythingElseInProportion() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(60)
        .check(
            seed -> {
              var asked = new Asked(seed);
              var sums = asked.sums();
              for (int slot : asked.viewer.positives) {
                if (asked.viewer.positives.length <= 20) {
                  sums.remove(slot);
                }
              }
              double most = sums.values().stream().mapToDouble(x -> x).max().orElse(0);
              var profile = Profile.named("alone").term(new Feature.RecentMatch(), 1).build();
              var results =
                  asked.world.ask(
                      Retrieve.items().forUser(ME).filter(asked.filter).limit(1_000), profile);
              if (asked.viewer.positives.length > 20 || most == 0) {
                return;
              }
              for (var hit : results.hits()) {
                int slot = asked.world.slots.get(hit.id().value());
                if (sums.containsKey(slot)) {
                  assertThat(hit.score()).isBetween(0.0, 1.0);
                  assertThat(hit.score())
                      .isCloseTo(
                          sums.get(slot) / most, org.assertj.core.api.Assertions.within(1e-12));
                }
              }
            });
  }

  /* --- for_you --- */

  private static List<String> labels(Results results) {
    return results.stats().sources().stream().map(FromSource::source).toList();
  }

  private static Profile forYou(FakeWorld world) {
    return world.profiles.find("for_you", java.util.OptionalInt.empty());
  }

  @Test
  void aUserOfWhomNothingIsKnownGetsExactlyTheColdFormula() {
    var world = FakeWorld.random(new SplittableRandom(5), 120);
    var cold = forYou(world).cold().orElseThrow();
    var alone = Profile.named("cold");
    cold.sources().forEach(alone::source);
    cold.score().forEach(term -> alone.term(term.feature(), term.weight()));
    forYou(world).gates().forEach(gate -> alone.atLeast(gate.feature(), gate.min().orElseThrow()));
    var expected = world.ask(Retrieve.items().forUser(1).limit(1_000), alone.build());
    var results =
        world.ask(
            Retrieve.items()
                .forUser(1)
                .profile("for_you")
                .diversity(Diversity.NONE)
                .explore(0)
                .limit(1_000));
    assertThat(results.hits()).extracting(Hit::id).isEqualTo(ids(expected));
    assertThat(results.hits())
        .extracting(Hit::score)
        .isEqualTo(expected.hits().stream().map(Hit::score).toList());
    assertThat(labels(results)).containsExactlyElementsOf(labels(expected)).hasSizeGreaterThan(3);
    assertThat(results.hits().getFirst().explanation().detail()).isEqualTo("warmth 0");
  }

  private static List<EntityId> ids(Results results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  @Test
  void withFivePositivesWarmAndColdCountHalf() {
    var world = FakeWorld.random(new SplittableRandom(6), 120);
    var viewer = new FakeViewer();
    viewer.positives = new int[] {1, 2, 3, 4, 5};
    world.viewers.put(ME, viewer);
    world.following.put(1, Map.of(10, 0.5, 11, 0.25));
    var results = world.ask(Retrieve.items().forUser(ME).profile("for_you").limit(1_000));
    var parts = new HashMap<String, String>();
    results
        .hits()
        .getFirst()
        .explanation()
        .children()
        .forEach(part -> parts.put(part.name(), part.detail()));
    assertThat(results.hits().getFirst().explanation().detail()).isEqualTo("warmth 0.5000");
    assertThat(parts.get("recent_match")).startsWith("0.2000 × ");
    assertThat(parts.get("completion_rate")).startsWith("0.1500 × ");
    assertThat(parts.get("recency(half_life:172800s)")).startsWith("0.2000 × ");
    assertThat(labels(results))
        .contains("recent_match(n:200)", "followed(n:200, within:2592000s)", "interests(n:200)")
        .doesNotHaveDuplicates();
  }

  @Test
  void anItemWithoutAnySignalIsShownToo() {
    var world = new FakeWorld();
    for (long id = 1; id <= 9; id++) {
      var _ = world.add(id, FakeWorld.NOW - id * FakeWorld.HOUR);
    }
    for (long user : List.of(1L, ME)) {
      var viewer = new FakeViewer();
      viewer.positives = user == ME ? new int[] {3} : new int[0];
      world.viewers.put(user, viewer);
      var results = world.ask(Retrieve.items().forUser(user).profile("for_you"));
      assertThat(ids(results)).hasSize(9).startsWith(EntityId.of(1));
    }
  }

  @Test
  void aSourceWithoutWhatItNeedsGivesNothingAndThePageIsFullAllTheSame() {
    var world = FakeWorld.random(new SplittableRandom(8), 60);
    var sources = new ArrayList<Source>();
    sources.add(new Source.SignalHead("nowhere", Measure.COUNT, Window.ALL_TIME, 10));
    sources.add(new Source.Followed(10, Duration.ofDays(30)));
    sources.add(new Source.Affinity(10, Duration.ofDays(30)));
    sources.add(new Source.Interests(10));
    sources.add(new Source.RecentMatch(10));
    for (var request : List.of(Retrieve.items(), Retrieve.items().forUser(5))) {
      var profile = Profile.named("alone").term(new Feature.Random(), 1);
      sources.forEach(profile::source);
      var results = world.ask(request.limit(1_000), profile.build());
      assertThat(results.stats().sources().subList(0, 5))
          .extracting(FromSource::produced)
          .containsOnly(0);
      assertThat(results.hits()).hasSameSizeAs(world.visible());
      assertThat(results.warnings()).extracting(Warning::code).contains("SOURCES_EXTENDED");
    }
  }
}
