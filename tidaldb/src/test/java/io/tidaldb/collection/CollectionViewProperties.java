package io.tidaldb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.collection.CollectionWorld.Step;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The view equals a naive model under any calls, frames, crashes and sizes of caches and batches.
final class CollectionViewProperties {

  private static final Generator<Step> STEPS =
      Generator.combine(
          Generator.combine(
              Generator.ints(0, 19), Generator.ints(0, 40), (what, a) -> new Step(what, a, 0, 0)),
          Generator.combine(
              Generator.ints(0, 40), Generator.ints(0, 40), (b, c) -> new Step(0, 0, b, c)),
          (one, two) -> new Step(one.what(), one.a(), two.b(), two.c()));

  private record Script(int caches, int batches, List<Step> steps) {
    CollectionWorld world() {
      return new CollectionWorld(
          new Fold(caches == 0 ? 1 << 20 : 1, batches == 0 ? 1 << 20 : batches));
    }
  }

  private static Generator<Script> scripts(int steps) {
    return Generator.combine(
        Generator.combine(
            Generator.ints(0, 1), Generator.ints(0, 6), (c, b) -> new Script(c, b, List.of())),
        STEPS.listOf(steps),
        (sizes, list) -> new Script(sizes.caches(), sizes.batches(), list));
  }

  @Test
  void theViewEqualsTheModelAfterEveryStep() {
    Property.forAll(scripts(60))
        .tries(60)
        .check(
            script -> {
              var world = script.world();
              for (var step : script.steps()) {
                world.take(step);
                world.compareFolded();
                if (step.c() % 2 == 0) {
                  world.comparePublished();
                }
              }
            });
  }

  @Test
  void tenThousandCallsLeaveTheSameAsTheModel() {
    Property.forAll(scripts(400))
        .tries(100)
        .check(
            script -> {
              var world = script.world();
              script.steps().forEach(world::take);
              world.compareFolded();
              world.comparePublished();
              world.compareFresh();
              world.fold.crash(0);
              world.comparePublished();
              world.compareFresh();
            });
  }

  @Test
  void anOrderIsThatOfAListHoweverOftenOnePlaceIsTaken() {
    var inserts =
        Generator.combine(Generator.ints(0, 3), Generator.ints(0, 90), (p, i) -> List.of(p, i));
    Property.forAll(inserts.listOf(300))
        .check(
            list -> {
              var sequence = new Sequence();
              var model = new ArrayList<Long>();
              long next = 0;
              for (var insert : list) {
                int index =
                    insert.get(0) == 0 ? model.size() : Math.min(insert.get(1) % 3, model.size());
                if (insert.get(0) == 3 && !model.isEmpty()) {
                  sequence.remove(model.remove(insert.get(1) % model.size()));
                } else {
                  var _ = sequence.insert(index, next, next, next);
                  model.add(index, next++);
                }
              }
              assertThat(sequence.items())
                  .containsExactly(model.stream().mapToLong(i -> i).toArray());
              for (int i = 0; i < model.size(); i++) {
                assertThat(sequence.index(model.get(i))).isEqualTo(i);
              }
              assertThat(model.stream().map(item -> sequence.member(item).order()))
                  .isSorted()
                  .doesNotHaveDuplicates();
            });
  }
}
