package io.tidaldb.benchmarks.signal;

import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.Window;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Question: what does a query pay for signals? Sketch: 200 candidates × 4 signals are 800 loads
/// from four columns of 8 MB, 0.5 µs in cache; a scan of a million items streams 32 MB, 1.2 ms; the
/// head is an array. It would surprise us if a read allocated.
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SignalReadBenchmark {

  private static final int CANDIDATES = 200;
  private static final int SETS = 512;

  private Platform platform;
  private SignalReader reader;
  private final int[][] sets = new int[SETS][CANDIDATES];
  private final double[] scores = new double[CANDIDATES];
  private final long[] counts = new long[CANDIDATES];
  private final double[] total = new double[Platform.ITEMS + 4_096];
  private final int[] best = new int[100];
  private final double[] bestScores = new double[100];
  private int next;

  /// Fills the view and draws candidate sets.
  @Setup(Level.Trial)
  public void fill() {
    platform = new Platform(3_000_000);
    reader = platform.view.reader(platform.end());
    var random = new SplittableRandom(11);
    for (var set : sets) {
      Arrays.setAll(set, i -> random.nextInt(Platform.ITEMS));
    }
  }

  private int[] candidates() {
    next = (next + 1) & (SETS - 1);
    return sets[next];
  }

  /// The scoring kernel: 200 random candidates × 4 signals.
  @Benchmark
  public double score200x4() {
    int[] slots = candidates();
    Arrays.fill(scores, 0);
    for (int type = 0; type < Platform.TYPES; type++) {
      reader.addWeighted(type, 0.25, slots, CANDIDATES, scores);
    }
    return scores[7];
  }

  /// The same for the same 200 candidates again and again: columns in cache.
  @Benchmark
  public double score200x4InCache() {
    int[] slots = sets[0];
    Arrays.fill(scores, 0);
    for (int type = 0; type < Platform.TYPES; type++) {
      reader.addWeighted(type, 0.25, slots, CANDIDATES, scores);
    }
    return scores[7];
  }

  /// 200 candidates × one windowed count.
  @Benchmark
  public long count200() {
    reader.windowedCounts(0, Window.TWENTY_FOUR_HOURS, candidates(), CANDIDATES, counts);
    return counts[7];
  }

  /// One million items × 4 signals into one score.
  @Benchmark
  public double scanMillionx4() {
    Arrays.fill(total, 0);
    for (int type = 0; type < Platform.TYPES; type++) {
      reader.scan(
          type,
          (first, count, values) -> {
            for (int i = 0; i < count; i++) {
              total[first + i] += 0.25 * values[i];
            }
          });
    }
    return total[7];
  }

  /// The 100 hottest of a million.
  @Benchmark
  public double hottest100() {
    int count = reader.hottest(0, 100, best, bestScores);
    return bestScores[count - 1];
  }

  /// One decayed score.
  @Benchmark
  public double oneDecayedScore() {
    return reader.decayScore(0, candidates()[0]);
  }

  /// One windowed count of 7 days.
  @Benchmark
  public long oneWeekCount() {
    return reader.windowedCount(0, Window.SEVEN_DAYS, candidates()[0]);
  }
}
