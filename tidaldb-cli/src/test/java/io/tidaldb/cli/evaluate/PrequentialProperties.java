package io.tidaldb.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.cli.load.Progress;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// The protocol and its baselines equal a recomputation from the list of everything before each
/// event.
class PrequentialProperties {

  private static final long SEED = Long.getLong("tidal.seed", 20_261);
  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final double HALF_LIFE_NANOS = 365.0 * DAY_NANOS;
  private static final Schema SCHEMA = schema();

  private static Schema schema() {
    var builder = new SchemaBuilder();
    for (var name : List.of("like", "view")) {
      builder
          .signal(name, io.tidaldb.schema.EntityKind.ITEM, Decay.permanent())
          .windows(Window.ONE_HOUR, Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
          .velocity(true)
          .add();
    }
    return builder.build();
  }

  private static Replay random(SplittableRandom random) {
    var writes = new ArrayList<Write>();
    int items = 3 + random.nextInt(25);
    for (int i = 0; i < 20 + random.nextInt(200); i++) {
      var user = EntityId.of(random.nextInt(6) - 3L);
      var signal =
          Signal.by(user).at(Timestamp.ofNanos((1L + random.nextInt(60)) * 40 * DAY_NANOS));
      writes.add(
          Write.signal(
              random.nextInt(4) == 0 ? "view" : "like",
              EntityId.of(random.nextInt(items)),
              signal));
    }
    return Replay.of(SCHEMA, writes, 0);
  }

  /// What happened before one event, looked at from every side anew.
  private record Before(List<Replay.Event> events, Replay.Event now) {

    Set<EntityId> items() {
      var seen = new LinkedHashSet<EntityId>();
      events.forEach(event -> seen.add(event.item()));
      return seen;
    }

    Set<EntityId> touched(EntityId user) {
      var found = new HashSet<EntityId>();
      events.stream().filter(e -> e.user().equals(user)).forEach(e -> found.add(e.item()));
      return found;
    }

    /// The likes that count, by user: of items that the user had not touched.
    Map<EntityId, List<Replay.Event>> likes() {
      Map<EntityId, List<Replay.Event>> likes = new LinkedHashMap<>();
      var touched = new HashSet<List<EntityId>>();
      for (var event : events) {
        if (touched.add(List.of(event.user(), event.item())) && event.positive()) {
          likes.computeIfAbsent(event.user(), _ -> new ArrayList<>()).add(event);
        }
      }
      return likes;
    }

    double likesOf(EntityId item, boolean decayed) {
      return likes().values().stream()
          .flatMap(List::stream)
          .filter(like -> like.item().equals(item))
          .mapToDouble(
              like -> decayed ? Math.pow(2, (like.nanos() - now.nanos()) / HALF_LIFE_NANOS) : 1)
          .sum();
    }

    double knn(EntityId item) {
      var likes = likes();
      var mine = likes.getOrDefault(now.user(), List.of()).reversed();
      double sum = 0;
      for (var like : mine.subList(0, Math.min(50, mine.size()))) {
        double both =
            likes.values().stream()
                .filter(all -> all.stream().anyMatch(l -> l.item().equals(item)))
                .filter(all -> all.stream().anyMatch(l -> l.item().equals(like.item())))
                .count();
        sum += both / Math.sqrt((likesOf(item, false) + 20) * (likesOf(like.item(), false) + 20));
      }
      return sum;
    }

    double gain(ToDoubleFunction<EntityId> score) {
      var touched = touched(now.user());
      var order = new ArrayList<>(items());
      order.removeAll(touched);
      // Sorting is stable: ties stay in the order of first appearance.
      Map<EntityId, Double> scores = new LinkedHashMap<>();
      order.forEach(item -> scores.put(item, Math.rint(score.applyAsDouble(item) * 1e12)));
      order.sort(Comparator.comparingDouble((EntityId item) -> -scores.get(item)));
      int rank = order.indexOf(now.item()) + 1;
      return rank >= 1 && rank <= 10 ? Math.log(2) / Math.log(rank + 1) : 0;
    }
  }

  @Test
  void theBaselinesEqualARecountOfEverythingBeforeEachEvent() {
    for (int round = 0; round < 12; round++) {
      long seed = SEED + round;
      var replay = random(new SplittableRandom(seed));
      var events = replay.events();
      double[] gains = new double[3];
      int evaluated = 0;
      for (int i = (int) (events.size() * 0.3); i < events.size(); i++) {
        var before = new Before(events.subList(0, i), events.get(i));
        var now = before.now();
        if (now.positive()
            && !before.touched(now.user()).contains(now.item())
            && before.likes().getOrDefault(now.user(), List.of()).size() >= 5) {
          evaluated++;
          gains[0] += before.gain(item -> before.likesOf(item, false));
          gains[1] += before.gain(item -> before.likesOf(item, true));
          gains[2] += before.gain(before::knn);
        }
      }
      var scores = Prequential.baselines(replay, new Prequential.Span(0.3, 1));
      for (int b = 0; b < gains.length; b++) {
        var score = scores.get(b);
        assertThat(score.events()).as("seed %d", seed).isEqualTo(evaluated);
        assertThat(score.ndcg() * evaluated)
            .as("%s, seed %d", score.name(), seed)
            .isCloseTo(gains[b], within(1e-9));
      }
    }
  }

  @Test
  void aDatabaseAnswersFromWhatWasBeforeTheEventAlone() {
    // Everybody likes 1 … 6 in this order; the last user's sixth like is foreseen because it is
    // the only item left, and nothing else is evaluated.
    var writes = new ArrayList<Write>();
    for (int user = 1; user <= 2; user++) {
      for (int item = 1; item <= 6; item++) {
        var at = Timestamp.ofNanos((user * 10L + item) * DAY_NANOS);
        writes.add(Write.signal("like", EntityId.of(item), Signal.by(EntityId.of(user)).at(at)));
      }
    }
    var replay = Replay.of(SCHEMA, writes, 0);
    var scores =
        Prequential.compare(
            replay, new Prequential.Span(0, 1), List.of("for_you", "new@1"), Progress.NONE);
    assertThat(scores)
        .extracting(Score::name)
        .containsExactly("popularity", "popularity, 365 d", "item-kNN", "for_you", "new@1");
    for (var score : scores) {
      // User 1's sixth like had never appeared: nobody could name it. User 2's was all there was.
      assertThat(score.events()).as(score.name()).isEqualTo(2);
      assertThat(score.hitRate()).as(score.name()).isEqualTo(0.5);
      assertThat(score.ndcg()).as(score.name()).isEqualTo(0.5);
      assertThat(score.coverage()).as(score.name()).isCloseTo(1.0 / 6, within(1e-12));
      assertThat(score.novelty())
          .as(score.name())
          .isCloseTo(Math.log(1.5) / Math.log(2), within(1e-12));
    }
  }

  @Test
  void whatCannotBeEvaluatedIsRefused() {
    Assertions.assertThatThrownBy(() -> new Prequential.Span(0.5, 0.5))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("from=0.5 to=0.5");
    var replay = random(new SplittableRandom(SEED));
    Assertions.assertThatThrownBy(
            () ->
                Prequential.compare(
                    replay, Prequential.Span.LAST_FIFTH, List.of("nope"), Progress.NONE))
        .hasMessageContaining("nope");
  }
}
