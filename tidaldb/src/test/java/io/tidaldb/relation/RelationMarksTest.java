package io.tidaldb.relation;

import static io.tidaldb.relation.RelationWorld.DAY;
import static io.tidaldb.relation.RelationWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which of two contradicting events wins, and how long a removal is remembered.
class RelationMarksTest {

  private static final long TARGET = -1;

  private final RelationWorld world = new RelationWorld();

  private static EntityKind kind(RelationType type) {
    return type == RelationType.HIDE ? EntityKind.ITEM : EntityKind.CREATOR;
  }

  private void set(RelationType type, long time) {
    world.fold(RelationWorld.set(0, type, kind(type), TARGET, time));
  }

  private void remove(RelationType type, long time) {
    world.fold(RelationWorld.removed(0, type, kind(type), TARGET, time));
  }

  private boolean holds(RelationType type) {
    return world.relations.relation(0, type, kind(type), TARGET) != null;
  }

  @ParameterizedTest
  @EnumSource(
      value = RelationType.class,
      names = {"FOLLOW", "BLOCK", "HIDE", "MUTE"})
  void theLaterTimeWinsInWhateverOrderTheyCome(RelationType type) {
    boolean isHard = type == RelationType.BLOCK || type == RelationType.HIDE;
    set(type, 10);
    remove(type, 9);
    assertThat(holds(type)).isTrue();
    remove(type, 10);
    assertThat(holds(type)).as("block and hide win ties").isEqualTo(isHard);
    remove(type, 11);
    assertThat(holds(type)).isFalse();
    set(type, 10);
    assertThat(holds(type)).as("a late older event").isFalse();
    set(type, 11);
    assertThat(holds(type)).as("of equal times the later position").isTrue();
    remove(type, 12);
    remove(type, 10);
    set(type, 11);
    assertThat(holds(type)).as("a removal never moves its mark back").isFalse();
  }

  @Test
  void aMarkCountsForThirtyDaysAndThenLeavesTheRows() {
    remove(RelationType.FOLLOW, START);
    world.fold(new Event.Blank(START + 30 * DAY));
    set(RelationType.FOLLOW, START - 1);
    assertThat(holds(RelationType.FOLLOW)).as("30 days old").isFalse();
    world.fold(new Event.Blank(START + 30 * DAY + 1));
    // Any change of rows takes old marks away.
    world.fold(RelationWorld.set(5, RelationType.MUTE, EntityKind.CREATOR, 6, START));
    assertThat(rows(Keyspace.SYSTEM)).isZero();
    assertThat(rows(Keyspace.CREATORS)).isZero();
    set(RelationType.FOLLOW, START - 1);
    assertThat(holds(RelationType.FOLLOW)).isTrue();
    remove(RelationType.FOLLOW, START);
    assertThat(holds(RelationType.FOLLOW)).isFalse();
    assertThat(rows(Keyspace.SYSTEM)).as("a mark too old to be kept").isZero();
    assertThat(world.relations.verify()).isEmpty();
  }

  private int rows(Keyspace keyspace) {
    int count = 0;
    try (var cursor = world.backend.scanPrefix(keyspace, new byte[0])) {
      while (cursor.next()) {
        count += io.tidaldb.storage.Keys.tag(cursor.key()) == Tag.REL ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void anErasedUserLeavesNoRowAnywhere() {
    for (var kind : new EntityKind[] {EntityKind.USER, EntityKind.CREATOR}) {
      world.fold(RelationWorld.set(1, RelationType.FOLLOW, kind, 2, START));
      world.fold(RelationWorld.set(2, RelationType.BLOCK, kind, 1, START + 1));
      world.fold(RelationWorld.set(3, RelationType.FOLLOW, kind, 1, START));
      world.fold(RelationWorld.removed(4, RelationType.FOLLOW, kind, 1, START));
    }
    world.fold(RelationWorld.set(1, RelationType.HIDE, EntityKind.ITEM, 9, START));
    long before = world.relations.countOf(1);
    assertThat(before).isPositive();
    world.fold(new Event.UserErased(START, 1, null));
    assertThat(world.relations.countOf(1)).isZero();
    assertThat(world.relations.relation(2, RelationType.BLOCK, EntityKind.USER, 1)).isNull();
    assertThat(world.relations.relation(2, RelationType.BLOCK, EntityKind.CREATOR, 1)).isNotNull();
    assertThat(world.relations.relation(3, RelationType.FOLLOW, EntityKind.CREATOR, 1)).isNotNull();
    assertThat(world.relations.verify()).isEmpty();
  }
}
