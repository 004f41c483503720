package io.tidaldb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metric;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LearningTest {

  private static final int ITEMS = 200;
  private static final int DIMENSIONS = 6;
  private static final int UPDATES = 1_000_000;

  private static VectorColumn column(EntityKind kind, int number) {
    return new VectorColumn(
        new EmbeddingSlot(kind, EmbeddingSlot.CONTENT, DIMENSIONS, Metric.COSINE), number);
  }

  @Test
  void aPreferenceStaysAUnitVectorOverAMillionUpdates() {
    var random = new SplittableRandom();
    var items = column(EntityKind.ITEM, 1);
    for (int item = 0; item < ITEMS; item++) {
      items.put(item, new VectorRow(VectorWorld.vector(random, DIMENSIONS), 1, 1, 0));
    }
    var preferences = column(EntityKind.USER, 2);
    var learning = new Learning(preferences, FeedbackPolicy.STANDARD);
    var meanings = Meaning.values();
    double[] vector = new double[DIMENSIONS];
    double worst = 0;
    for (int i = 0; i < UPDATES; i++) {
      var meaning = meanings[random.nextInt(meanings.length)];
      double weight = random.nextInt(4) == 0 ? random.nextDouble(8) : 1;
      learning.signal(0, meaning, weight, items, random.nextInt(ITEMS), new Learning.Stamp(i, i));
      if (preferences.vector(0, vector)) {
        worst = Math.max(worst, Math.abs(NaiveVectors.length(vector) - 1));
      }
      if (i % 1_000 == 0) {
        preferences.publish(i);
      }
    }
    assertThat(preferences.has(0)).isTrue();
    assertThat(worst).isCloseTo(0, within(1e-6));
  }
}
