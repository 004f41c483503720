package io.tidaldb.relation;

import static io.tidaldb.relation.RelationWorld.DAY;
import static io.tidaldb.relation.RelationWorld.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.WatchedItem;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.StateText;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// States of users against the oracle: random signals in no order of time, clears, deletions,
/// erasures; saving and loading in between.
class UserStatesProperties {

  private static final EnumSet<UserState> TOLD =
      EnumSet.of(UserState.LIKED, UserState.DISLIKED, UserState.SAVED);

  @Test
  void statesAreWhatTheOracleSays() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE / 2))
        .tries(30)
        .check(seed -> run(seed, 8, 400));
  }

  @Test
  void listsKeepTheLatestThousand() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE / 2))
        .tries(1)
        .check(seed -> run(seed, 1_300, 16_000));
  }

  private static void run(long seed, long items, int events) {
    var world = new RelationWorld();
    var oracle = new StateOracle(UserMemory.WATCHED_MAX);
    var source = new RelationWorld.Random(seed, items);
    SortedMap<PageKey, byte[]> saved = new TreeMap<>();
    for (int i = 0; i < events; i++) {
      var event = items > 100 ? crowded(source) : source.any();
      event = marked(event, source.random);
      world.fold(event);
      oracle.fold(event);
      if (source.random.nextInt(events / 8) == 0) {
        check(world, oracle, source);
      }
      if (source.random.nextInt(events / 8) == 0) {
        saveAndLoad(world, source, oracle, saved);
      }
    }
    check(world, oracle, source);
    assertThat(world.states.verify()).isEmpty();
    assertThat(world.seen.verify()).isEmpty();
  }

  /// Mostly views and completions, by two users: lists overflow.
  private static Event crowded(RelationWorld.Random source) {
    if (source.random.nextInt(500) == 0) {
      return source.random.nextBoolean()
          ? RelationWorld.deleted(source.item())
          : RelationWorld.written(source.item());
    }
    var meaning =
        switch (source.random.nextInt(4)) {
          case 0 -> Meaning.VIEW;
          case 1 -> Meaning.IMPRESSION;
          default -> Meaning.COMPLETION;
        };
    double weight = meaning == Meaning.COMPLETION ? source.random.nextInt(1, 10) / 10.0 : 1;
    return RelationWorld.signal(
        meaning, source.random.nextInt(8) / 7, source.item(), weight, source.time());
  }

  /// Relations that begin and end, as a writer would say.
  private static Event marked(Event event, SplittableRandom random) {
    return switch (event) {
      case RelationEvent.RelationSet set ->
          new RelationEvent.RelationSet(
              set.time(),
              set.user(),
              set.type(),
              set.kind(),
              set.target(),
              set.weight(),
              random.nextBoolean(),
              null);
      case RelationEvent.RelationRemoved removed ->
          new RelationEvent.RelationRemoved(
              removed.time(),
              removed.user(),
              removed.type(),
              removed.kind(),
              removed.target(),
              random.nextBoolean(),
              null);
      default -> event;
    };
  }

  private static void saveAndLoad(
      RelationWorld world,
      RelationWorld.Random source,
      StateOracle oracle,
      SortedMap<PageKey, byte[]> saved) {
    var before = StateText.of(world.states);
    var frozen = world.states.freeze(source.random.nextInt(3) == 0);
    // What comes while it is being saved is not in it.
    var late = source.signal();
    world.fold(late);
    oracle.fold(late);
    if (source.random.nextInt(3) == 0) {
      frozen.abandoned();
      return;
    }
    StateText.take(frozen, saved);
    frozen.committed();
    var loaded = new UserStates(world.slots);
    StateText.load(loaded, saved, world.position);
    if (!(late instanceof Event.SignalRecorded signal)
        || world.user(signal.user()) < world.slots.count(EntityKind.USER)) {
      assertThat(StateText.of(loaded)).isEqualTo(before);
    }
    SortedMap<PageKey, byte[]> again = new TreeMap<>();
    StateText.save(loaded, true, again);
    assertThat(again.keySet()).isEqualTo(saved.keySet());
    again.forEach((key, content) -> assertThat(content).as("%s", key).isEqualTo(saved.get(key)));
    if (source.random.nextBoolean()) {
      StateText.save(world.states, false, saved);
      world.states = new UserStates(world.slots);
      StateText.load(world.states, saved, world.position);
    }
  }

  private static void check(RelationWorld world, StateOracle oracle, RelationWorld.Random source) {
    var reader = new RelationReader(world.viewers(9));
    for (long user : RelationWorld.Random.ACCOUNTS) {
      var person = oracle.of(user);
      var id = EntityId.of(user);
      assertThat(watched(reader, id, UserState.HISTORY))
          .containsExactlyElementsOf(StateOracle.order(person.history));
      assertThat(watched(reader, id, UserState.IN_PROGRESS))
          .containsExactlyElementsOf(StateOracle.order(person.progress));
      reader
          .watched(id, UserState.HISTORY, PageRequest.first(1_000))
          .items()
          .forEach(
              item -> {
                var watch = person.history.get(item.item().value());
                assertThat(item.at().nanos()).isEqualTo(watch.time);
                assertThat(item.fraction()).isEqualTo(watch.fraction);
              });
      long item = source.item();
      var states = reader.states(id, EntityId.of(item), oracle.newest());
      states.removeAll(TOLD);
      assertThat(states).isEqualTo(oracle.states(user, item));
      checkViewer(world, oracle, user);
    }
  }

  private static List<Long> watched(RelationReader reader, EntityId user, UserState state) {
    return reader.watched(user, state, PageRequest.first(1_000)).items().stream()
        .map(WatchedItem::item)
        .map(EntityId::value)
        .toList();
  }

  private static void checkViewer(RelationWorld world, StateOracle oracle, long user) {
    var person = oracle.of(user);
    var viewer = world.viewers(9).viewer(user, oracle.newest());
    int[] positives = person.positives.reversed().stream().mapToInt(world::item).toArray();
    assertThat(viewer.positives(50)).containsExactly(positives);
    Map<Integer, Integer> impressions = new HashMap<>();
    viewer.impressions((slot, time) -> impressions.merge(slot, 1, Integer::sum));
    Map<Integer, Integer> expected = new HashMap<>();
    person.shown.stream()
        .filter(moment -> moment.time() >= oracle.newest() - 30 * DAY)
        .forEach(moment -> expected.merge(world.item(moment.item()), 1, Integer::sum));
    impressions.keySet().removeIf(slot -> world.slots.isDead(EntityKind.ITEM, slot));
    assertThat(impressions).isEqualTo(expected);
    for (long creator : RelationWorld.Random.ACCOUNTS) {
      var value = person.affinities.get(creator);
      double exact = value == null ? 0 : oracle.at(value, oracle.newest());
      assertThat(viewer.affinity(creator)).isCloseTo(exact, within(1e-9));
    }
  }

  @Test
  void anAffinityIsTheSumOfItsDecayedParts() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE / 2))
        .tries(40)
        .check(UserStatesProperties::sum);
  }

  private static void sum(long seed) {
    var random = new SplittableRandom(seed);
    var world = new RelationWorld();
    int count = 300;
    long[] times = random.longs(count, START, START + 4_000 * DAY).toArray();
    for (long time : times) {
      world.fold(RelationWorld.by(RelationWorld.signal(Meaning.LIKE, 1, 2, 1, time), 9));
    }
    long at = Arrays.stream(times).max().orElseThrow();
    double exact = 0;
    for (long time : times) {
      exact += Math.pow(2, -(double) (at - time) / (30.0 * DAY));
    }
    double value = world.viewers(9).viewer(1, at).affinity(9);
    assertThat(value / exact).isCloseTo(1, within(1e-9));
  }

  @Test
  void theThousandAndFirstCreatorPushesOutTheLeast() {
    var world = new RelationWorld();
    for (long creator = 1; creator <= 1_000; creator++) {
      world.fold(RelationWorld.by(RelationWorld.signal(Meaning.SHARE, 1, 2, 1, START), creator));
    }
    world.fold(RelationWorld.by(RelationWorld.signal(Meaning.LIKE, 1, 2, 1, START), 1_001));
    var reader = new RelationReader(world.viewers(9));
    var user = EntityId.of(1);
    assertThat(reader.topCreators(user, 1_000, START)).hasSize(1_000);
    assertThat(reader.affinity(user, EntityId.of(1_001), START))
        .as("the least is the one that came")
        .isZero();
    world.fold(RelationWorld.by(RelationWorld.signal(Meaning.PURCHASE, 1, 2, 1, START), -1));
    assertThat(reader.affinity(user, EntityId.of(1_000), START))
        .as("of equals the greater id leaves")
        .isZero();
    assertThat(reader.affinity(user, EntityId.of(999), START)).isEqualTo(2, within(1e-9));
    assertThat(reader.topCreators(user, 1, START).getFirst().id()).isEqualTo(EntityId.of(-1));
  }

  @Test
  void noticesAreThereForTwentyFiveHours() {
    var world = new RelationWorld();
    long hour = DAY / 24;
    world.fold(RelationWorld.by(RelationWorld.signal(Meaning.NOTIFIED, 1, 2, 1, START), 9));
    world.fold(RelationWorld.signal(Meaning.NOTIFIED, 1, 3, 1, START + 1));
    var viewer = world.viewers(9).viewer(1, START);
    var seen = new TreeMap<Integer, String>();
    viewer.notices(
        START - 1, START + 1, (slot, has, creator) -> seen.put(slot, has + " " + creator));
    assertThat(seen).containsEntry(world.item(2), "true 9").containsEntry(world.item(3), "false 0");
    seen.clear();
    viewer.notices(START, START, (slot, has, creator) -> seen.put(slot, ""));
    assertThat(seen).as("after, and up to").isEmpty();
    world.fold(new Event.Blank(START + 25 * hour + 1));
    world.fold(RelationWorld.signal(Meaning.NOTIFIED, 1, 4, 1, START));
    viewer.notices(0, START, (slot, has, creator) -> seen.put(slot, ""));
    assertThat(seen).as("what comes too late to count").doesNotContainKey(world.item(4));
  }

  @Test
  void impressionsBeyondTheLastFiveThousandAreForgotten() {
    var world = new RelationWorld();
    for (int i = 0; i < UserMemory.SHOWN_MAX + 3; i++) {
      world.fold(RelationWorld.signal(Meaning.IMPRESSION, 1, i, 1, START + i));
    }
    var shown = world.viewers(9).viewer(1, START).shownSince(0);
    assertThat(shown.getCardinality()).isEqualTo(UserMemory.SHOWN_MAX);
    assertThat(shown.contains(world.item(2))).isFalse();
    assertThat(shown.contains(world.item(3))).isTrue();
  }

  @Test
  void aBlockAndAnAffinityThatIsSetReplaceTheValue() {
    var world = new RelationWorld();
    world.fold(RelationWorld.by(RelationWorld.signal(Meaning.SHARE, 1, 2, 1, START), 9));
    world.fold(
        new RelationEvent.RelationSet(
            START, 1, RelationType.AFFINITY, EntityKind.CREATOR, 9, 7, false, null));
    assertThat(world.viewers(9).viewer(1, START).affinity(9)).isEqualTo(7, within(1e-9));
    world.fold(RelationWorld.set(1, RelationType.BLOCK, EntityKind.USER, 9, START));
    assertThat(world.viewers(9).viewer(1, START).affinity(9)).isZero();
  }
}
