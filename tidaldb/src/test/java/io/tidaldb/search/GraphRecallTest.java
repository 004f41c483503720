package io.tidaldb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.search.VectorPlan.Way;
import io.tidaldb.search.VectorSearch.Borders;
import io.tidaldb.search.VectorSearch.Wanted;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/// What the graph finds of the truly nearest, under filters of every width.
final class GraphRecallTest {

  private static final int VECTORS = 8_000;
  private static final int DIMENSIONS = 24;
  private static final int CLUSTERS = 40;
  private static final int QUERIES = 100;
  private static final double RECALL_MIN = 0.95;

  private static final VectorWorld WORLD = new VectorWorld(DIMENSIONS);
  private static final Clusters DATA = new Clusters(11, CLUSTERS, DIMENSIONS, 0.6);
  private static final VectorGraph GRAPH =
      new VectorGraph(WORLD.view, Optional.empty(), "store", new Borders(100, 0));

  @BeforeAll
  static void build() {
    WORLD.fold(1, WORLD.schema());
    for (int n = 0; n < VECTORS; n++) {
      WORLD.fold(
          2 + n, VectorWorld.written(EntityKind.ITEM, 1, n, DATA.vector(DATA.cluster(n)), 1));
    }
    WORLD.view.publish(VECTORS + 1);
    WORLD.view.use(GRAPH);
    assertThat(GRAPH.catchUp()).isTrue();
  }

  @AfterAll
  static void close() {
    GRAPH.close();
  }

  private static long id(int slot) {
    return WORLD.slots.id(EntityKind.ITEM, slot);
  }

  private static RoaringBitmap where(IntPredicate accepted) {
    var allowed = new RoaringBitmap();
    for (int n = 0; n < VECTORS; n++) {
      if (accepted.test(n)) {
        allowed.add(VectorWorld.item(WORLD.slots, n));
      }
    }
    return allowed;
  }

  private interface Filter {
    boolean accepts(int n, int queryCluster);
  }

  /// Checks the mean share of the ten nearest that is found.
  ///
  /// @return the way of the last search
  private static Way recall(String what, Filter filter) {
    var random = new SplittableRandom(5);
    double sum = 0;
    Way way = null;
    for (int q = 0; q < QUERIES; q++) {
      int cluster = random.nextInt(CLUSTERS);
      float[] query = DATA.vector(cluster);
      var allowed = where(n -> filter.accepts(n, cluster));
      var search = WORLD.view.search(EntityKind.ITEM, "content");
      var found = search.nearest(query, new Wanted(allowed, 10, false, GraphRecallTest::id));
      var exact = search.nearest(query, new Wanted(allowed, 10, true, GraphRecallTest::id));
      assertThat(found.count()).isEqualTo(exact.count());
      var hits = RoaringBitmap.bitmapOf(found.slots());
      hits.and(RoaringBitmap.bitmapOf(exact.slots()));
      sum += exact.count() == 0 ? 1 : (double) hits.getCardinality() / exact.count();
      way = found.plan().way();
    }
    assertThat(sum / QUERIES).as(what).isGreaterThanOrEqualTo(RECALL_MIN);
    return way;
  }

  @Test
  void withoutFilterTheGraphFindsNearlyAll() {
    assertThat(recall("no filter", (n, cluster) -> true)).isEqualTo(Way.GRAPH);
  }

  @Test
  void underRandomFiltersItFindsNearlyAll() {
    for (int percent : new int[] {50, 30, 20, 15, 10, 5, 2}) {
      var way =
          recall(
              "random " + percent,
              (n, cluster) -> Integer.remainderUnsigned(n * 0x9E3779B9, 100) < percent);
      assertThat(way).as("random %d", percent).isEqualTo(Way.FILTERED_GRAPH);
    }
  }

  @Test
  void underFiltersThatGoWithTheQueryItFindsNearlyAll() {
    for (int width : new int[] {1, 4, 10, 20}) {
      var _ =
          recall(
              "correlated " + width,
              (n, cluster) -> Math.floorMod(DATA.cluster(n) - cluster, CLUSTERS) < width);
    }
  }

  @Test
  void underFiltersThatGoAgainstTheQueryItFindsNearlyAll() {
    for (int width : new int[] {2, 4, 10, 20}) {
      var _ =
          recall(
              "anti-correlated " + width,
              (n, cluster) -> Math.floorMod(DATA.cluster(n) - cluster - 1, CLUSTERS) < width);
    }
  }
}
