package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.CoEngagement;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.ModelCoEngagement;
import java.util.TreeSet;

/// Every way to ask about edges.
final class EdgeReadings {

  private EdgeReadings() {}

  /// The edges are those of the model, equal both ways, as strong as its formula says.
  static void agree(CoEngagement edges, ModelCoEngagement model) {
    assertThat(edges.edgeCount()).isEqualTo(model.edgeCount());
    var at = Timestamp.ofNanos(Math.max(0, model.newest()));
    var items = new TreeSet<Long>();
    for (var pair : model.pairs()) {
      items.add(pair.low());
      items.add(pair.high());
      var low = EntityId.of(pair.low());
      var high = EntityId.of(pair.high());
      double expected = model.strength(pair.low(), pair.high(), at.nanos());
      double strength = edges.strength(low, high, at);
      assertThat(strength).as("%s", pair).isCloseTo(expected, within(1e-9 * expected));
      assertThat(edges.strength(high, low, at)).as("%s", pair).isEqualTo(strength);
    }
    for (long item : items) {
      assertThat(edges.neighbours(EntityId.of(item), 1_000))
          .as("neighbours of %d", item)
          .extracting(hit -> hit.id().value())
          .containsExactlyElementsOf(model.neighbours(item));
      assertThat(edges.strength(EntityId.of(item), EntityId.of(item), at)).isZero();
    }
  }
}
