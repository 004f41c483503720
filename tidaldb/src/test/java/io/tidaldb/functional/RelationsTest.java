package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.MarkedItem;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Relation;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Relations and states through the door, before and after reopening.
final class RelationsTest {

  private static final EntityId ANNA = EntityId.of(0);
  private static final EntityId BERT = EntityId.of(-1);
  private static final EntityId CARL = EntityId.of(7);
  private static final EntityId ITEM = EntityId.of(3);

  @TempDir private Path root;
  private final ManualClock clock = new ManualClock();

  private TidalDb open() {
    return TidalDb.builder().dataDirectory(root.resolve("db")).schema(schema()).clock(clock).open();
  }

  private TidalDb ephemeral() {
    return TidalDb.builder().ephemeral().schema(schema()).clock(clock).open();
  }

  static Schema schema() {
    var builder = new SchemaBuilder();
    for (var meaning : Meaning.values()) {
      builder =
          builder
              .signal(meaning.label(), EntityKind.ITEM, Decay.permanent())
              .windows(Window.ALL_TIME)
              .add();
    }
    return builder.build();
  }

  private Timestamp ago(Duration age) {
    return Timestamp.of(clock.instant().minus(age));
  }

  private static Signal by(EntityId user) {
    return Signal.by(user);
  }

  private static List<EntityId> items(TidalDb db, EntityId user) {
    return db.readSaved(user, PageRequest.first()).items().stream().map(MarkedItem::item).toList();
  }

  @Test
  void relationsAreThereAtOnceAndAfterReopening() {
    try (var db = open()) {
      db.follow(ANNA, BERT);
      db.setRelation(CARL, RelationType.FOLLOW, Target.user(ANNA));
      db.setRelation(BERT, RelationType.FOLLOW, Target.creator(BERT), 2.5, ago(Duration.ofDays(3)));
      db.hide(ANNA, ITEM);
      db.mute(ANNA, CARL);
      check(db);
      db.checkpoint();
      db.block(CARL, EntityId.of(11));
    }
    try (var db = open()) {
      check(db);
      assertThat(db.readRelation(CARL, RelationType.BLOCK, Target.creator(EntityId.of(11))))
          .isPresent();
      assertThat(db.verify(true).findings()).isEmpty();
      db.unfollow(ANNA, BERT);
      assertThat(db.followers(Target.creator(BERT), PageRequest.first()).items())
          .containsExactly(BERT);
      assertThat(db.followerCount(Target.creator(BERT))).isEqualTo(1);
    }
  }

  private void check(TidalDb db) {
    assertThat(db.followers(Target.creator(BERT), PageRequest.first()).items())
        .containsExactly(ANNA, BERT);
    assertThat(db.followerCount(Target.creator(BERT))).isEqualTo(2);
    assertThat(db.followers(Target.user(ANNA), PageRequest.first()).items()).containsExactly(CARL);
    var weighted = db.readRelation(BERT, RelationType.FOLLOW, Target.creator(BERT)).orElseThrow();
    assertThat(weighted.weight()).isEqualTo(2.5);
    assertThat(weighted.since()).isEqualTo(ago(Duration.ofDays(3)));
    assertThat(db.relations(ANNA, RelationType.HIDE).items())
        .extracting(Relation::target)
        .containsExactly(Target.item(ITEM));
    assertThat(db.relations(ANNA, RelationType.MUTE).items())
        .extracting(Relation::target)
        .containsExactly(Target.creator(CARL));
    assertThat(db.affinity(ANNA, BERT)).isEqualTo(5, within(1e-9));
  }

  @Test
  void aBlockEndsFollowsBothWaysAndTheyDoNotComeBack() {
    try (var db = ephemeral()) {
      db.follow(ANNA, CARL);
      db.setRelation(ANNA, RelationType.FOLLOW, Target.user(CARL));
      db.setRelation(CARL, RelationType.FOLLOW, Target.user(ANNA));
      db.block(ANNA, CARL);
      for (int round = 0; round < 2; round++) {
        assertThat(db.relations(ANNA, RelationType.FOLLOW).items()).isEmpty();
        assertThat(db.relations(CARL, RelationType.FOLLOW).items()).isEmpty();
        assertThat(db.affinity(ANNA, CARL)).isZero();
        db.unblock(ANNA, CARL);
      }
      db.follow(ANNA, CARL, ago(Duration.ofHours(1)));
      assertThat(db.relations(ANNA, RelationType.FOLLOW).items())
          .as("an older follow that comes late")
          .isEmpty();
    }
  }

