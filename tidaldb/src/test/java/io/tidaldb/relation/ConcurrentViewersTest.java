package io.tidaldb.relation;

import static io.tidaldb.relation.RelationWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Readers beside the writer: what they are given is of one moment.
class ConcurrentViewersTest {

  private static final int ROUNDS = 20_000;

  @Test
  void readersNeverSeeHalfAChange() {
    var world = new RelationWorld();
    world.fold(RelationWorld.signal(Meaning.VIEW, 1, 0, 1, START));
    var stop = new AtomicBoolean();
    var reader = CompletableFuture.runAsync(() -> read(world, stop));
    for (int i = 1; i <= ROUNDS && !reader.isDone(); i++) {
      // The times of items rise together with their ids, which come round after 1,500.
      long time = START + i;
      world.fold(RelationWorld.signal(Meaning.IMPRESSION, 1, i % 1_500, 1, time));
      world.fold(
          RelationWorld.by(
              RelationWorld.signal(Meaning.COMPLETION, 1, i % 1_500, 0.5, time), i % 1_200));
      if (i % 100 == 0) {
        world.fold(RelationWorld.signal(Meaning.SAVE, 1, i % 1_500, 1, time));
      }
    }
    stop.set(true);
    reader.join();
  }

  private static void read(RelationWorld world, AtomicBoolean stop) {
    var relations = new RelationReader(world.viewers(9));
    var user = EntityId.of(1);
    while (!stop.get()) {
      var viewer = world.viewers(9).viewer(1, START + ROUNDS);
      long[] last = {0};
      viewer.impressions(
          (slot, time) -> {
            assertThat(time).isGreaterThan(last[0]);
            last[0] = time;
          });
      var positives = viewer.positives(50);
      assertThat(Arrays.stream(positives).distinct().count()).isEqualTo(positives.length);
      var history = relations.watched(user, UserState.HISTORY, PageRequest.first(1_000)).items();
      assertThat(history.stream().map(item -> item.item()).distinct().count())
          .isEqualTo(history.size());
      history.stream()
          .filter(item -> item.item().value() > 0)
          .forEach(
              item ->
                  assertThat((item.at().nanos() - START) % 1_500).isEqualTo(item.item().value()));
      var top = relations.topCreators(user, 1_000, START + ROUNDS);
      assertThat(top.stream().map(creator -> creator.id()).distinct().count())
          .isEqualTo(top.size());
      assertThat(viewer.items(UserState.SAVED).getCardinality()).isLessThanOrEqualTo(200);
      assertThat(world.relations.list(1, RelationType.HIDE).size()).isZero();
    }
  }
}
