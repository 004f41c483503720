package io.tidaldb.entity;

import static io.tidaldb.entity.Fold.deleted;
import static io.tidaldb.entity.Fold.item;
import static io.tidaldb.entity.Fold.schema;
import static io.tidaldb.schema.EntityKind.ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.Schema;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StateText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class EntityIndexProperties {

  private static final Schema VIDEO = Schemas.video();
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();
  private static final List<String> CATEGORIES = List.of("sea", "Jazz", "jazz", "Ünder");

  /// Random writes, overwrites and deletions of ids that lie in two chunks of slots.
  private static List<Event> events(long seed, int count) {
    var random = new SplittableRandom(seed);
    List<Event> events = new ArrayList<>();
    events.add(schema(VIDEO));
    for (int i = 0; i < count; i++) {
      long id = random.nextInt(40) - 3L;
      int kind = random.nextInt(10);
      if (kind < 2) {
        events.add(deleted(id));
      } else if (kind < 4) {
        events.add(new Event.NumbersWritten(100 + i, ITEM, id, numbers(random), null));
      } else if (kind < 5) {
        events.add(merged(100 + i, id, model(events).get(id), random));
      } else {
        events.add(item(VIDEO, 100 + i, id, metadata(random)));
      }
    }
    return events;
  }

  private static MetadataChanges numbers(SplittableRandom random) {
    Map<String, Object> given = new HashMap<>();
    maybe(random, given, "price", (double) random.nextInt(5));
    maybe(random, given, "live_viewer_count", random.nextInt(5));
    maybe(random, given, "created_at", String.valueOf(random.nextInt(300)));
    maybe(random, given, "subtitled", random.nextBoolean());
    maybe(random, given, "episode", Metadata.REMOVE);
    maybe(random, given, "duration", Metadata.REMOVE);
    return MetadataChanges.parse(VIDEO, ITEM, EntityId.of(1), given);
  }

  /// What the writer makes of an update that touches no number.
  private static Event merged(long time, long id, Written before, SplittableRandom random) {
    var changes =
        MetadataChanges.parse(
            VIDEO,
            ITEM,
            EntityId.of(id),
            Map.of("category", CATEGORIES.get(random.nextInt(4)), "tags", Metadata.REMOVE));
    return before == null
        ? item(VIDEO, time, id, Map.of())
        : new Event.EntityWritten(time, ITEM, id, changes.applied(before.metadata()), true, null);
  }

  private static Map<String, Object> metadata(SplittableRandom random) {
    Map<String, Object> values = new HashMap<>();
    maybe(random, values, "category", CATEGORIES.get(random.nextInt(4)));
    maybe(random, values, "tags", CATEGORIES.subList(random.nextInt(4), 4));
    maybe(random, values, "price", (double) random.nextInt(5));
    maybe(random, values, "episode", random.nextInt(5));
    maybe(random, values, "live_viewer_count", random.nextInt(5));
    maybe(random, values, "duration", String.valueOf(random.nextInt(5)));
    maybe(random, values, "created_at", String.valueOf(random.nextInt(300)));
    maybe(random, values, "subtitled", random.nextBoolean());
    maybe(random, values, "creator_id", (long) random.nextInt(3) - 1);
    maybe(random, values, "title", CATEGORIES.get(random.nextInt(4)));
    return values;
  }

  private static void maybe(
      SplittableRandom random, Map<String, Object> values, String key, Object value) {
    if (random.nextBoolean()) {
      values.put(key, value);
    }
  }

  /// The plain thing: what was written last, and when first; when the counter was.
  private record Written(long firstTime, Metadata metadata, long counted) {

    /// What a query sees of a field at a time: the counter only while it is fresh.
    Metadata seen(long at) {
      var seen = new HashMap<>(metadata.values());
      if (at - counted > FRESH_NANOS) {
        seen.remove("live_viewer_count");
      }
      return Metadata.of(seen);
    }
  }

  private static Map<Long, Written> model(List<Event> events) {
    Map<Long, Written> model = new TreeMap<>();
    for (var event : events) {
      switch (event) {
        case Event.EntityWritten written -> {
          var before = model.get(written.id());
          long first = before == null ? written.time() : before.firstTime();
          long counted = before != null && written.merged() ? before.counted() : written.time();
          model.put(written.id(), new Written(first, written.metadata(), counted));
        }
        case Event.NumbersWritten written ->
            model.computeIfPresent(
                written.id(),
                (id, before) ->
                    new Written(
                        before.firstTime(),
                        written.changes().applied(before.metadata()),
                        written.changes().numeric().contains("live_viewer_count")
                            ? written.time()
                            : before.counted()));
        case Event.EntityDeleted gone -> model.remove(gone.id());
        case Event.Blank _,
            Event.UserErased _,
            RelationEvent _,
            CohortEvent _,
            CollectionEvent _,
            SessionEvent _,
            VectorEvent _,
            Event.SignalRecorded _,
            Event.ProfileSaved _,
            Event.ProfileDropped _,
            RankingEvent _,
            Event.SchemaChanged _ -> {}
      }
    }
    return model;
  }

  private static void agree(Fold fold, Map<Long, Written> model) {
    var reader = fold.items();
    check(fold, model, reader.live(), w -> true);
    assertThat(reader.liveCount()).isEqualTo(model.size());
    for (var value : List.of("sea", "JAZZ", "ünder", "absent")) {
      Predicate<String> same = given -> TitleKey.keyword(given).equals(TitleKey.keyword(value));
      check(
          fold,
          model,
          reader.keyword("category", value),
          w -> w.metadata().keywords("category").stream().anyMatch(same));
      check(
          fold,
          model,
          reader.keyword("tags", value),
          w -> w.metadata().keywords("tags").stream().anyMatch(same));
    }
    for (var field :
        List.of("category", "tags", "price", "subtitled", "creator_id", "created_at")) {
      check(fold, model, reader.present(field), w -> w.metadata().value(field).isPresent());
    }
    agreeOnNumbers(fold, model);
    agreeOnTheCounter(fold, model);
    agreeOnTheRest(fold, model);
    assertThat(fold.index.verify()).isEmpty();
  }

  private static void agreeOnNumbers(Fold fold, Map<Long, Written> model) {
    var reader = fold.items();
    for (var field : List.of("price", "episode", "duration")) {
      check(fold, model, reader.numbers(field, 1, true, 3, true), between(field, 1, 3));
      check(fold, model, reader.numbers(field, 1, false, 3, false), between(field, 1.5, 2.5));
      check(
          fold,
          model,
          reader.numbers(field, Double.NEGATIVE_INFINITY, false, 2, true),
          between(field, -1e300, 2));
    }
  }

  private static void agreeOnTheCounter(Fold fold, Map<Long, Written> model) {
    var name = "live_viewer_count";
    // Events are 1 ns apart, so some value turns stale between any two of these.
    for (long at = FRESH_NANOS + 100; at < FRESH_NANOS + 320; at += 20) {
      long moment = at;
      var reader = fold.items(at);
      var counted = reader.present(name);
      check(fold, model, counted, w -> w.seen(moment).value(name).isPresent());
      check(
          fold,
          model,
          reader.numbers(name, 1, true, 3, true),
          w -> w.seen(moment).number(name).stream().anyMatch(n -> n >= 1 && n <= 3));
      model.forEach(
          (id, written) -> {
            double[] count = new double[1];
            reader.numbers(name, new int[] {fold.slot(id)}, 1, count);
            assertThat(Double.valueOf(count[0]))
                .isEqualTo(Double.valueOf(written.seen(moment).number(name).orElse(Double.NaN)));
          });
    }
  }

  private static void agreeOnTheRest(Fold fold, Map<Long, Written> model) {
    var reader = fold.items();
    check(
        fold, model, reader.times("created", 100, 200), w -> created(w) >= 100 && created(w) < 200);
    check(
        fold,
        model,
        reader.times("created_at", 100, 200),
        w ->
            w.metadata()
                .time("created_at")
                .filter(t -> t.nanos() >= 100 && t.nanos() < 200)
                .isPresent());
    for (var flag : List.of(true, false)) {
      check(
          fold,
          model,
          reader.booleans("subtitled", flag),
          w -> w.metadata().flag("subtitled").equals(Optional.of(flag)));
    }
    check(
        fold,
        model,
        reader.references("creator_id", -1),
        w -> w.metadata().id("creator_id").equals(Optional.of(EntityId.of(-1))));
    agreeOnTheNewest(fold, model, 100 + model.size() * 7L % 200);
    agreeOnTheNewest(fold, model, Long.MAX_VALUE);
    model.forEach(
        (id, written) -> {
          int slot = fold.slot(id);
          assertThat(reader.created(slot)).isEqualTo(created(written));
          double[] price = new double[1];
          reader.numbers("price", new int[] {slot}, 1, price);
          var expected = written.metadata().number("price").stream().boxed().toList();
          assertThat(Double.isNaN(price[0]) ? List.of() : List.of(price[0])).isEqualTo(expected);
          assertThat(reader.title(slot)).isEqualTo(written.metadata().text("title").orElse(""));
        });
  }

  private static void agreeOnTheNewest(Fold fold, Map<Long, Written> model, long notAfter) {
    var walk = fold.items().newest(notAfter);
    List<Integer> walked = new ArrayList<>();
    int[] slots = new int[7];
    for (int count = walk.next(slots); count > 0; count = walk.next(slots)) {
      Arrays.stream(slots, 0, count).forEach(walked::add);
    }
    assertThat(walk.bound()).isEqualTo(Long.MIN_VALUE);
    assertThat(walk.isSteady()).isTrue();
    assertThat(walked)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(
            Comparator.comparingLong((Integer slot) -> -fold.items().created(slot)))
        .containsExactlyInAnyOrderElementsOf(
            model.entrySet().stream()
                .filter(e -> created(e.getValue()) <= notAfter)
                .map(e -> fold.slot(e.getKey()))
                .toList());
  }

  private static Predicate<Written> between(String field, double min, double max) {
    return w -> {
      var number = w.metadata().number(field);
      return number.isPresent() && number.getAsDouble() >= min && number.getAsDouble() <= max;
    };
  }

  private static long created(Written written) {
    return written.metadata().time("created_at").map(t -> t.nanos()).orElse(written.firstTime());
  }

  private static void check(
      Fold fold, Map<Long, Written> model, RoaringBitmap found, Predicate<Written> expected) {
    var slots = new RoaringBitmap();
    model.forEach(
        (id, written) -> {
          if (expected.test(written)) {
            slots.add(fold.slot(id));
          }
        });
    assertThat(found).isEqualTo(slots);
  }

  @Test
  void filtersAgreeWithAPlainModel() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .check(
            seed -> {
              var events = events(seed, 150);
              var fold = new Fold();
              events.forEach(fold::fold);
              agree(fold, model(events));
            });
  }

  @Test
  void aLoadedIndexGoesOnLikeOneThatWasNeverSaved() {
    Property.forAll(Generator.longs(0, Integer.MAX_VALUE))
        .tries(100)
        .check(
            seed -> {
              var random = new SplittableRandom(~seed);
              var events = events(seed, 200);
              int cut = random.nextInt(events.size());
              var whole = new Fold();
              SortedMap<PageKey, byte[]> saved = new TreeMap<>();
              List<Event> folded = new ArrayList<>();
              for (int i = 0; i < cut; i++) {
                whole.fold(events.get(i));
                folded.add(events.get(i));
                if (random.nextInt(20) == 0) {
                  folded.addAll(saveWhileWriting(whole, saved, random));
                }
              }
              StateText.save(whole.index, false, saved);

              var loaded = new EntityIndex(whole.slots);
              StateText.load(loaded, saved, whole.position);
              assertThat(loaded.loadedPosition()).isEqualTo(whole.position);
              assertThat(StateText.of(loaded)).isEqualTo(StateText.of(whole.index));
              sameBytes(loaded, saved);
              for (int i = cut; i < events.size(); i++) {
                var event = events.get(i);
                folded.add(event);
                whole.position++;
                whole.slots.apply(whole.position, event);
                whole.index.apply(whole.position, event);
                loaded.apply(whole.position, event);
                whole.rows.apply(whole.position, event);
                whole.slots.retire(event);
              }
              whole.publish();
              loaded.publish(whole.position);
              agree(whole, model(folded));
              assertThat(StateText.of(loaded)).isEqualTo(StateText.of(whole.index));
              assertThat(loaded.verify()).isEmpty();
              SortedMap<PageKey, byte[]> pages = new TreeMap<>();
              StateText.save(whole.index, true, pages);
              sameBytes(loaded, pages);
            });
  }

  /// Freezes, folds more, and only then reads the frozen pages: they must be of the moment of the
  /// freeze.
  private static List<Event> saveWhileWriting(
      Fold fold, SortedMap<PageKey, byte[]> saved, SplittableRandom random) {
    SortedMap<PageKey, byte[]> expected = new TreeMap<>();
    var copy = fold.index.freeze(true);
    StateText.take(copy, expected);
    copy.abandoned();
    var frozen = fold.index.freeze(false);
    long id = random.nextInt(40) - 3L;
    var more = List.of(item(VIDEO, 100, id, metadata(random)), deleted(id));
    more.forEach(fold::fold);
    SortedMap<PageKey, byte[]> taken = new TreeMap<>(saved);
    StateText.take(frozen, taken);
    assertThat(taken.keySet()).isEqualTo(expected.keySet());
    taken.forEach((key, content) -> assertThat(content).isEqualTo(expected.get(key)));
    if (random.nextBoolean()) {
      frozen.committed();
      saved.putAll(taken);
    } else {
      frozen.abandoned();
    }
    return more;
  }

  private static void sameBytes(EntityIndex index, SortedMap<PageKey, byte[]> expected) {
    SortedMap<PageKey, byte[]> again = new TreeMap<>();
    StateText.save(index, true, again);
    assertThat(again.keySet()).isEqualTo(expected.keySet());
    again.forEach(
        (key, content) ->
            assertThat(Arrays.equals(content, expected.get(key))).as("%s", key).isTrue());
  }

  /// Items 0 … 199 move between two categories, one frame each; the set of one category is of one
  /// frame, so its size is that of a moment between two moves.
  @Test
  void readersNeverSeeATornSet() throws InterruptedException {
    var fold = new Fold();
    int count = 200;
    for (long id = 0; id < count; id++) {
      fold.apply(item(VIDEO, 1, id, Map.of("category", "sea")));
    }
    fold.publish();
    var done = new AtomicBoolean();
    var failure = new AtomicReference<Throwable>();
    Thread[] readers = new Thread[2];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!done.get()) {
                        int size = fold.items().keyword("category", "sea").getCardinality();
                        assertThat(size % 50).isZero();
                        assertThat(fold.items().liveCount()).isEqualTo(count);
                      }
                    } catch (Throwable e) {
                      failure.set(e);
                    }
                  });
    }
    var random = new SplittableRandom(7);
    for (int frame = 0; frame < 300; frame++) {
      int group = random.nextInt(4);
      var category = random.nextBoolean() ? "sea" : "land";
      for (long id = group; id < count; id += 4) {
        fold.apply(item(VIDEO, 1, id, Map.of("category", category)));
      }
      fold.publish();
    }
    done.set(true);
    for (var reader : readers) {
      reader.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(fold.index.verify()).isEmpty();
    assertThat(fold.index.live(ITEM, 0)).isTrue();
  }
}