  @Test
  void lateOlderEventsBringNothingBack() {
    try (var db = ephemeral()) {
      db.unfollow(ANNA, BERT, ago(Duration.ofHours(1)));
      db.follow(ANNA, BERT, ago(Duration.ofHours(2)));
      assertThat(db.readRelation(ANNA, RelationType.FOLLOW, Target.creator(BERT))).isEmpty();
      assertThat(db.affinity(ANNA, BERT)).isZero();
      db.signal("unsave", ITEM, by(ANNA).at(ago(Duration.ofHours(1))));
      db.signal("save", ITEM, by(ANNA).at(ago(Duration.ofHours(2))));
      assertThat(items(db, ANNA)).isEmpty();
      db.signal("save", ITEM, by(ANNA));
      assertThat(items(db, ANNA)).containsExactly(ITEM);
    }
  }

  @Test
  void whatASignalMeansBecomesAState() {
    try (var db = open()) {
      db.writeItem(ITEM, Map.of("creator_id", "7"));
      db.signal("view", ITEM, by(ANNA));
      db.signal("completion", ITEM, by(ANNA).weight(0.4));
      db.signal("dislike", ITEM, by(ANNA).at(ago(Duration.ofMinutes(2))));
      db.signal("like", ITEM, by(ANNA));
      db.signal("impression", ITEM, by(ANNA));
      db.signal("not_interested", ITEM, by(ANNA));
      db.signal("report", ITEM, by(ANNA));
    }
    try (var db = open()) {
      assertThat(db.readState(ANNA, ITEM))
          .containsExactly(
              UserState.SEEN,
              UserState.NOT_INTERESTED,
              UserState.LIKED,
              UserState.SHOWN,
              UserState.IN_PROGRESS,
              UserState.HISTORY);
      assertThat(db.readRelation(ANNA, RelationType.HIDE, Target.item(ITEM))).isPresent();
      assertThat(db.affinity(ANNA, CARL)).isCloseTo(0, within(1e-9));
      db.signal("completion", ITEM, by(ANNA).weight(0.9));
      assertThat(db.readState(ANNA, ITEM))
          .contains(UserState.COMPLETED)
          .doesNotContain(UserState.IN_PROGRESS);
      assertThat(db.affinity(ANNA, CARL)).isCloseTo(0.45, within(1e-9));
      var watched = db.readHistory(ANNA, PageRequest.first()).items().getFirst();
      assertThat(watched.fraction()).isEqualTo(0.9);
      for (var state : UserState.values()) {
        db.clearState(ANNA, state, ITEM);
      }
      assertThat(db.readState(ANNA, ITEM)).isEmpty();
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aForgottenViewMayBeFirstAgain() {
    try (var db = ephemeral()) {
      db.signal("view", ITEM, by(ANNA));
      db.write(
          List.of(
              new RelationWrite.ClearState(
                  ANNA, UserState.SEEN, Optional.empty(), Optional.empty()),
              Write.signal("view", ITEM, by(ANNA))));
      assertThat(db.readState(ANNA, ITEM)).contains(UserState.SEEN);
      db.clearState(ANNA, UserState.SEEN);
      assertThat(db.readState(ANNA, ITEM)).doesNotContain(UserState.SEEN);
    }
  }

  @Test
  void aDeletedItemLeavesItsStatesButNotItsHides() {
    try (var db = ephemeral()) {
      db.writeItem(ITEM, Map.of());
      for (var signal : new String[] {"view", "like", "save", "hide", "impression"}) {
        db.signal(signal, ITEM, by(ANNA));
      }
      db.deleteItem(ITEM);
      assertThat(items(db, ANNA)).isEmpty();
      db.writeItem(ITEM, Map.of());
      assertThat(db.readState(ANNA, ITEM)).isEmpty();
      assertThat(items(db, ANNA)).isEmpty();
      assertThat(db.readHistory(ANNA, PageRequest.first()).items()).isEmpty();
      assertThat(db.readRelation(ANNA, RelationType.HIDE, Target.item(ITEM))).isPresent();
      assertThat(db.retrieve(io.tidaldb.schema.Retrieve.items().forUser(ANNA)).hits())
          .as("who hid it still does not get it")
          .isEmpty();
    }
  }

  @Test
  void pagesGoOnWhereTheLastOneEnded() {
    try (var db = ephemeral()) {
      LongStream.range(0, 25)
          .forEach(
              i -> {
                db.follow(EntityId.of(i * 0x0a00_0000_0000_0001L), CARL);
                // Of three each the times are equal: ids decide.
                var at = ago(Duration.ofMinutes(i / 3));
                db.signal("save", EntityId.of(i), by(ANNA).at(at));
                db.follow(ANNA, EntityId.of(i), at);
              });
      List<EntityId> saved = new ArrayList<>();
      Optional<PageRequest> next = Optional.of(PageRequest.first(4));
      while (next.isPresent()) {
        var page = db.readSaved(ANNA, next.get());
        page.items().forEach(item -> saved.add(item.item()));
        next = page.following(next.get());
      }
      assertThat(saved)
          .containsExactlyElementsOf(LongStream.range(0, 25).mapToObj(EntityId::of).toList());
      List<EntityId> followed = new ArrayList<>();
      next = Optional.of(PageRequest.first(7));
      while (next.isPresent()) {
        var page = db.relations(ANNA, RelationType.FOLLOW, next.get());
        page.items().forEach(relation -> followed.add(relation.target().id()));
        next = page.following(next.get());
      }
      assertThat(followed).containsAll(saved).hasSize(25);
      List<EntityId> followers = new ArrayList<>();
      next = Optional.of(PageRequest.first(4));
      while (next.isPresent()) {
        var page = db.followers(Target.creator(CARL), next.get());
        followers.addAll(page.items());
        next = page.following(next.get());
      }
      assertThat(followers).hasSize(25).isSorted();
      assertThatThrownBy(() -> db.readSaved(ANNA, new PageRequest(4, Optional.of("1.2"))))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void networksStopAtTheFanOutAndSaySo() {
    try (var db =
        TidalDb.builder().ephemeral().schema(schema()).clock(clock).networkFanOut(3).open()) {
      db.setRelation(ANNA, RelationType.FOLLOW, Target.user(CARL), 1, ago(Duration.ofMinutes(2)));
      db.setRelation(
          ANNA, RelationType.FOLLOW, Target.creator(BERT), 1, ago(Duration.ofMinutes(1)));
      db.follow(CARL, ANNA);
      db.follow(CARL, EntityId.of(20));
      db.follow(CARL, EntityId.of(21), ago(Duration.ofMinutes(5)));
      assertThat(db.network(ANNA, 1).users()).containsExactly(BERT, CARL);
      assertThat(db.network(ANNA, 2).users()).containsExactly(BERT, CARL, EntityId.of(20));
      assertThat(db.network(ANNA, 2).capped()).isTrue();
      db.block(EntityId.of(21), ANNA);
      assertThat(db.network(ANNA, 2).capped()).isFalse();
      db.block(BERT, ANNA);
      assertThat(db.network(ANNA, 2).users()).containsExactly(CARL, EntityId.of(20));
    }
  }

  @Test
  void oneTooManyIsRefused() {
    try (var db =
        TidalDb.builder().ephemeral().schema(schema()).clock(clock).relationsPerUser(2).open()) {
      db.follow(ANNA, BERT);
      db.follow(ANNA, CARL);
      db.hide(ANNA, ITEM);
      db.signal("report", EntityId.of(4), by(ANNA));
      assertThatThrownBy(() -> db.follow(ANNA, ANNA))
          .isInstanceOfSatisfying(
              LimitExceededException.class,
              refusal -> {
                assertThat(refusal.limitName()).isEqualTo("relationsPerUser");
                assertThat(refusal.limit()).isEqualTo(2);
                assertThat(refusal.actual()).isEqualTo(3);
              });
      assertThatThrownBy(() -> db.signal("hide", EntityId.of(5), by(ANNA)))
          .isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(
              () ->
                  db.write(
                      List.of(
                          RelationWrite.unfollow(ANNA, BERT),
                          RelationWrite.follow(ANNA, EntityId.of(8)),
                          RelationWrite.follow(ANNA, EntityId.of(9)))))
          .isInstanceOf(LimitExceededException.class);
      db.follow(ANNA, CARL);
      db.unfollow(ANNA, BERT);
      db.follow(ANNA, ANNA);
      assertThat(db.relations(ANNA, RelationType.FOLLOW).items()).hasSize(2);
    }
  }

  @Test
  void aHundredThousandItemsMayBeSaved() {
    try (var db = ephemeral()) {
      for (int batch = 0; batch < 10; batch++) {
        long first = batch * 10_000L;
        db.write(
            LongStream.range(first, first + 10_000)
                .mapToObj(i -> Write.signal("save", EntityId.of(i), by(ANNA)))
                .toList());
      }
      assertThatThrownBy(() -> db.signal("save", EntityId.of(100_000), by(ANNA)))
          .isInstanceOfSatisfying(
              LimitExceededException.class,
              refusal -> {
                assertThat(refusal.limitName()).isEqualTo("saved");
                assertThat(refusal.limit()).isEqualTo(100_000);
                assertThat(refusal.actual()).isEqualTo(100_001);
              });
      db.signal("save", EntityId.of(5), by(ANNA));
      db.signal("save", EntityId.of(100_000), by(BERT));
      db.writeItem(EntityId.of(5), Map.of());
      db.deleteItem(EntityId.of(5));
      db.signal("save", EntityId.of(100_000), by(ANNA));
      db.signal("unsave", EntityId.of(7), by(ANNA));
      db.signal("save", EntityId.of(100_001), by(ANNA));
    }
  }

  @Test
  void whatCannotBeRightIsRefusedBeforeItIsLogged() {
    try (var db = ephemeral()) {
      long position = db.position();
      refused("TARGET_KIND", () -> db.setRelation(ANNA, RelationType.FOLLOW, Target.item(ITEM)));
      refused("TARGET_KIND", () -> db.removeRelation(ANNA, RelationType.HIDE, Target.user(BERT)));
      refused("TARGET_KIND", () -> db.readRelation(ANNA, RelationType.MUTE, Target.user(BERT)));
      for (double weight : new double[] {-1, Double.NaN, 1.1e9, Double.POSITIVE_INFINITY}) {
        refused(
            "WEIGHT_INVALID",
            () ->
                db.setRelation(
                    ANNA, RelationType.FOLLOW, Target.user(BERT), weight, ago(Duration.ZERO)));
      }
      refused("TIME_IN_FUTURE", () -> db.follow(ANNA, BERT, ago(Duration.ofHours(-1))));
      refused("K_OUT_OF_RANGE", () -> db.topCreators(ANNA, 0));
      refused("DEPTH_OUT_OF_RANGE", () -> db.network(ANNA, 3));
      refused("TIME_TOO_EARLY", () -> db.affinity(ANNA, BERT, ago(Duration.ofHours(2))));
      assertThat(db.position()).isEqualTo(position);
    }
  }

  private static void refused(
      String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  @Test
  void settingAnAffinityReplacesItsValue() {
    try (var db = ephemeral()) {
      db.setRelation(
          ANNA, RelationType.AFFINITY, Target.creator(CARL), 8, ago(Duration.ofDays(30)));
      assertThat(db.affinity(ANNA, CARL)).isCloseTo(4, within(1e-9));
      db.follow(ANNA, CARL);
      assertThat(db.affinity(ANNA, CARL)).isCloseTo(9, within(1e-9));
      db.follow(ANNA, CARL);
      assertThat(db.affinity(ANNA, CARL)).as("a follow begins once").isCloseTo(9, within(1e-9));
      db.unfollow(ANNA, CARL);
      assertThat(db.topCreators(ANNA, 10))
          .singleElement()
          .satisfies(top -> assertThat(top.score()).isCloseTo(4, within(1e-9)));
      clock.advance(Duration.ofDays(60));
      assertThat(
              db.readRelation(ANNA, RelationType.AFFINITY, Target.creator(CARL))
                  .orElseThrow()
                  .weight())
          .isCloseTo(1, within(1e-9));
      db.removeRelation(ANNA, RelationType.AFFINITY, Target.creator(CARL));
      assertThat(db.affinity(ANNA, CARL)).isZero();
    }
  }

  @Test
  void queriesKeepWhatIsHiddenOrBlockedFromTheUser() {
    try (var db = ephemeral()) {
      db.writeItem(EntityId.of(1), Map.of("creator_id", "100"));
      db.writeItem(EntityId.of(2), Map.of("creator_id", "200"));
      db.writeItem(EntityId.of(3), Map.of("creator_id", "300"));
      db.hide(CARL, EntityId.of(1));
      db.block(EntityId.of(200), CARL);
      var request = io.tidaldb.schema.Retrieve.items().forUser(CARL);
      assertThat(db.retrieve(request).hits())
          .extracting(hit -> hit.id().value())
          .containsExactly(3L);
      db.unhide(CARL, EntityId.of(1));
      assertThat(db.retrieve(request).hits()).as("hide and block win ties").hasSize(1);
      clock.advance(Duration.ofNanos(1_000));
      db.unhide(CARL, EntityId.of(1));
      db.unblock(EntityId.of(200), CARL);
      assertThat(db.retrieve(request).hits()).hasSize(3);
    }
  }
}
