package io.tidaldb.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.StateText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Random relations, signals, clears, deletions and erasures in no order of time, against the
/// oracle.
class RelationsProperties {

  private static final long ITEMS = 6;

  @Test
  void relationsAndToldStatesAreWhatTheOracleSays() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE / 2)).tries(25).check(this::run);
  }

  private void run(long seed) {
    var world = new RelationWorld();
    var oracle = new RelationOracle();
    var source = new RelationWorld.Random(seed, ITEMS);
    oracle.fold(RelationWorld.schema());
    for (int frame = 0; frame < 60; frame++) {
      int events = 1 + source.random.nextInt(6);
      for (int i = 0; i < events; i++) {
        var event = source.any();
        world.apply(event);
        oracle.fold(event);
      }
      world.publish();
      check(world, oracle, source);
      if (source.random.nextInt(10) == 0) {
        world.relations.mark(world.position);
        var before = StateText.of(world.relations);
        world.relations = new Relations(world.backend, world.slots, 500);
        assertThat(world.relations.loadedPosition()).isEqualTo(world.position);
        assertThat(StateText.of(world.relations)).isEqualTo(before);
      }
    }
    assertThat(world.relations.verify()).isEmpty();
  }

  private static void check(
      RelationWorld world, RelationOracle oracle, RelationWorld.Random source) {
    long user = source.account();
    for (var type : List.of(RelationType.FOLLOW, RelationType.BLOCK, RelationType.HIDE)) {
      var expected = oracle.list(user, type);
      var list = world.relations.list(user, type);
      assertThat(IntStream.range(0, list.size()).mapToLong(list::target).boxed())
          .as("%s of %s", type, user)
          .containsExactlyElementsOf(expected.stream().map(RelationOracle.Key::target).toList());
      assertThat(world.relations.count(user, type)).isEqualTo(expected.size());
      for (var key : expected) {
        var row = world.relations.relation(user, type, key.kind(), key.target());
        var decision = oracle.holding(user, type, key.kind(), key.target());
        assertThat(row)
            .isEqualTo(new Row(decision.weight(), decision.since(), decision.time(), -1, false));
      }
      assertThat(world.relations.total(type)).isEqualTo(oracle.total(type));
    }
    for (var state : List.of(UserState.LIKED, UserState.DISLIKED, UserState.SAVED)) {
      var expected = oracle.list(user, state);
      assertThat(
              world.viewers(9).viewer(user, 0).items(state).stream()
                  .filter(slot -> !world.slots.isDead(EntityKind.ITEM, slot))
                  .boxed())
          .as("%s of %s", state, user)
          .containsExactlyInAnyOrderElementsOf(
              expected.stream().map(key -> world.item(key.target())).toList());
      for (long item = -1; item < ITEMS; item++) {
        assertThat(world.relations.told(user, state, item))
            .isEqualTo(oracle.holding(user, state, EntityKind.ITEM, item) != null);
      }
    }
    long target = source.account();
    for (var kind : List.of(EntityKind.USER, EntityKind.CREATOR)) {
      for (var type : List.of(RelationType.FOLLOW, RelationType.BLOCK)) {
        var expected = oracle.reverse(kind, target, type);
        assertThat(pages(world.relations, kind, target, type)).containsExactlyElementsOf(expected);
        assertThat(world.relations.reverseCount(kind, target, type)).isEqualTo(expected.size());
      }
    }
    var viewer = world.viewers(9).viewer(user, 0);
    assertThat(viewer.blocked()).containsExactly(longs(oracle.blocked(user)));
    assertThat(viewer.hidden().stream().boxed())
        .containsExactlyInAnyOrderElementsOf(
            oracle.list(user, RelationType.HIDE).stream()
                .map(key -> world.item(key.target()))
                .filter(slot -> slot >= 0)
                .toList());
    for (int depth = 1; depth <= 2; depth++) {
      for (int fanOut : new int[] {1, 2, 9}) {
        var expected = oracle.network(user, depth, fanOut);
        var network = world.viewers(fanOut).network(user, depth);
        assertThat(network.users())
            .containsExactly(longs(expected.subList(0, Math.min(fanOut, expected.size()))));
        assertThat(network.capped()).isEqualTo(expected.size() > fanOut);
      }
    }
  }

  private static List<Long> pages(
      Relations relations, EntityKind kind, long target, RelationType type) {
    var all = new ArrayList<Long>();
    Optional<EntityId> after = Optional.empty();
    while (true) {
      var page = relations.reverse(kind, target, type, after, 2);
      page.forEach(id -> all.add(id.value()));
      if (page.size() < 2) {
        return all;
      }
      after = Optional.of(page.getLast());
    }
  }

  private static long[] longs(Iterable<Long> values) {
    var stream = LongStream.builder();
    values.forEach(stream::add);
    return stream.build().toArray();
  }
}
