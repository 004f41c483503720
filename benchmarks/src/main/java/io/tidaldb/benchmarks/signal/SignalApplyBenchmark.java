package io.tidaldb.benchmarks.signal;

import io.tidaldb.log.Event;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Question: how many events a second does one writer fold? Sketch: one exp2 and two cache misses
/// for the decayed score, two or three for slot and buckets, some 300 ns. It would surprise us if
/// allocation showed up.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
public class SignalApplyBenchmark {

  private static final int EVENTS = 1 << 16;

  private Platform platform;
  private final Event[] events = new Event[EVENTS];
  private final SplittableRandom random = new SplittableRandom(5);
  private long time;

  /// Fills the view.
  @Setup(Level.Trial)
  public void fill() {
    platform = new Platform(3_000_000);
    time = platform.end();
  }

  /// Draws the events outside the measurement; a second of platform time per batch.
  @Setup(Level.Invocation)
  public void draw() {
    for (int i = 0; i < EVENTS; i++) {
      time += 15_000;
      events[i] = Platform.event(random.nextInt(Platform.TYPES), platform.popular(random), time);
    }
  }

  /// Folds 65,536 events by Zipf(1.0), all windows on.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void applyZipf() {
    for (var event : events) {
      platform.apply(event);
    }
  }
}
