package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.ranking.ProfileJson;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Pages under limits on how alike neighbours are.
final class DiversityTest {

  private static final int CREATORS = 6;
  private static final List<String> FORMATS = List.of("short", "long", "live");
  private static final List<String> CATEGORIES = List.of("sea", "jazz", "chess", "folk");

  private final ManualClock clock = new ManualClock();

  /// Items 1 … count, the higher the number the more views; creators, formats and categories by
  /// number, some without.
  private TidalDb filled(int count, SplittableRandom random) {
    var db = Doors.ephemeral(clock).open();
    for (int item = 1; item <= count; item++) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("title", "item " + item);
      if (random.nextInt(8) > 0) {
        metadata.put("creator_id", (long) random.nextInt(1 + random.nextInt(CREATORS)));
      }
      if (random.nextInt(8) > 0) {
        metadata.put("format", FORMATS.get(random.nextInt(1 + random.nextInt(3))));
      }
      if (random.nextInt(8) > 0) {
        metadata.put("category", CATEGORIES.get(random.nextInt(1 + random.nextInt(4))));
      }
      db.writeItem(EntityId.of(item), metadata);
      if (random.nextInt(5) > 0) {
        db.signal("view", EntityId.of(item), Signal.anonymous().weight(1 + random.nextInt(50)));
      }
      clock.advance(Duration.ofMillis(10));
    }
    return db;
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(Hit::id).map(EntityId::value).toList();
  }

  /// All pages until the end.
  private static List<Long> pages(TidalDb db, Retrieve request, int limit) {
    var all = new ArrayList<Long>();
    var page = db.retrieve(request.limit(limit));
    all.addAll(ids(page));
    while (page.next().isPresent()) {
      page = db.retrieve(request.limit(limit).after(page.next().get()));
      all.addAll(ids(page));
    }
    return all;
  }

  private static Diversity random(SplittableRandom random) {
    UnaryOperator<Diversity> creators = d -> d.maxPerCreator(1 + random.nextInt(3));
    UnaryOperator<Diversity> gaps = d -> d.minGap(1 + random.nextInt(4));
    UnaryOperator<Diversity> formats = d -> d.formatMix(0.1 + 0.9 * random.nextDouble());
    UnaryOperator<Diversity> topics = d -> d.topicDiversity(0.1 + 0.9 * random.nextDouble());
    UnaryOperator<Diversity> categories = d -> d.categoryMin(1 + random.nextInt(5));
    var diversity = Diversity.NONE.per(1 + random.nextInt(20));
    for (var limit : List.of(creators, gaps, formats, topics, categories)) {
      diversity = random.nextInt(3) > 0 ? limit.apply(diversity) : diversity;
    }
    return diversity;
  }

  @Test
  void pagesJoinToTheWholeAndLoseNothingInEveryOrder() {
    var requests =
        List.of(
            Retrieve.items().sortBy(Sort.MOST_VIEWED),
            Retrieve.items().sortBy(Sort.NEW),
            Retrieve.items().profile("trending"),
            Retrieve.items().profile("for_you"));
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(20)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int count = 5 + random.nextInt(80);
              try (var db = filled(count, random)) {
                for (var plain : requests) {
                  var request = plain.diversity(random(random));
                  var whole = ids(db.retrieve(request.limit(200)));
                  assertThat(whole)
                      .containsExactlyInAnyOrderElementsOf(
                          ids(db.retrieve(plain.diversity(Diversity.NONE).limit(200))));
                  assertThat(pages(db, request, 1 + random.nextInt(20))).isEqualTo(whole);
                }
              }
            });
  }

  @Test
  void limitsHoldInEveryBlockOrThePageSaysWhichGaveWay() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(30)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              int per = 2 + random.nextInt(8);
              try (var db = filled(40, random)) {
                var request = Retrieve.items().sortBy(Sort.MOST_VIEWED).limit(40);
                var page = db.retrieve(request.diversity(d -> d.maxPerCreator(2).per(per)));
                var most = mostOfOneCreator(db, ids(page), per);
                assertThat(page.constraintsSatisfied()).isEqualTo(most <= 2);
                assertThat(page.warnings())
                    .filteredOn(warning -> warning.code().equals("DIVERSITY_RELAXED"))
                    .allMatch(warning -> warning.facts().startsWith("constraint=max_per_creator"))
                    .hasSize(most <= 2 ? 0 : page.warnings().size());
              }
            });
  }

  private static int mostOfOneCreator(TidalDb db, List<Long> ids, int per) {
    int most = 0;
    for (int block = 0; block < ids.size(); block += per) {
      var counts = new TreeMap<Long, Integer>();
      for (long id : ids.subList(block, Math.min(ids.size(), block + per))) {
        db.getItemMetadata(EntityId.of(id))
            .flatMap(metadata -> metadata.id("creator_id"))
            .ifPresent(creator -> counts.merge(creator.value(), 1, Integer::sum));
      }
      most = Math.max(most, counts.values().stream().mapToInt(n -> n).max().orElse(0));
    }
    return most;
  }

  @Test
  void whatIsBeyondTheSourcesIsKeptApartInBoundedParts() {
    int count = 6_000;
    try (var db = Doors.ephemeral(clock).open()) {
      var items = new ArrayList<Write>();
      for (int item = 1; item <= count; item++) {
        items.add(Write.item(EntityId.of(item), Map.of("creator_id", item % 200 / 2L)));
        if (items.size() == 1_000) {
          db.write(items);
          items.clear();
        }
      }
      for (long item : List.of(1L, 2L)) {
        db.signal("like", EntityId.of(item), Signal.by(EntityId.of(9)));
      }
      var related = Retrieve.items().relatedTo(EntityId.of(1)).limit(300);
      var plain = db.retrieve(related.diversity(Diversity.NONE));
      assertThat(mostOfOneCreator(db, ids(plain), 50)).isGreaterThan(1);
      var request = related.diversity(d -> d.maxPerCreator(1).per(50));
      var page = db.retrieve(request);
      assertThat(page.hits().getFirst().id()).isEqualTo(EntityId.of(2));
      assertThat(ids(page)).hasSize(300).doesNotHaveDuplicates();
      assertThat(mostOfOneCreator(db, ids(page), 50)).isEqualTo(1);
      assertThat(page.constraintsSatisfied()).isTrue();
      var first = db.retrieve(request.limit(120));
      var joined = new ArrayList<>(ids(first));
      joined.addAll(ids(db.retrieve(request.limit(180).after(first.next().orElseThrow()))));
      assertThat(joined).isEqualTo(ids(page));
    }
  }

  /// Creator 1 has the three most viewed, creator 2 the others.
  private TidalDb twoCreators() {
    var db = Doors.ephemeral(clock).open();
    for (int item = 1; item <= 6; item++) {
      db.writeItem(EntityId.of(item), Map.of("creator_id", item <= 3 ? 1L : 2L));
      for (int views = 10 - item; views > 0; views--) {
        db.signal("view", EntityId.of(item), Signal.anonymous());
      }
    }
    return db;
  }

  @Test
  void whatWaitsSaysForWhichRuleAndTheScoreStays() {
    try (var db = twoCreators()) {
      var request = Retrieve.items().sortBy(Sort.MOST_VIEWED);
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      var page = db.retrieve(request.diversity(d -> d.minGap(2)));
      assertThat(ids(page)).containsExactly(1L, 4L, 2L, 5L, 3L, 6L);
      assertThat(page.constraintsSatisfied()).isTrue();
      assertThat(page.hits().get(2).explanation().detail())
          .endsWith("moved from 2 to 3 by min_gap");
      assertThat(page.hits().get(2).score()).isEqualTo(8);
      assertThat(page.hits()).extracting(Hit::rank).containsExactly(1, 2, 3, 4, 5, 6);

      var relaxed = db.retrieve(request.diversity(d -> d.maxPerCreator(1)).limit(3));
      assertThat(ids(relaxed)).containsExactly(1L, 4L, 2L);
      assertThat(relaxed.constraintsSatisfied()).isFalse();
      assertThat(relaxed.warnings())
          .containsExactly(
              new Results.Warning(
                  "DIVERSITY_RELAXED", "constraint=max_per_creator from=1 to=2 position=3"));
    }
  }

  @Test
  void aProfileSaysItsLimitsAndTheRequestSaysOthers() {
    try (var db = twoCreators()) {
      var profile =
          Profile.named("mixed")
              .term(new Feature.Count("view", io.tidaldb.schema.Window.ALL_TIME), 1)
              .diversity(Diversity.NONE.minGap(2))
              .build();
      var json = ProfileJson.toJson(profile);
      assertThat(json).contains("\"diversity\":{\"min_gap\":2}");
      assertThat(ProfileJson.fromJson(json)).isEqualTo(profile);
      db.saveProfile(profile);
      var request = Retrieve.items().profile("mixed");
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 4L, 2L, 5L, 3L, 6L);
      assertThat(ids(db.retrieve(request.diversity(Diversity.NONE))))
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      // On a creator's page that creator is no limit.
      assertThat(ids(db.retrieve(request.forCreator(EntityId.of(1))))).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void everyLimitHasARange() {
    try (var db = twoCreators()) {
      for (var wrong :
          List.of(
              Diversity.NONE.maxPerCreator(0),
              Diversity.NONE.maxPerCreator(101),
              Diversity.NONE.minGap(0),
              Diversity.NONE.minGap(21),
              Diversity.NONE.formatMix(0.09),
              Diversity.NONE.formatMix(1.01),
              Diversity.NONE.topicDiversity(Double.NaN),
              Diversity.NONE.categoryMin(0),
              Diversity.NONE.categoryMin(21),
              Diversity.NONE.per(0),
              Diversity.NONE.per(1_001))) {
        var name = wrong.values().keySet().iterator().next();
        assertThatThrownBy(() -> db.retrieve(Retrieve.items().diversity(wrong)))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining(name);
      }
      var widest =
          Diversity.NONE
              .maxPerCreator(100)
              .minGap(20)
              .formatMix(1)
              .topicDiversity(0.1)
              .categoryMin(20)
              .per(1_000);
      assertThat(db.retrieve(Retrieve.items().diversity(widest)).hits()).hasSize(6);
      assertThat(Diversity.of(widest.values())).isEqualTo(widest);
      assertThatThrownBy(() -> Diversity.of(Map.of("max_per_author", 2)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("max_per_author");
      assertThatThrownBy(() -> Diversity.of(Map.of("min_gap", 2.5)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("whole");
    }
  }
}
