package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.load.Loaded;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ModelDb;
import io.tidaldb.testing.ModelRanking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real engagement logs through the importer: every number and order that the database then gives
/// equals a plain recount of the files.
final class RealDataTest {

  private static final int LIMIT = 1_000;

  @TempDir private Path root;

  private static void assumeThere(RealData data) {
    assumeTrue(
        data.directory().isPresent(),
        () ->
            "skipped: no data in "
                + System.getProperty("tidal.shared")
                + " for "
                + data
                + "; say where they are with -Dtidal.shared=DIR");
  }

  /// The naive fold of the files up to a moment.
  private static ModelDb model(TidalDb db, RealData data, @Nullable Timestamp until) {
    var model = new ModelDb(db.schema());
    long received = Timestamp.of(ImportRun.NOW).nanos();
    for (var item : data.items()) {
      model.apply(item, received);
    }
    if (until != null) {
      var later =
          model.entities(EntityKind.ITEM).entrySet().stream()
              .filter(entry -> entry.getValue().created() > until.nanos())
              .map(Map.Entry::getKey)
              .toList();
      later.forEach(id -> model.apply(Write.delete(EntityKind.ITEM, id, Optional.empty()), 0));
    }
    for (var signal : data.signals()) {
      if (until == null || signal.signal().at().orElseThrow().compareTo(until) <= 0) {
        model.apply(signal, received);
      }
    }
    return model;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsImportedEqualsARecountOfTheFiles(RealData data) {
    assumeThere(data);
    try (var db = ImportRun.open(root.resolve("db"), data)) {
      var loaded = ImportRun.run(db, data, 2_000, null);
      assertThat(loaded).allMatch(source -> source.rejected() == 0 && source.later() == 0);
      assertThat(db.entityCount(EntityKind.ITEM)).isEqualTo(data.items().size());
      assertThat(signals(loaded)).isEqualTo(data.signals().size());
      totals(db, data);
      var model = model(db, data, null);
      items(db, model);
      scores(db, model);
      orders(db, model, db.newestEventTime().orElseThrow());
      var digest = db.stateDigest();
      var again = ImportRun.run(db, data, 777, null);
      assertThat(again).allMatch(source -> source.written() == 0);
      assertThat(again.stream().mapToLong(Loaded::duplicates).sum())
          .isEqualTo(loaded.stream().mapToLong(Loaded::written).sum());
      assertThat(db.stateDigest()).as("importing twice changes nothing").isEqualTo(digest);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  private static long signals(List<Loaded> loaded) {
    return loaded.stream()
        .filter(source -> source.target().equals("signals"))
        .mapToLong(Loaded::written)
        .sum();
  }

  /// Events of each item and signal, counted straight from the file's rows.
  private static void totals(TidalDb db, RealData data) {
    Map<EntityId, Map<String, Long>> totals = new HashMap<>();
    data.signals()
        .forEach(
            signal ->
                totals
                    .computeIfAbsent(signal.entity(), absent -> new HashMap<>())
                    .merge(signal.name(), 1L, Long::sum));
    for (var item : data.items()) {
      var id = ((Write.EntityWrite) item).id();
      for (var type : db.schema().signals()) {
        assertThat(db.readWindowedCount(id, type.name(), Window.ALL_TIME))
            .as("%s of %s", type.name(), id)
            .isEqualTo(totals.getOrDefault(id, Map.of()).getOrDefault(type.name(), 0L));
      }
    }
  }

  private static void items(TidalDb db, ModelDb model) {
    model
        .entities(EntityKind.ITEM)
        .forEach(
            (id, life) -> {
              var item = db.readItem(id).orElseThrow();
              assertThat(item.created().nanos()).as("created, %s", id).isEqualTo(life.created());
              life.metadata()
                  .values()
                  .forEach(
                      (key, value) ->
                          assertThat(item.metadata().value(key))
                              .as("%s of %s", key, id)
                              .contains(value));
            });
  }

  /// Decayed scores at three instants and every window at the first.
  private static void scores(TidalDb db, ModelDb model) {
    var end = db.newestEventTime().orElseThrow();
    for (var later : List.of(Duration.ZERO, Duration.ofHours(100), Duration.ofDays(400))) {
      long at = end.nanos() + later.toNanos();
      for (var id : model.entities(EntityKind.ITEM).keySet()) {
        for (var type : db.schema().signals()) {
          double actual = db.readDecayScore(id, type.name(), Timestamp.ofNanos(at));
          double exact = model.decayScore(id, type.name(), at);
          var error =
              type.decay() instanceof Decay.Linear
                  ? model.weightSum(id, type.name()) / 512
                  : exact * 1e-9;
          assertThat(actual)
              .as("%s of %s after %s", type.name(), id, later)
              .isCloseTo(exact, within(error));
        }
      }
    }
    for (var id : model.entities(EntityKind.ITEM).keySet()) {
      for (var type : db.schema().signals()) {
        var reading = db.readSignal(id, type.name(), end);
        for (var window : type.windows()) {
          assertThat(reading.counts().get(window))
              .as("%s of %s in %s", type.name(), id, window)
              .isEqualTo(model.count(id, type.name(), window, end.nanos()));
        }
      }
    }
  }

  private static void orders(TidalDb db, ModelDb model, Timestamp at) {
    for (var sort :
        List.of(
            Sort.MOST_LIKED,
            Sort.TRENDING,
            Sort.HOT,
            Sort.NEW,
            Sort.CONTROVERSIAL,
            Sort.RISING,
            Sort.TOP_MONTH,
            Sort.TOP_ALL_TIME,
            Sort.HIDDEN_GEMS,
            Sort.ALPHABETICAL_ASC)) {
      order(db, model, at, Retrieve.items().sortBy(sort));
    }
    for (var window : List.of(Window.SEVEN_DAYS, Window.THIRTY_DAYS)) {
      order(db, model, at, Retrieve.items().sortBy(Sort.TRENDING).window(window));
      order(db, model, at, Retrieve.items().sortBy(Sort.MOST_LIKED).window(window));
    }
  }

  /// Two pages joined: ids in the same order, scores to 1e-9.
  private static void order(TidalDb db, ModelDb model, Timestamp at, Retrieve request) {
    var expected = new ModelRanking(model, at.nanos()).order(request);
    var first = db.retrieve(request.at(at).limit(LIMIT));
    assertThat(first.stats().exact()).isTrue();
    assertThat(first.stats().universe()).isEqualTo(model.entities(EntityKind.ITEM).size());
    var hits = new ArrayList<>(first.hits());
    first
        .next()
        .ifPresent(
            cursor -> hits.addAll(db.retrieve(request.at(at).limit(LIMIT).after(cursor)).hits()));
    assertThat(hits).hasSize(Math.min(2 * LIMIT, expected.size()));
    for (int i = 0; i < hits.size(); i++) {
      assertThat(hits.get(i).rank()).isEqualTo(i + 1);
      assertThat(hits.get(i).score())
          .as("%s: score of place %d", request.sort(), i + 1)
          .isCloseTo(expected.get(i).score(), within(Math.abs(expected.get(i).score()) * 1e-9));
    }
    for (int i = 0; i < hits.size(); ) {
      int end = endOfGroup(expected, i);
      sameGroup(request, expected.subList(i, end), hits.subList(i, Math.min(end, hits.size())));
      i = end;
    }
  }

  /// Where scores that only rounding tells apart end.
  private static int endOfGroup(List<ModelRanking.Ranked> ranked, int from) {
    int end = from + 1;
    while (end < ranked.size()
        && Math.abs(ranked.get(end - 1).score() - ranked.get(end).score())
            <= 1e-13 * Math.abs(ranked.get(end).score())) {
      end++;
    }
    return end;
  }

  /// Equal scores stand in the order of the tie rule. Scores that differ in their last bits may
  /// stand in either order.
  private static void sameGroup(
      Retrieve request, List<ModelRanking.Ranked> expected, List<Hit> hits) {
    var ids = expected.stream().map(ModelRanking.Ranked::id).toList();
    var found = hits.stream().map(Hit::id).toList();
    boolean equalBits =
        expected.stream().mapToDouble(ModelRanking.Ranked::score).distinct().count() == 1;
    if (equalBits) {
      assertThat(found)
          .as("%s from %s", request.sort(), hits.getFirst())
          .isEqualTo(ids.subList(0, found.size()));
    } else {
      assertThat(ids).as("%s from %s", request.sort(), hits.getFirst()).containsAll(found);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEarlierDayIsWhatItWas(RealData data) {
    assumeThere(data);
    try (var db = ImportRun.open(root.resolve("db"), data)) {
      var loaded = ImportRun.run(db, data, 2_000, data.earlierEnd());
      assertThat(loaded).anyMatch(source -> source.later() > 0);
      var model = model(db, data, data.earlierEnd());
      assertThat(db.entityCount(EntityKind.ITEM)).isEqualTo(model.entities(EntityKind.ITEM).size());
      assertThat(db.newestEventTime().orElseThrow().nanos()).isEqualTo(model.newestTime());
      scores(db, model);
      orders(db, model, db.newestEventTime().orElseThrow());
      orders(db, model, data.earlierEnd());
      var _ = ImportRun.run(db, data, 2_000, null);
      var whole = model(db, data, null);
      assertThat(db.entityCount(EntityKind.ITEM)).isEqualTo(whole.entities(EntityKind.ITEM).size());
      orders(db, whole, db.newestEventTime().orElseThrow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anImportThatIsKilledAndResumedGivesTheSameState(RealData data) {
    assumeThere(data);
    String digest;
    long position;
    try (var db = ImportRun.open(root.resolve("whole"), data)) {
      var _ = ImportRun.run(db, data, 2_000, null);
      digest = db.stateDigest();
      position = db.position();
    }
    for (int third = 1; third <= 2; third++) {
      var directory = root.resolve("killed" + third);
      KilledImport.run(directory, data, position * third / 3);
      try (var db = ImportRun.open(directory, data)) {
        long before = db.position();
        assertThat(before).as("killed in the middle").isBetween(position / 10, position - 1);
        System.out.println(data + ": killed at position " + before + " of " + position);
        var _ = ImportRun.run(db, data, 2_000, null);
        assertThat(db.position()).as("killed at %d", before).isEqualTo(position);
        assertThat(db.stateDigest()).as("killed at %d", before).isEqualTo(digest);
        orders(db, model(db, data, null), db.newestEventTime().orElseThrow());
      }
      Directories.delete(directory);
    }
  }
}
