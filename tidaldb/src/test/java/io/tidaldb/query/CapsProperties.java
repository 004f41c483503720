package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.ItemVerdict.Verdict;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Pages that hold no more than may still be sent.
class CapsProperties {

  private static final EntityId ME = EntityId.of(42);
  private static final long DAY = 24 * FakeWorld.HOUR;

  private static NotificationCaps caps(SplittableRandom random) {
    return new NotificationCaps(
        random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(5)) : OptionalInt.empty(),
        random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(25)) : OptionalInt.empty());
  }

  /// Sent within the day, at its borders, and before it.
  private static void send(FakeViewer me, SplittableRandom random) {
    for (int i = random.nextInt(6); i > 0; i--) {
      long time = FakeWorld.NOW - (random.nextBoolean() ? 0 : DAY) + random.nextInt(3) - 1;
      me.notices.put(
          time, random.nextInt(4) == 0 ? Optional.empty() : Optional.of((long) random.nextInt(6)));
    }
  }

  /// The order of scores, as far as it may be sent.
  private static List<FakeItem> allowed(
      List<FakeItem> ranked, NotificationCaps caps, FakeViewer me) {
    var left = new ArrayList<FakeItem>();
    var sent =
        me.notices.entrySet().stream()
            .filter(e -> e.getKey() > FakeWorld.NOW - DAY && e.getKey() <= FakeWorld.NOW)
            .map(Map.Entry::getValue)
            .toList();
    Map<Object, Long> ofCreator = new HashMap<>();
    sent.forEach(creator -> creator.ifPresent(id -> ofCreator.merge(id, 1L, Long::sum)));
    for (var item : ranked) {
      var creator = item.fields.get("creator_id");
      long same = creator == null ? 0 : ofCreator.getOrDefault(creator, 0L);
      boolean fits =
          sent.size() + left.size() < caps.total().orElse(Integer.MAX_VALUE)
              && (creator == null || same < caps.perCreator().orElse(Integer.MAX_VALUE));
      if (fits) {
        left.add(item);
        if (creator != null) {
          ofCreator.put(creator, same + 1);
        }
      }
    }
    return left;
  }

  private static List<FakeItem> items(FakeWorld world, List<Hit> hits) {
    return hits.stream().map(hit -> world.items.get(world.slots.get(hit.id().value()))).toList();
  }

  @Test
  void aPageIsTheOrderAsFarAsItMayBeSentAndPagesJoinToTheWhole() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(250)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(120));
              var me = new FakeViewer();
              world.viewers.put(ME.value(), me);
              send(me, random);
              var request =
                  Retrieve.items().forUser(ME).seed(seed).sortBy(RandomProfiles.sort(random));
              var ranked = items(world, world.ask(request.limit(1_000)).hits());
              var caps = caps(random);
              var asked = request.caps(caps);
              var whole = world.ask(asked.limit(1_000));
              var expected = allowed(ranked, caps, me);
              assertThat(items(world, whole.hits())).isEqualTo(expected);
              assertThat(codes(whole))
                  .isEqualTo(expected.size() < ranked.size() ? List.of("CAPPED") : List.of());
              assertThat(items(world, joined(world, asked, random))).isEqualTo(expected);
            });
  }

  @Test
  void capsHoldUnderLimitsOfDiversityAndExplorationToo() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(150)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 1 + random.nextInt(120));
              var me = new FakeViewer();
              world.viewers.put(ME.value(), me);
              send(me, random);
              var caps = caps(random);
              var request =
                  Retrieve.items()
                      .forUser(ME)
                      .seed(seed)
                      .profile(random.nextBoolean() ? "for_you" : "trending")
                      .explore(0.3)
                      .diversity(d -> d.minGap(2).categoryMin(2).per(7))
                      .caps(caps);
              var whole = world.ask(request.limit(1_000)).hits();
              assertThat(allowed(items(world, whole), caps, me)).isEqualTo(items(world, whole));
              assertThat(items(world, joined(world, request, random)))
                  .isEqualTo(items(world, whole));
            });
  }

  private static List<Hit> joined(FakeWorld world, Retrieve request, SplittableRandom random) {
    var page = world.ask(request.limit(1 + random.nextInt(10)));
    var hits = new ArrayList<>(page.hits());
    while (page.next().isPresent()) {
      page = world.ask(request.limit(1 + random.nextInt(10)).after(page.next().get()));
      hits.addAll(page.hits());
    }
    return hits;
  }

  private static List<String> codes(Results results) {
    return results.warnings().stream().map(Warning::code).toList();
  }

  /// Three items of creator 1, the first the most viewed, then one of creator 2.
  private static FakeWorld four(FakeViewer me) {
    var world = new FakeWorld();
    world.viewers.put(ME.value(), me);
    for (long id = 1; id <= 4; id++) {
      world.add(id, FakeWorld.NOW - id).fields.put("creator_id", id < 4 ? 1L : 2L);
    }
    return world;
  }

  @Test
  void aNoticeCountsForExactlyADay() {
    var request = Retrieve.items().forUser(ME).sortBy(Sort.NEW);
    var capped = request.caps(NotificationCaps.of(2, 10));
    for (var sent :
        Map.of(
                FakeWorld.NOW - DAY,
                2L,
                FakeWorld.NOW - DAY + 1,
                1L,
                FakeWorld.NOW,
                1L,
                FakeWorld.NOW + 1,
                2L)
            .entrySet()) {
      var me = new FakeViewer();
      var world = four(me);
      me.notices.put(sent.getKey(), Optional.of(1L));
      var hits = items(world, world.ask(capped).hits());
      assertThat(hits.stream().filter(item -> item.id < 4).count()).isEqualTo(sent.getValue());
      assertThat(hits).extracting(item -> item.id).contains(4L);
    }
  }

  @Test
  void whatIsCappedSaysSo() {
    var me = new FakeViewer();
    var world = four(me);
    me.notices.put(FakeWorld.NOW, Optional.of(1L));
    var request = Retrieve.items().forUser(ME).sortBy(Sort.NEW).caps(NotificationCaps.of(2, 10));
    var page = world.ask(request);
    assertThat(page.warnings())
        .containsExactly(new Warning("CAPPED", "caps=per_creator:2, total:10 sent=1"));
    var verdict = (ItemVerdict) world.explain(Explain.item(EntityId.of(2), request), request);
    assertThat(verdict.verdict()).isEqualTo(Verdict.CAPPED);
    assertThat(verdict.facts()).isEqualTo("caps=per_creator:2, total:10 sent=1");
    assertThat(world.ask(request.caps(NotificationCaps.NONE)).hits()).hasSize(4);
  }

  @Test
  void capsNeedAUserAndHaveARange() {
    var world = four(new FakeViewer());
    for (var wrong :
        List.of(
            Retrieve.items().caps(NotificationCaps.of(2, 10)),
            Retrieve.items().forUser(ME).caps(NotificationCaps.of(0, 10)),
            Retrieve.items().forUser(ME).caps(NotificationCaps.of(1, 1_001)),
            Retrieve.items().profile("notification"))) {
      assertThatThrownBy(() -> world.ask(wrong))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("caps");
    }
    assertThat(world.ask(Retrieve.items().caps(NotificationCaps.NONE)).hits()).hasSize(4);
    var widest = Retrieve.items().forUser(ME).caps(NotificationCaps.of(1_000, 1_000));
    assertThat(world.ask(widest).hits()).hasSize(4);
  }
}
