package io.tidaldb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.StateText;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/// Vectors and preferences under random logs, against a naive fold.
class VectorViewProperties {

  private static final double EXACT = 1e-12;

  private static void each(int tries, Consumer<SplittableRandom> statement) {
    Property.forAll(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE))
        .tries(tries)
        .check(seed -> statement.accept(new SplittableRandom(seed)));
  }

  @Test
  void vectorsAndPreferencesAreThoseOfTheNaiveFold() {
    each(
        300,
        random -> {
          var log = VectorWorld.log(random);
          var world = new VectorWorld();
          world.foldAll(log, 0);
          var naive = new NaiveVectors();
          naive.fold(log);
          compare(world, EntityKind.ITEM, VectorWorld.ITEMS, naive.items);
          compare(world, EntityKind.CREATOR, VectorWorld.CREATORS, naive.creators);
          compare(world, EntityKind.USER, VectorWorld.USERS, naive.preferences);
          for (long user = 0; user < VectorWorld.USERS; user++) {
            var preference = world.view.preference(user);
            assertThat(preference.isPresent()).isEqualTo(naive.preferences.containsKey(user));
            assertThat(world.view.countOf(user)).isEqualTo(preference.isPresent() ? 1 : 0);
            if (preference.isPresent()) {
              assertThat(preference.get().evidence()).isEqualTo(naive.evidence.get(user));
              assertThat(NaiveVectors.length(NaiveVectors.wide(preference.get().vector())))
                  .isCloseTo(1, within(1e-6));
            }
          }
          assertThat(world.view.verify()).isEmpty();
        });
  }

  private static void compare(
      VectorWorld world, EntityKind kind, int ids, Map<Long, float[]> expected) {
    var vectors = world.view.vectors(kind, "content");
    assertThat(vectors.count()).isEqualTo(expected.size());
    for (long id = 0; id < ids; id++) {
      assertThat(vectors.vector(world.slots.slot(kind, id))).isEqualTo(expected.get(id));
    }
  }

  @Test
  void theNearestOfASetAreThoseOfANaiveScan() {
    each(
        300,
        random -> {
          var log = VectorWorld.log(random);
          var world = new VectorWorld();
          world.foldAll(log, 0);
          var naive = new NaiveVectors();
          naive.fold(log);
          float[] query = VectorWorld.vector(random, VectorWorld.DIMENSIONS);
          query[0] = 1;
          var allowed = new RoaringBitmap();
          for (long id = 0; id < VectorWorld.ITEMS; id++) {
            int slot = world.slots.slot(EntityKind.ITEM, id);
            if (slot >= 0 && random.nextInt(3) > 0) {
              allowed.add(slot);
            }
          }
          int k = random.nextInt(1, 12);
          var vectors = world.view.vectors(EntityKind.ITEM, "content");
          var found =
              vectors.nearest(
                  vectors.target(query), allowed, k, slot -> world.slots.id(EntityKind.ITEM, slot));
          var expected =
              naive.items.entrySet().stream()
                  .filter(e -> allowed.contains(world.slots.slot(EntityKind.ITEM, e.getKey())))
                  .map(e -> NaiveVectors.cosine(query, e.getValue()))
                  .sorted((a, b) -> Double.compare(b, a))
                  .limit(k)
                  .toList();
          assertThat(found.count()).isEqualTo(expected.size());
          for (int i = 0; i < found.count(); i++) {
            assertThat(found.similarities()[i]).isCloseTo(expected.get(i), within(EXACT));
            if (i > 0 && found.similarities()[i] == found.similarities()[i - 1]) {
              assertThat(world.slots.id(EntityKind.ITEM, found.slots()[i]))
                  .isGreaterThan(world.slots.id(EntityKind.ITEM, found.slots()[i - 1]));
            }
          }
        });
  }

  /// Saved at any moment, however a checkpoint ended: the fold that goes on from the pages gives
  /// what a fold of the whole log gives, to the bit.
  @Test
  void savedPagesAndTheRestOfTheLogGiveTheSameBits() {
    each(
        200,
        random -> {
          var log = VectorWorld.log(random);
          var world = new VectorWorld();
          var pages = new TreeMap<PageKey, byte[]>();
          var slotPages = new TreeMap<PageKey, byte[]>();
          int saved = 0;
          for (int i = 0; i < log.size(); i++) {
            world.fold(i + 1, log.get(i));
            if (random.nextInt(4) == 0) {
              world.view.publish(i + 1);
            }
            if (random.nextInt(20) == 0) {
              world.view.publish(i + 1);
              var frozen = world.view.freeze(random.nextInt(4) == 0);
              if (random.nextInt(3) == 0) {
                frozen.abandoned();
                continue;
              }
              // Written only after more was folded.
              var later = log.subList(i + 1, Math.min(log.size(), i + 3));
              saved = i + 1;
              slotPages.clear();
              StateText.save(world.slots, true, slotPages);
              for (var event : later) {
                world.fold(++i + 1, event);
              }
              frozen.forEach((key, content) -> put(pages, key, content));
              frozen.committed();
            }
          }
          world.view.publish(log.size());
          resume(log, saved, pages, slotPages, StateText.of(world.view));
        });
  }

  private static void put(Map<PageKey, byte[]> pages, PageKey key, byte[] content) {
    if (content.length == 0) {
      pages.remove(key);
    } else {
      pages.put(key, content);
    }
  }

  private static void resume(
      List<Event> log,
      int saved,
      Map<PageKey, byte[]> pages,
      Map<PageKey, byte[]> slotPages,
      String expected) {
    var again = new VectorWorld();
    slotPages.forEach(again.slots::load);
    again.slots.loaded(saved);
    pages.forEach(again.view::load);
    again.view.loaded(saved);
    again.foldAll(log, saved);
    assertThat(StateText.of(again.view)).isEqualTo(expected);
    assertThat(again.view.verify()).isEmpty();
  }

  @Test
  void whatAReaderHoldsNeverChanges() {
    each(
        50,
        random -> {
          var log = VectorWorld.log(random);
          var world = new VectorWorld();
          int half = log.size() / 2;
          for (int i = 0; i < half; i++) {
            world.fold(i + 1, log.get(i));
          }
          world.view.publish(half);
          var held = world.view.vectors(EntityKind.ITEM, "content");
          if (held == null) {
            return;
          }
          var before = text(held);
          for (int i = half; i < log.size(); i++) {
            world.fold(i + 1, log.get(i));
          }
          assertThat(text(held)).isEqualTo(before);
          world.view.publish(log.size());
          assertThat(text(held)).isEqualTo(before);
        });
  }

  private static String text(Vectors vectors) {
    var text = new StringBuilder();
    for (int slot = 0; slot < 2 * VectorWorld.ITEMS; slot++) {
      text.append(Arrays.toString(vectors.vector(slot)));
    }
    return text.append(vectors.present()).append(vectors.count()).toString();
  }

  @Test
  void aPreferenceStaysAUnitVectorOverAMillionSignals() {
    var random = new SplittableRandom(7);
    var world = new VectorWorld();
    world.fold(1, VectorWorld.schema(false));
    for (int item = 0; item < VectorWorld.ITEMS; item++) {
      float[] vector = VectorWorld.vector(random, VectorWorld.DIMENSIONS);
      vector[item % VectorWorld.DIMENSIONS] += 3;
      world.fold(2 + item, VectorWorld.written(EntityKind.ITEM, 1, item, vector, 1));
    }
    for (int i = 0; i < 1_000_000; i++) {
      int type = random.nextInt(8);
      long item = random.nextInt(VectorWorld.ITEMS);
      world.fold(
          100 + i,
          new Event.SignalRecorded(
              1,
              type,
              EntityKind.ITEM,
              item,
              random.nextDouble(),
              Event.SignalRecorded.USER,
              1,
              0,
              0,
              null));
      if (i % 1_000 == 0) {
        world.view.publish(100 + i);
        var preference = world.view.preference(1);
        preference.ifPresent(
            p ->
                assertThat(NaiveVectors.length(NaiveVectors.wide(p.vector())))
                    .isCloseTo(1, within(1e-6)));
      }
    }
    assertThat(world.view.preference(1)).isPresent();
  }
}
