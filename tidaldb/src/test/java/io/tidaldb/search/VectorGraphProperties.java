package io.tidaldb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.search.VectorPlan.Way;
import io.tidaldb.search.VectorSearch.Borders;
import io.tidaldb.search.VectorSearch.Wanted;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.StateText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/// Whatever the graph has missed, lost or never had: as many hits as there are, each as near as it
/// is said to be, and what was written last is found.
final class VectorGraphProperties {

  private static final int DIMENSIONS = 5;
  private static final int ITEMS = 300;
  private static final Borders SMALL = new Borders(20, 0);

  @TempDir private Path folder;
  private int folders;

  /// A world, its graph, and the log that made it.
  private static final class Case {
    private final SplittableRandom random;
    private final List<Event> log = new ArrayList<>();
    private VectorWorld world = new VectorWorld(DIMENSIONS);
    private VectorGraph graph;

    Case(SplittableRandom random, Optional<Path> home) {
      this.random = random;
      follow(home, "store");
      add(world.schema());
    }

    private void follow(Optional<Path> home, String store) {
      graph = new VectorGraph(world.view, home, store, SMALL);
      world.view.use(graph);
    }

    private void add(Event event) {
      log.add(event);
      world.fold(log.size(), event);
      world.view.publish(log.size());
    }

    private float[] vector() {
      float[] vector = new float[DIMENSIONS];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return vector;
    }

    void change() {
      long item = random.nextInt(ITEMS);
      add(
          switch (random.nextInt(10)) {
            case 0 -> new Event.EntityDeleted(1, EntityKind.ITEM, item, null);
            case 1 -> VectorWorld.written(EntityKind.ITEM, 1, item, new float[0], 1);
            default -> VectorWorld.written(EntityKind.ITEM, 1, item, vector(), 1);
          });
    }

    void fill() {
      for (long item = 0; item < ITEMS; item++) {
        add(VectorWorld.written(EntityKind.ITEM, 1, item, vector(), 1));
      }
    }

    private long id(int slot) {
      return world.slots.id(EntityKind.ITEM, slot);
    }

    /// Asks for a random set, and for what is known to be nearest.
    Way check() {
      var search = world.view.search(EntityKind.ITEM, "content");
      var allowed = new RoaringBitmap();
      int part = random.nextInt(1, 5);
      for (int slot = 0; slot < world.slots.count(EntityKind.ITEM); slot++) {
        if (random.nextInt(4) < part) {
          allowed.add(slot);
        }
      }
      int k = random.nextInt(1, 20);
      float[] query = vector();
      var found = search.nearest(query, new Wanted(allowed, k, false, this::id));
      var exact = search.nearest(query, new Wanted(allowed, k, true, this::id));
      assertThat(found.count()).isEqualTo(exact.count());
      var target = search.vectors().target(query);
      for (int i = 0; i < found.count(); i++) {
        assertThat(allowed.contains(found.slots()[i])).isTrue();
        assertThat(found.similarities()[i])
            .isEqualTo(search.vectors().similarity(target, found.slots()[i]));
        assertThat(i > 0 && found.similarities()[i] > found.similarities()[i - 1]).isFalse();
      }
      lastIsFound(search);
      return found.plan().way();
    }

    private void lastIsFound(VectorSearch search) {
      long item = random.nextInt(ITEMS);
      int slot = VectorWorld.item(world.slots, item);
      float[] vector = slot < 0 ? null : search.vectors().vector(slot);
      if (vector != null) {
        var all = search.vectors().present();
        var nearest = search.nearest(vector, new Wanted(all, 1, false, this::id));
        assertThat(nearest.similarities()[0]).isGreaterThan(1 - 1e-6);
      }
    }
  }

  @Test
  void asManyHitsAsThereAreAndEachAsNearAsSaid() {
    var ways = EnumSet.noneOf(Way.class);
    Property.forAll(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE))
        .tries(30)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var one = new Case(random, Optional.empty());
              for (int i = random.nextInt(400); i > 0; i--) {
                one.change();
                if (random.nextInt(30) == 0) {
                  one.graph.catchUp();
                }
                if (random.nextInt(10) == 0) {
                  ways.add(one.check());
                }
              }
              one.graph.close();
              assertThat(one.check()).isEqualTo(Way.EXACT);
            });
    assertThat(ways).containsExactly(Way.values());
  }

  @Test
  void aKeptGraphGoesOnWhereItWas() {
    Property.forAll(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE))
        .tries(10)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var home = Optional.of(folder.resolve("graph" + folders++));
              var one = new Case(random, home);
              one.fill();
              one.graph.catchUp();
              for (int run = 0; run < 3; run++) {
                for (int i = random.nextInt(60); i > 0; i--) {
                  one.change();
                }
                if (random.nextBoolean()) {
                  one.graph.catchUp();
                }
                if (random.nextInt(3) == 0) {
                  one.graph.abandon();
                } else {
                  one.graph.close();
                }
                reopen(one, home);
                for (int i = random.nextInt(10); i > 0; i--) {
                  one.change();
                  one.check();
                }
                one.graph.catchUp();
                one.check();
                assertThat(whole(one).plan().way()).isEqualTo(Way.GRAPH);
              }
              one.graph.close();
            });
  }

  /// Asks for anything.
  private static Nearest whole(Case one) {
    var search = one.world.view.search(EntityKind.ITEM, "content");
    return search.nearest(one.vector(), new Wanted(search.vectors().present(), 5, false, one::id));
  }

  /// From pages of this moment.
  private static void reopen(Case one, Optional<Path> home) {
    var pages = new TreeMap<PageKey, byte[]>();
    var slotPages = new TreeMap<PageKey, byte[]>();
    StateText.save(one.world.view, true, pages);
    StateText.save(one.world.slots, true, slotPages);
    one.world = new VectorWorld(DIMENSIONS);
    slotPages.forEach(one.world.slots::load);
    one.world.slots.loaded(one.log.size());
    pages.forEach(one.world.view::load);
    one.world.view.loaded(one.log.size());
    one.follow(home, "store");
  }

  @Test
  void aGraphOfAnotherPastOrStoreIsThrownAway() {
    var home = Optional.of(folder.resolve("other"));
    var one = new Case(new SplittableRandom(1), home);
    one.fill();
    one.graph.catchUp();
    one.graph.close();
    // Fewer positions, or the same ones of another store: nothing of the graph may be believed.
    for (var store : List.of("store", "another")) {
      var two = new Case(new SplittableRandom(2), Optional.empty());
      two.follow(home, store);
      for (int i = 0; i < (store.equals("store") ? 100 : 400); i++) {
        two.add(VectorWorld.written(EntityKind.ITEM, 1, i % ITEMS, two.vector(), 1));
      }
      two.graph.catchUp();
      for (int i = 0; i < 20; i++) {
        two.check();
        assertThat(whole(two).plan().way()).isEqualTo(Way.GRAPH);
      }
      two.graph.close();
    }
  }

  @Test
  void aDamagedGraphIsBuiltAnew() throws IOException {
    var home = folder.resolve("damaged");
    var one = new Case(new SplittableRandom(3), Optional.of(home));
    one.fill();
    one.graph.catchUp();
    one.graph.close();
    try (var files = Files.list(home)) {
      for (var file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        for (int i = 0; i < content.length; i += 3) {
          content[i] ^= 0x55;
        }
        Files.write(file, content);
      }
    }
    reopen(one, Optional.of(home));
    for (int i = 0; i < 4; i++) {
      one.graph.catchUp();
    }
    one.check();
    assertThat(whole(one).plan().way()).isEqualTo(Way.GRAPH);
    one.graph.close();
  }
}
