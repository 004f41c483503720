package io.tidaldb.cli.evaluate;

import io.tidaldb.cli.load.Progress;
import io.tidaldb.schema.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/// A test of foresight: the log runs in the order of time, and everybody learns as it goes. At each
/// like of an item that is new to a user with enough likes before, every contender ranks the items
/// that have appeared and that the user has not touched, and only then takes the event in. The gain
/// is 1 / log2(rank + 1) where the liked item is among the first 10.
public final class Prequential {

  private static final int SHOWN = 10;
  private static final int LIKES_MIN = 5;
  private static final int PROGRESS_EVENTS = 256;
  private static final double POPULARITY_HALF_LIFE_DAYS = 365;

  private final Replay replay;
  private final Span span;
  private final List<Score.Tally> tallies = new ArrayList<>();
  private final Past past = new Past();

  /// Which part of the log is evaluated, as shares of its events; what comes before is only
  /// learned.
  public record Span(double from, double to) {

    /// The last fifth.
    public static final Span LAST_FIFTH = new Span(0.8, 1);

    public Span {
      if (!(from >= 0 && from < to && to <= 1)) {
        throw new InvalidRequestException(
            "SPAN_OUT_OF_RANGE",
            "part of the log out of range: from=" + from + " to=" + to + " allowed=0 … 1, rising");
      }
    }
  }

  private Prequential(Replay replay, Span span, List<Contender> contenders) {
    this.replay = replay;
    this.span = span;
    contenders.forEach(contender -> tallies.add(new Score.Tally(contender)));
  }

  /// Popularity, decayed popularity and item-kNN, without any database.
  public static List<Score> baselines(Replay replay, Span span) {
    return new Prequential(replay, span, baselines()).run(Progress.NONE);
  }

  /// The same, and profiles of a database that lives through the log.
  ///
  /// @param profiles their names, `name` or `name@version`
  public static List<Score> compare(
      Replay replay, Span span, List<String> profiles, Progress progress) {
    try (var database = Database.open(replay)) {
      var contenders = baselines();
      profiles.forEach(profile -> contenders.add(database.profile(profile)));
      contenders.add(database.learner());
      var scores = new Prequential(replay, span, contenders).run(progress);
      return scores.subList(0, scores.size() - 1);
    }
  }

  private static List<Contender> baselines() {
    var contenders = new ArrayList<Contender>();
    contenders.add(Popularity.ofAllTime());
    contenders.add(Popularity.decayed(POPULARITY_HALF_LIFE_DAYS));
    contenders.add(new ItemKnn());
    return contenders;
  }

  private List<Score> run(Progress progress) {
    var events = replay.events();
    int from = (int) (events.size() * span.from);
    int to = (int) (events.size() * span.to);
    progress.begin("replay", to);
    for (int i = 0; i < to; i++) {
      var event = events.get(i);
      if (i >= from && past.isNewLike(event)) {
        evaluate(event);
      }
      tallies.forEach(tally -> tally.contender().learn(past, event));
      past.apply(event);
      if (i % PROGRESS_EVENTS == 0) {
        progress.at(i);
      }
    }
    progress.end();
    return tallies.stream().map(tally -> tally.score(past.itemCount())).toList();
  }

  private void evaluate(Replay.Event event) {
    var person = past.person(event.user());
    if (person.likeCount() < LIKES_MIN) {
      return;
    }
    int liked = past.number(event.item());
    int[] best = new int[SHOWN];
    for (var tally : tallies) {
      long began = System.nanoTime();
      int count = tally.contender().rank(past, person, event.nanos(), best);
      tally.add(past, best, count, liked, System.nanoTime() - began);
    }
  }
}
