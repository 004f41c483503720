package io.tidaldb.benchmarks.tidalql;

import io.tidaldb.schema.Query;
import io.tidaldb.tidalql.TidalQl;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Question: what does a text cost against a request that was built? Sketch: some 35 tokens and ten
/// requests, each a step on the way; target below 20 µs, expected some 5 µs. It would surprise us
/// if writing cost more than reading.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParseBenchmark {

  private static final String HEADLINE =
      """
      RETRIEVE items FOR USER $me USING PROFILE for_you
      FILTER unseen AND unblocked AND category IN ("jazz", "folk")
      DIVERSITY max_per_creator:2 LIMIT 50\
      """;

  private final Map<String, Object> parameters = Map.of("me", 42L);
  private final Query query = TidalQl.parse(HEADLINE, parameters);

  /// Reads the headline text.
  @Benchmark
  public Query parse() {
    return TidalQl.parse(HEADLINE, parameters);
  }

  /// Writes the request that it says.
  @Benchmark
  public String write() {
    return query.toString();
  }
}
