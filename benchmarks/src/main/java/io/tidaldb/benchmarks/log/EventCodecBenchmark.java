package io.tidaldb.benchmarks.log;

import io.tidaldb.log.Event;
import io.tidaldb.log.EventCodec;
import io.tidaldb.schema.EntityKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Question: what does a signal cost on its way into the log? Sketch: 64 bytes of stores and a
/// checksum at 10 GB/s, some 20 ns. It would surprise us if encoding allocated.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventCodecBenchmark {

  private static final int EVENTS = 8_192;

  private final Event[] events = new Event[EVENTS];
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(EVENTS * 96).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();

  /// Makes a frame's worth of signals with user and creator.
  @Setup
  public void fill() {
    int flags = Event.SignalRecorded.USER | Event.SignalRecorded.CREATOR;
    for (int i = 0; i < EVENTS; i++) {
      events[i] =
          new Event.SignalRecorded(
              1_700_000_000_000_000_000L + i, 1, EntityKind.ITEM, i, 1, flags, i, i, 0, null);
    }
    encode();
  }

  /// Encodes and checksums a frame of 8,192 signals; per signal.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long encode() {
    buffer.clear();
    for (var event : events) {
      EventCodec.encode(event, buffer);
    }
    buffer.flip();
    checksum.reset();
    checksum.update(buffer);
    return checksum.getValue();
  }

  /// Decodes them; per signal.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long decode() {
    buffer.rewind();
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      sum += EventCodec.decode(buffer, "benchmark", buffer.position()).time();
    }
    return sum;
  }
}
