package io.tidaldb.cli.demo;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Made-up users who act: popular items get most, evenings more than nights, and now and then an
/// item bursts.
final class Crowd {

  /// Signals are spread over so many days.
  static final int DAYS = 30;

  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
  private static final int HOURS = DAYS * 24;
  private static final int USERS = 50_000;
  private static final int BURST_COUNT = 90;
  private static final double BURST_SHARE = 0.12;
  private static final int BURST_HOURS = 30;
  private static final int TRIES = 8;

  /// An item that everybody looks at for a while.
  private record Burst(int item, int hour) {}

  private final SplittableRandom random;
  private final List<Catalogue.Item> items;
  private final long endNanos;
  private final Zipf zipf;
  private final int[] byRank;
  private final List<Burst> bursts;
  private final Catalogue.Item oldest;

  /// @param endNanos the last moment of a signal
  Crowd(long seed, List<Catalogue.Item> items, long endNanos) {
    this.random = new SplittableRandom(seed + 1);
    this.items = items;
    this.endNanos = endNanos;
    this.zipf = new Zipf(items.size());
    this.oldest = Collections.min(items, Comparator.comparingLong(Catalogue.Item::createdNanos));
    this.byRank = shuffled(items.size());
    this.bursts =
        java.util.stream.IntStream.range(0, BURST_COUNT)
            .mapToObj(_ -> new Burst(random.nextInt(items.size()), random.nextInt(HOURS)))
            .toList();
  }

  /// Gives so many signals in the order of their time.
  void act(int signals, Consumer<Write> to) {
    var perHour = perHour(signals);
    for (var hour = 0; hour < HOURS; hour++) {
      var begin = endNanos - (HOURS - hour) * HOUR_NANOS;
      var times = random.longs(perHour[hour], begin, begin + HOUR_NANOS).toArray();
      Arrays.sort(times);
      var running = running(hour);
      for (var time : times) {
        to.accept(signal(time, running));
      }
    }
  }

  private Write signal(long nanos, List<Burst> running) {
    var item = item(nanos, running);
    var signal = Signal.by(EntityId.of(1 + random.nextInt(USERS))).at(Timestamp.ofNanos(nanos));
    var dice = random.nextDouble();
    if (dice < 0.76) {
      return Write.signal("view", item.id(), signal);
    }
    if (dice < 0.86) {
      return Write.signal("completion", item.id(), signal.weight(0.2 + 0.8 * random.nextDouble()));
    }
    return Write.signal(
        dice < 0.94 ? "like" : dice < 0.97 ? "share" : dice < 0.985 ? "comment" : "dislike",
        item.id(),
        signal);
  }

  private Catalogue.Item item(long nanos, List<Burst> running) {
    for (var tries = 0; tries < TRIES; tries++) {
      var bursting = !running.isEmpty() && random.nextDouble() < BURST_SHARE;
      var place =
          bursting ? running.get(random.nextInt(running.size())).item : byRank[zipf.draw(random)];
      var item = items.get(place);
      if (item.createdNanos() <= nanos) {
        return item;
      }
    }
    return oldest;
  }

  private List<Burst> running(int hour) {
    return bursts.stream()
        .filter(burst -> burst.hour <= hour && hour < burst.hour + BURST_HOURS)
        .toList();
  }

  /// Shares of the hours: evenings have most, nights least, and the platform grows.
  private int[] perHour(int signals) {
    var shares = new double[HOURS];
    for (var hour = 0; hour < HOURS; hour++) {
      var rhythm = 1.1 + Math.sin((hour % 24 - 14) * Math.PI / 12);
      shares[hour] = rhythm * (1 + 0.5 * hour / HOURS) * (0.8 + 0.4 * random.nextDouble());
    }
    var total = Arrays.stream(shares).sum();
    var counts = new int[HOURS];
    for (var hour = 0; hour < HOURS; hour++) {
      counts[hour] = (int) (signals * shares[hour] / total);
    }
    counts[HOURS - 1] += signals - Arrays.stream(counts).sum();
    return counts;
  }

  private int[] shuffled(int size) {
    var order = new int[size];
    for (var place = 0; place < size; place++) {
      var other = random.nextInt(place + 1);
      order[place] = order[other];
      order[other] = place;
    }
    return order;
  }
}
