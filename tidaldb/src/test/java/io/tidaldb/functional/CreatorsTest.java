package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Creators as hits. What happens to an item happens to its creator: compared with a database to
/// which every signal was sent on the creator itself.
final class CreatorsTest {

  private static final int CREATORS = 9;
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);
  private static final Set<Sort> OF_ITEMS =
      EnumSet.of(
          Sort.SHORTEST, Sort.LONGEST, Sort.LIVE_VIEWER_COUNT, Sort.PERSONALIZED, Sort.DATE_SAVED);

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private TidalDb open() {
    return Doors.on(volume, backend).clock(clock).open();
  }

  /// The same signals, declared on creators.
  private static Schema onCreators() {
    var builder = new SchemaBuilder();
    for (var type : Schemas.video().signals()) {
      builder =
          builder
              .signal(type.name(), EntityKind.CREATOR, type.decay())
              .windows(type.windows().toArray(Window[]::new))
              .velocity(type.velocity())
              .add();
    }
    return builder.build();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(hit -> hit.id().value()).toList();
  }

  /// Creators 1 … 9, of whom 9 has no items; items n of creator n mod 8 + 1.
  private void fill(TidalDb... databases) {
    for (long creator = 1; creator <= CREATORS; creator++) {
      for (var db : databases) {
        db.writeCreator(
            EntityId.of(creator), Map.of("name", "c" + creator % 4, "verified", creator % 2 == 0));
      }
      clock.advance(Duration.ofHours(7));
    }
    for (long item = 1; item <= 40; item++) {
      for (var db : databases) {
        db.writeItem(EntityId.of(item), Map.of("creator_id", EntityId.of(item % 8 + 1)));
      }
    }
  }

  private void signals(TidalDb items, TidalDb creators) {
    var random = new SplittableRandom(4);
    var names = Schemas.video().signals().stream().map(type -> type.name()).toList();
    for (int i = 0; i < 600; i++) {
      var name = names.get(random.nextInt(names.size()));
      long item = 1 + (long) (40 * random.nextDouble() * random.nextDouble());
      double weight = name.equals("completion") ? random.nextDouble() : 1;
      items.signal(name, EntityId.of(item), Signal.anonymous().weight(weight));
      creators.signal(name, EntityId.of(item % 8 + 1), Signal.anonymous().weight(weight));
      clock.advance(Duration.ofMinutes(random.nextInt(120)));
    }
  }

  /// All but trending: only items are reached.
  @ParameterizedTest
  @EnumSource(value = Sort.class, mode = EnumSource.Mode.EXCLUDE, names = "TRENDING")
  void everySortCountsASignalOnAnItemAsOneOnItsCreator(Sort sort) {
    var items = open();
    try (var creators = TidalDb.builder().ephemeral().schema(onCreators()).clock(clock).open()) {
      fill(items, creators);
      signals(items, creators);
      var request = Retrieve.creators().sortBy(sort);
      if (OF_ITEMS.contains(sort)) {
        assertThatThrownBy(() -> items.retrieve(request))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("sort=" + sort.label());
        items.close();
        return;
      }
      compare(items.retrieve(request), creators.retrieve(request));
      var verified = request.filter(Filter.field("verified").is(true));
      compare(items.retrieve(verified), creators.retrieve(verified));
      assertThat(ids(items.retrieve(verified))).hasSize(4).allMatch(id -> id % 2 == 0);
      var busy = request.filter(Filter.signal("view").count(Window.ALL_TIME).atLeast(10));
      compare(items.retrieve(busy), creators.retrieve(busy));
      // From the checkpoint and the log alone.
      TestDoor.abandon(items);
      try (var again = open()) {
        compare(again.retrieve(request), creators.retrieve(request));
      }
    }
  }

  private static void compare(Results found, Results expected) {
    assertThat(ids(found)).isEqualTo(ids(expected)).isNotEmpty();
    for (int i = 0; i < found.hits().size(); i++) {
      assertThat(found.hits().get(i).score()).isEqualTo(expected.hits().get(i).score());
      assertThat(found.hits().get(i).explanation()).isEqualTo(expected.hits().get(i).explanation());
    }
  }

  @Test
  void aCreatorIsReachedByWhoeverViewsAnItemForTheFirstTime() {
    try (var db = open()) {
      fill(db);
      for (long user = 1; user <= 5; user++) {
        db.signal("view", EntityId.of(1), Signal.by(7));
        db.signal("view", EntityId.of(2), Signal.by(Math.min(user, 3)));
      }
      var hits = db.retrieve(Retrieve.creators().sortBy(Sort.TRENDING)).hits();
      assertThat(hits.get(0).id()).isEqualTo(EntityId.of(3));
      assertThat(hits.get(1).id()).isEqualTo(EntityId.of(2));
      // Half of the views each; of four first views, three and one.
      assertThat(hits.get(0).score()).isCloseTo(0.3 * share(5, 10) + 0.2 * share(3, 4), CLOSE);
      assertThat(hits.get(1).score()).isCloseTo(0.3 * share(5, 10) + 0.2 * share(1, 4), CLOSE);
    }
  }

  /// √r / (1 + √r) with r = x / X · √N.
  private static double share(double x, double all) {
    double root = Math.sqrt(x / all * Math.sqrt(CREATORS));
    return root / (1 + root);
  }

  @Test
  void pagesJoinedAreTheWhole() {
    try (var db = open();
        var creators = TidalDb.builder().ephemeral().schema(onCreators()).clock(clock).open()) {
      fill(db, creators);
      signals(db, creators);
      for (var request :
          List.of(
              Retrieve.creators(),
              Retrieve.creators().forUser(5).profile("trending"),
              Retrieve.creators().sortBy(Sort.ALPHABETICAL_ASC),
              Retrieve.creators().sortBy(Sort.HIDDEN_GEMS))) {
        var pages = new ArrayList<Long>();
        var page = db.retrieve(request.limit(2));
        pages.addAll(ids(page));
        while (page.next().isPresent()) {
          page = db.retrieve(request.limit(2).after(page.next().get()));
          pages.addAll(ids(page));
        }
        assertThat(pages).as("%s", request).isEqualTo(ids(db.retrieve(request))).hasSize(CREATORS);
      }
    }
  }

  @Test
  void relationsAreToTheCreatorItself() {
    try (var db = open()) {
      fill(db);
      db.follow(1, 2);
      db.follow(1, 3);
      db.mute(1, 4);
      db.block(1, 5);
      db.block(6, 1);
      var mine = Retrieve.creators().forUser(1).sortBy(Sort.OLD);
      assertThat(ids(db.retrieve(mine))).containsExactly(1L, 2L, 3L, 7L, 8L, 9L);
      assertThat(ids(db.retrieve(mine.filter(Filter.followed())))).containsExactly(2L, 3L);
      assertThat(ids(db.retrieve(mine.filter(Filter.not(Filter.followed())))))
          .containsExactly(1L, 7L, 8L, 9L);
      assertThat(ids(db.retrieve(mine.filter(Filter.muted())))).containsExactly(4L);
      db.unmute(1, 4);
      assertThat(ids(db.retrieve(mine))).containsExactly(1L, 2L, 3L, 4L, 7L, 8L, 9L);
      // Hidden items have nothing to do with creators, even if a slot is the same.
      for (long item = 1; item <= 8; item++) {
        db.signal("hide", EntityId.of(item), Signal.by(1));
      }
      assertThat(ids(db.retrieve(mine))).containsExactly(1L, 2L, 3L, 4L, 7L, 8L, 9L);
    }
  }

  @Test
  void affinityIsToTheCreatorItself() {
    try (var db = open()) {
      fill(db);
      db.saveProfile(Profile.named("close").term(new Feature.CreatorAffinity(), 1).build());
      db.signal("like", EntityId.of(2), Signal.by(1));
      db.signal("view", EntityId.of(3), Signal.by(1));
      var hits = db.retrieve(Retrieve.creators().forUser(1).profile("close")).hits();
      assertThat(hits.get(0).id()).isEqualTo(EntityId.of(3));
      assertThat(hits.get(1).id()).isEqualTo(EntityId.of(4));
      assertThat(hits.get(0).score()).isGreaterThan(hits.get(1).score()).isPositive();
      assertThat(hits.get(2).score()).isZero();
    }
  }

  @Test
  void aDeletedCreatorIsGoneAndBeginsAnew() {
    try (var db = open()) {
      fill(db);
      var viewed = Retrieve.creators().sortBy(Sort.MOST_VIEWED).limit(1);
      db.signal("view", EntityId.of(2), Signal.anonymous());
      assertThat(ids(db.retrieve(viewed))).containsExactly(3L);
      db.deleteCreator(EntityId.of(3));
      db.signal("view", EntityId.of(2), Signal.anonymous());
      assertThat(ids(db.retrieve(Retrieve.creators()))).doesNotContain(3L);
      db.writeCreator(EntityId.of(3), Map.of("name", "again"));
      // What came after the deletion counts, as it does for an item that is not written yet.
      assertThat(db.retrieve(viewed).hits().getFirst().score()).isEqualTo(1);
      db.signal("view", EntityId.of(2), Signal.anonymous());
      assertThat(db.retrieve(viewed).hits().getFirst().score()).isEqualTo(2);
    }
  }

  @Test
  void whatOnlyItemsHaveIsRefused() {
    try (var db = open()) {
      fill(db);
      var creators = Retrieve.creators().forUser(1);
      for (var request :
          List.of(
              creators.filter(Filter.liked()),
              creators.filter(Filter.unseen()),
              creators.forCreator(EntityId.of(3)),
              creators.filter(Filter.field("category").in("jazz")))) {
        assertThatThrownBy(() -> db.retrieve(request))
            .as("%s", request)
            .isInstanceOf(InvalidRequestException.class);
      }
    }
  }

  @Test
  void textAsksForThemToo() {
    try (var db = open()) {
      fill(db);
      db.signal("view", EntityId.of(2), Signal.by(7));
      var found = db.query("RETRIEVE creators FOR USER 1 LIMIT 3");
      assertThat(ids(found)).hasSize(3).startsWith(3L);
      assertThat(found.stats().profile()).isEqualTo("creators_for_you@1");
    }
  }
}
