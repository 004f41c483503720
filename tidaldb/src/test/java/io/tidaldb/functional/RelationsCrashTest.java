package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.engine.Faults;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.CrashChoice;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Relations and states after a power cut that takes back whatever rows and pages were not flushed:
/// the same state, to the bit.
final class RelationsCrashTest {

  private final ManualClock clock = new ManualClock();

  @Test
  void aPowerCutTakesBackNothingThatWasAnswered() {
    Property.forAll(Generator.longs(0, 1 << 30)).tries(3).check(this::run);
  }

  private TidalDb open(SimulatedVolume volume, InMemoryBackend backend) {
    return TestDoor.faults(
            TidalDb.builder().schema(RelationsTest.schema()).clock(clock),
            new Faults(Optional.of(volume), Optional.of(backend), CrashInjector.NONE))
        .open();
  }

  private void run(long seed) {
    var random = new SplittableRandom(seed);
    var volume = new SimulatedVolume();
    var backend = new InMemoryBackend();
    for (int life = 0; life < 4; life++) {
      var db = open(volume, backend);
      for (int i = 0; i < 60; i++) {
        call(db, random);
      }
      var digest = db.stateDigest();
      assertThat(db.verify(true).findings()).isEmpty();
      volume = volume.crash(CrashChoice.none());
      backend = CrashedBackend.of(backend, random);
      TestDoor.abandon(db);
      var again = open(volume, backend);
      assertThat(again.stateDigest()).isEqualTo(digest);
      assertThat(again.verify(true).findings()).isEmpty();
      volume = volume.crash(CrashChoice.none());
      backend = CrashedBackend.of(backend, random);
      TestDoor.abandon(again);
    }
  }

  private void call(TidalDb db, SplittableRandom random) {
    clock.advance(Duration.ofHours(random.nextInt(20)));
    var user = EntityId.of(random.nextInt(4) - 1L);
    var item = EntityId.of(random.nextInt(6));
    switch (random.nextInt(20)) {
      case 0 -> db.writeItem(item, Map.of("creator_id", "" + random.nextInt(3)));
      case 1 -> db.deleteItem(item);
      case 2 -> db.clearState(user, states(random), item);
      case 3 -> db.clearState(user, states(random));
      case 4 -> db.checkpoint();
      case 5 -> db.eraseUser(user);
      case 6, 7, 8, 9 -> db.write(relation(random, user, item));
      case 10, 11 ->
          db.write(
              IntStream.range(0, 5)
                  .mapToObj(
                      i -> random.nextBoolean() ? relation(random, user, item) : signal(random))
                  .toList());
      default -> db.write(List.of(signal(random)));
    }
  }

  private static UserState states(SplittableRandom random) {
    return UserState.ofCode(1 + random.nextInt(UserState.values().length));
  }

  private Write signal(SplittableRandom random) {
    var meanings = List.of(Meaning.values());
    var meaning = meanings.get(random.nextInt(meanings.size()));
    double weight = meaning == Meaning.COMPLETION ? random.nextInt(1, 11) / 10.0 : 1;
    return Write.signal(
        meaning.label(),
        EntityId.of(random.nextInt(6)),
        Signal.by(random.nextInt(4) - 1L).weight(weight).at(time(random)));
  }

  private RelationWrite relation(SplittableRandom random, EntityId user, EntityId item) {
    var type = RelationType.ofCode(1 + random.nextInt(5));
    var kinds = Arrays.stream(EntityKind.values()).filter(type::takes).toList();
    var kind = kinds.get(random.nextInt(kinds.size()));
    var other = kind == EntityKind.ITEM ? item : EntityId.of(random.nextInt(4) - 1L);
    var target = new Target(kind, other);
    return random.nextInt(3) > 0
        ? new RelationWrite.SetRelation(
            user, type, target, random.nextInt(3), Optional.of(time(random)), Optional.empty())
        : new RelationWrite.RemoveRelation(
            user, type, target, Optional.of(time(random)), Optional.empty());
  }

  private Timestamp time(SplittableRandom random) {
    return Timestamp.of(clock.instant().minus(Duration.ofDays(random.nextInt(50))));
  }

  @Test
  void whatBeginsAndEndsInOneUnitIsCountedOnce() {
    try (var db =
        TidalDb.builder().ephemeral().schema(RelationsTest.schema()).clock(clock).open()) {
      var user = EntityId.of(1);
      var creator = EntityId.of(9);
      db.write(
          List.of(
              RelationWrite.follow(user, creator),
              RelationWrite.follow(user, creator),
              RelationWrite.unfollow(user, creator),
              RelationWrite.unfollow(user, creator),
              RelationWrite.follow(user, creator)));
      assertThat(db.affinity(user, creator)).isCloseTo(5, within(1e-9));
      assertThat(db.followerCount(Target.creator(creator))).isEqualTo(1);
      assertThat(db.metricsText()).contains("tidaldb_relations{type=\"follow\"} 1\n");
    }
  }

  @Test
  void anErasedUserIsNamedByNobody() {
    try (var db =
        TidalDb.builder().ephemeral().schema(RelationsTest.schema()).clock(clock).open()) {
      var gone = EntityId.of(-1);
      var other = EntityId.of(2);
      db.setRelation(other, RelationType.FOLLOW, Target.user(gone));
      db.setRelation(other, RelationType.BLOCK, Target.user(gone));
      db.follow(gone, other);
      db.signal("like", EntityId.of(5), Signal.by(gone));
      db.signal("view", EntityId.of(5), Signal.by(gone));
      var receipt = db.eraseUser(gone);
      assertThat(receipt.removed())
          .containsEntry("relations", 6L)
          .containsEntry("seen items", 1L)
          .containsEntry("user states", 3L);
      assertThat(db.relations(other, RelationType.BLOCK).items()).isEmpty();
      assertThat(db.followerCount(Target.creator(other))).isZero();
      assertThat(db.readState(gone, EntityId.of(5))).isEmpty();
      assertThat(db.topCreators(gone, 9)).isEmpty();
      assertThat(db.verify(false).findings()).isEmpty();
    }
  }
}
