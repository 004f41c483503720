package io.tidaldb.cli.evaluate;

import java.util.Arrays;
import java.util.Optional;

/// What most users like; with a half-life, what most have liked lately.
final class Popularity implements Contender {

  private static final double DAY_NANOS = 86_400e9;

  private final Optional<Double> halfLifeDays;
  private double[] scores = new double[1_024];
  private long landmark;

  private Popularity(Optional<Double> halfLifeDays) {
    this.halfLifeDays = halfLifeDays;
  }

  static Popularity ofAllTime() {
    return new Popularity(Optional.empty());
  }

  static Popularity decayed(double halfLifeDays) {
    return new Popularity(Optional.of(halfLifeDays));
  }

  @Override
  public String name() {
    return halfLifeDays.map(days -> "popularity, %.0f d".formatted(days)).orElse("popularity");
  }

  @Override
  public int rank(Past past, Past.Person user, long nanos, int[] best) {
    return Best.of(scores, past.itemCount(), user.touched(), best);
  }

  @Override
  public void learn(Past past, Replay.Event event) {
    if (!past.isNewLike(event)) {
      return;
    }
    int known = past.number(event.item());
    int item = known < 0 ? past.itemCount() : known;
    if (item >= scores.length) {
      scores = Arrays.copyOf(scores, 2 * item);
    }
    scores[item] += halfLifeDays.map(days -> growth(event.nanos(), days)).orElse(1.0);
  }

  /// Grows instead of letting everything else shrink; starts anew before it is too great.
  private double growth(long nanos, double days) {
    if (landmark == 0) {
      landmark = nanos;
    }
    double halfLives = (nanos - landmark) / DAY_NANOS / days;
    if (halfLives > 500) {
      double shrunk = Math.pow(2, -halfLives);
      for (int i = 0; i < scores.length; i++) {
        scores[i] *= shrunk;
      }
      landmark = nanos;
      return 1;
    }
    return Math.pow(2, halfLives);
  }
}
