package io.tidaldb.query;

import io.tidaldb.ledger.PulseWalk;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.Window;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Signals of a [FakeWorld], looked up one by one.
final class FakeSignals implements SignalReader {

  static final int REACH = 900;

  private final FakeWorld world;
  private final long at;

  FakeSignals(FakeWorld world, long at) {
    this.world = world;
    this.at = at;
  }

  private String name(int type) {
    return type == REACH
        ? "reach"
        : world.schema.signals().stream()
            .filter(t -> t.id().value() == type)
            .findFirst()
            .orElseThrow()
            .name();
  }

  @Override
  public long at() {
    return at;
  }

  @Override
  public int reach() {
    return world.schema.signal(io.tidaldb.schema.Meaning.VIEW).isPresent() ? REACH : -1;
  }

  @Override
  public void decayScores(int type, int[] slots, int count, double[] out) {
    var name = name(type);
    for (int i = 0; i < count; i++) {
      out[i] = world.items.get(slots[i]).decayed(name);
    }
  }

  @Override
  public void addWeighted(int type, double coefficient, int[] slots, int count, double[] inOut) {
    for (int i = 0; i < count; i++) {
      inOut[i] += coefficient * decayScore(type, slots[i]);
    }
  }

  @Override
  public void windowedCounts(int type, Window window, int[] slots, int count, long[] out) {
    var name = name(type);
    for (int i = 0; i < count; i++) {
      out[i] = world.items.get(slots[i]).count(name, window);
    }
  }

  @Override
  public void velocities(int type, Window window, int[] slots, int count, double[] out) {
    var name = name(type);
    for (int i = 0; i < count; i++) {
      out[i] = world.items.get(slots[i]).velocity(name, window);
    }
  }

  @Override
  public void weightSums(int type, int[] slots, int count, double[] out) {
    var name = name(type);
    for (int i = 0; i < count; i++) {
      out[i] = world.items.get(slots[i]).weightSum(name);
    }
  }

  @Override
  public double decayScore(int type, int slot) {
    return world.items.get(slot).decayed(name(type));
  }

  @Override
  public long windowedCount(int type, Window window, int slot) {
    return world.items.get(slot).count(name(type), window);
  }

  @Override
  public double totalDecayScore(int type) {
    var name = name(type);
    return world.items.stream().mapToDouble(i -> i.decayed(name)).sum();
  }

  @Override
  public long totalCount(int type, Window window) {
    var name = name(type);
    return world.items.stream().mapToLong(i -> i.count(name, window)).sum();
  }

  @Override
  public double totalWeightSum(int type) {
    var name = name(type);
    return world.items.stream().mapToDouble(i -> i.weightSum(name)).sum();
  }

  @Override
  public int hottest(int type, int k, int[] slots, double[] scores) {
    if (!world.hottestAllowed) {
      return 0;
    }
    var name = name(type);
    var best =
        world.items.stream()
            .filter(i -> i.decayed(name) > 0)
            .sorted(
                Comparator.comparingDouble((FakeItem i) -> -i.decayed(name))
                    .thenComparing((a, b) -> Long.compareUnsigned(a.id, b.id)))
            .limit(k)
            .toList();
    for (int i = 0; i < best.size(); i++) {
      slots[i] = best.get(i).slot;
      scores[i] = best.get(i).decayed(name);
    }
    return best.size();
  }

  /// Beats that are too high by something; steps of any size.
  @Override
  public @Nullable PulseWalk pulse(int type, Window window) {
    var name = name(type);
    var random = new SplittableRandom(world.items.size() + 31L * type);
    if (window.compareTo(Window.TWENTY_FOUR_HOURS) > 0 || random.nextInt(10) == 0) {
      return null;
    }
    long[] beats =
        world.items.stream()
            .mapToLong(i -> i.count(name, window))
            .map(count -> count + random.nextLong(2 + count))
            .toArray();
    return new PulseWalk() {
      private long mark = Long.MAX_VALUE;
      private int[] found = {};

      @Override
      public boolean deepen(int more) {
        if (mark <= 1) {
          return false;
        }
        long lower =
            Arrays.stream(beats)
                .filter(beat -> beat < mark)
                .map(beat -> -beat)
                .sorted()
                .skip(random.nextLong(more))
                .map(beat -> -beat)
                .findFirst()
                .orElse(1);
        mark = Math.max(1, lower);
        found = IntStream.range(0, beats.length).filter(i -> beats[i] >= mark).toArray();
        return true;
      }

      @Override
      public int[] slots() {
        return found;
      }

      @Override
      public int size() {
        return found.length;
      }

      @Override
      public double bound() {
        return mark == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : mark - 1;
      }
    };
  }

  @Override
  public SignalReading reading(int type, int slot) {
    throw new UnsupportedOperationException("queries read columns, not pairs");
  }

  @Override
  public void scan(int type, ScoreConsumer consumer) {
    throw new UnsupportedOperationException("queries do not scan columns");
  }

  @Override
  public void close() {}
}
