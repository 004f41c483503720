package io.tidaldb.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// An order that keeps few, against a map of who was created when.
class CreationOrderProperties {

  @Test
  void aWalkMeetsEverythingAboveItsBoundNewestFirst() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE)).tries(100).check(this::run);
  }

  private void run(long seed) {
    var random = new SplittableRandom(seed);
    var order = new CreationOrder(List.of(10, 100, 2_000).get(random.nextInt(3)));
    Map<Integer, Long> living = new HashMap<>();
    CreationOrder.Truth truth = (slot, time) -> living.getOrDefault(slot, -1L) == time;
    for (int i = 0; i < 3_000; i++) {
      int slot = random.nextInt(1_500);
      int kind = random.nextInt(10);
      if (kind == 0 && living.remove(slot) != null) {
        order.gone();
      } else if (kind > 0) {
        long time = random.nextBoolean() ? i : random.nextLong(3_000);
        var before = living.put(slot, time);
        if ((before == null || before != time)
            && order.created(slot, time, before != null, truth)) {
          rebuild(order, living);
        }
      }
      if (random.nextInt(100) == 0) {
        check(order, truth, living, random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(3_000));
      }
    }
  }

  private static void rebuild(CreationOrder order, Map<Integer, Long> living) {
    var slots = living.keySet().stream().mapToInt(slot -> slot).toArray();
    long[] times = new long[slots.length];
    for (int i = 0; i < slots.length; i++) {
      times[i] = living.get(slots[i]);
    }
    order.rebuild(times, slots);
  }

  private static void check(
      CreationOrder order, CreationOrder.Truth truth, Map<Integer, Long> living, long notAfter) {
    var walk = new CreationWalk(order, truth, notAfter);
    var walked = new ArrayList<Integer>();
    int[] slots = new int[50];
    int count;
    do {
      count = walk.next(slots);
      for (int i = 0; i < count; i++) {
        walked.add(slots[i]);
      }
      var given = new HashSet<>(walked);
      living.forEach(
          (slot, time) -> {
            if (!given.contains(slot) && time <= notAfter) {
              assertThat(time).isLessThanOrEqualTo(walk.bound());
            }
          });
    } while (count > 0);
    assertThat(walked).doesNotHaveDuplicates();
    for (int i = 1; i < walked.size(); i++) {
      assertThat(living.get(walked.get(i))).isLessThanOrEqualTo(living.get(walked.get(i - 1)));
    }
  }

  @Test
  void whoWalksWhileAnEntityMovesIsTold() {
    var order = new CreationOrder();
    CreationOrder.Truth truth = (slot, time) -> true;
    assertThat(order.created(1, 10, false, truth)).isFalse();
    var walk = new CreationWalk(order, truth, Long.MAX_VALUE);
    assertThat(order.created(2, 11, false, truth)).isFalse();
    order.gone();
    assertThat(walk.isSteady()).isTrue();
    assertThat(order.created(1, 12, true, truth)).isFalse();
    assertThat(walk.isSteady()).isFalse();
  }
}
