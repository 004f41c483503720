package io.tidaldb.coengagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CoEngagementViewTest {

  private static final long NOW = Duration.ofDays(20_000).toNanos();
  private static final Schema SCHEMA = Schemas.video();
  private static final int LIKE = type("like");

  private static int type(String name) {
    return SCHEMA.signal(name).orElseThrow().id().value();
  }

  private final ViewWorld world = new ViewWorld(SCHEMA);

  private double strength(long a, long b) {
    return world.view.strength(EntityId.of(a), EntityId.of(b), NOW);
  }

  @Test
  void onlyPositiveSignalsOfUsersOnItemsAreEvidence() {
    world.signal(LIKE, 1, 1, 1, NOW);
    world.signal(type("completion"), 1, 2, 0.5, NOW);
    assertThat(world.view.edgeCount()).isEqualTo(1);
    world.signal(type("completion"), 1, 3, 0.499, NOW);
    world.signal(type("view"), 1, 4, 1, NOW);
    world.signal(LIKE, 1, 5, 0, NOW);
    world.apply(new Event.SignalRecorded(NOW, LIKE, EntityKind.ITEM, 6, 1, 0, 0, 0, 0, null));
    world.apply(
        new Event.SignalRecorded(
            NOW, LIKE, EntityKind.CREATOR, 6, 1, Event.SignalRecorded.USER, 1, 0, 0, null));
    assertThat(world.view.edgeCount()).isEqualTo(1);
    world.signal(type("comment"), 1, 6, 1, NOW);
    assertThat(world.view.edgeCount()).isEqualTo(3);
  }

  @Test
  void aNewLifeOfAnIdBeginsWithoutEdges() {
    for (long item = 1; item <= 3; item++) {
      world.signal(LIKE, 1, item, 1, NOW);
    }
    int slot = world.slots.slot(EntityKind.ITEM, 2);
    world.delete(2);
    assertThat(world.view.edgeCount()).isEqualTo(1);
    assertThat(world.view.strongest(slot, NOW, new int[5], new double[5])).isZero();
    world.signal(LIKE, 2, 2, 1, NOW);
    assertThat(strength(1, 2)).isZero();
    // It had left the window, so this is new evidence.
    world.signal(LIKE, 1, 2, 1, NOW);
    assertThat(strength(1, 2)).isEqualTo(strength(3, 2)).isPositive();
    assertThat(world.view.verify()).isEmpty();
  }

  @Test
  void anErasedUserLeavesStrengthsButNoWindow() {
    world.signal(LIKE, 1, 1, 1, NOW);
    world.signal(LIKE, 1, 2, 1, NOW);
    int slot = world.slots.slot(EntityKind.USER, 1);
    assertThat(world.view.countOf(1)).isEqualTo(2);
    assertThat(world.view.countOf(2)).isZero();
    world.erase(1);
    assertThat(world.view.countOf(1)).isZero();
    assertThat(world.view.edgeCount()).isEqualTo(1);
    assertThat(world.view.recentPositives(slot, new int[50])).isZero();
    world.signal(LIKE, 1, 3, 1, NOW);
    assertThat(world.view.edgeCount()).isEqualTo(1);
    assertThat(world.state()).contains("positives USER 1 item=3").doesNotContain("item=2");
  }

  @Test
  void aSmallerWindowHoldsFromItsPosition() {
    for (long item = 1; item <= 6; item++) {
      world.signal(LIKE, 1, item, 1, NOW);
    }
    world.schema(SchemaBuilder.from(SCHEMA).coEngagement(c -> c.window(2)).build());
    world.schema(SCHEMA);
    int edges = world.view.edgeCount();
    world.signal(LIKE, 1, 7, 1, NOW);
    assertThat(world.view.edgeCount()).isEqualTo(edges + 2);
    assertThat(strength(7, 6)).isEqualTo(strength(7, 5)).isPositive();
    assertThat(strength(7, 4)).isZero();
  }

  @Test
  void withoutEdgesTheHalfLifeMayChange() {
    world.signal(LIKE, 1, 1, 1, NOW - Duration.ofDays(30).toNanos());
    world.schema(
        SchemaBuilder.from(SCHEMA).coEngagement(c -> c.halfLife(Duration.ofDays(10))).build());
    world.signal(LIKE, 1, 2, 1, NOW - Duration.ofDays(30).toNanos());
    assertThat(strength(1, 2)).isCloseTo(0.125, Percentage.withPercentage(1e-7));
  }

  @Test
  void pagesThatHoldNoEdgesOrWindowsAreRefused() {
    for (long item = 1; item <= 3; item++) {
      world.signal(LIKE, 1, item, 1, NOW);
    }
    var slotPages = new TreeMap<PageKey, byte[]>();
    var pages = new TreeMap<PageKey, byte[]>();
    ViewWorld.store(world.slots.freeze(true), slotPages);
    ViewWorld.store(world.view.freeze(true), pages);
    assertThat(pages).hasSize(5);
    assertThat(ViewWorld.load(slotPages, pages, 1).state()).isEqualTo(world.state());
    assertThatThrownBy(() -> ViewWorld.load(new TreeMap<>(), pages, 1))
        .isInstanceOf(IllegalArgumentException.class);
    var random = new SplittableRandom(1);
    for (var entry : pages.entrySet()) {
      var cut = new TreeMap<>(pages);
      cut.put(entry.getKey(), new byte[5]);
      assertThatThrownBy(() -> ViewWorld.load(slotPages, cut, 1))
          .isInstanceOf(IllegalArgumentException.class);
      for (int i = 0; i < 200; i++) {
        byte[] changed = entry.getValue().clone();
        changed[random.nextInt(Math.min(200, changed.length))] = (byte) random.nextInt();
        var damaged = new TreeMap<>(pages);
        damaged.put(entry.getKey(), changed);
        try {
          assertThat(ViewWorld.load(slotPages, damaged, 1).view.verify()).isEmpty();
        } catch (IllegalArgumentException expected) {
          // Refused, as it should be.
        }
      }
    }
    var strange = new TreeMap<>(pages);
    strange.put(new PageKey(0, 5, 0), new byte[8]);
    assertThatThrownBy(() -> ViewWorld.load(slotPages, strange, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Popular items, full windows, a full table in which most edges have come and gone.
  @Test
  void anEdgeTakesAtMost72BytesAWindow250AndACrowd9() {
    int capacity = 40_000;
    int users = 800;
    world.schema(SchemaBuilder.from(SCHEMA).coEngagement(c -> c.capacity(capacity)).build());
    var random = new SplittableRandom(5);
    for (int i = 0; i < 60 * users; i++) {
      long item = (long) (8_000 * Math.pow(random.nextDouble(), 3));
      world.signal(LIKE, random.nextInt(users), item, 1, NOW + i * 1_000_000L);
    }
    assertThat(world.view.edgeCount()).isEqualTo(capacity);
    assertThat(world.view.evictions()).isGreaterThan(10L * capacity);
    int[] items = new int[50];
    for (int user = 0; user < users; user++) {
      assertThat(world.view.recentPositives(user, items)).isGreaterThan(10);
    }
    assertThat(world.view.edgeBytes() / (double) capacity).isBetween(40.0, 72.0);
    assertThat(world.view.crowdBytes() / 8_000.0).isBetween(8.0, 9.0);
    assertThat(
            (world.view.bytes() - world.view.edgeBytes() - world.view.crowdBytes())
                / (double) users)
        .isBetween(100.0, 250.0);
    assertThat(world.view.verify()).isEmpty();
  }
}
