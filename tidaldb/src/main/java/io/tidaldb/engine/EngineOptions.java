package io.tidaldb.engine;

import io.tidaldb.schema.Durability;
import io.tidaldb.schema.InvalidRequestException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Everything that bounds a running engine. Nothing here shapes state; what does is schema.
///
/// @param clock the only clock
/// @param durability level of writes that do not say one
/// @param queue bounds of what waits for the writer
/// @param log sizes of the log
/// @param checkpoints when checkpoints are taken
/// @param time what to do with event times ahead of the clock
/// @param dedup bounds of the idempotency windows
/// @param entitiesMax entities ever, per kind
/// @param headCapacity members of each signal's head, 0 turns heads off
/// @param closeTimeout how long `close` waits for running queries
public record EngineOptions(
    InstantSource clock,
    Durability durability,
    Queue queue,
    LogLimits log,
    Checkpointing checkpoints,
    Time time,
    Dedup dedup,
    int entitiesMax,
    int headCapacity,
    Duration closeTimeout) {

  private static final long MIB = 1L << 20;

  /// What to do with an event time beyond the allowed skew.
  public enum FutureEvents {
    /// Refuse the call.
    REJECT,
    /// Use the receive time.
    CLAMP
  }

  /// Bounds of the write queue.
  ///
  /// @param events 1 … 1,048,576
  /// @param bytes 4 MiB … 1 GiB
  /// @param enqueueTimeout how long a blocking call waits for room, 0 … 60 s
  public record Queue(int events, long bytes, Duration enqueueTimeout) {}

  /// Sizes of the log.
  ///
  /// @param segmentBytes 4 KiB … 1 GiB
  /// @param frameEvents events gathered into one frame, 1 … 65,535
  /// @param relaxedSyncInterval the longest that RELAXED events wait for a sync, 1 ms … 1 s
  public record LogLimits(long segmentBytes, int frameEvents, Duration relaxedSyncInterval) {}

  /// When checkpoints are taken.
  ///
  /// @param interval 100 ms … 1 h
  /// @param logBytes log behind the last checkpoint, 1 MiB … 8 GiB
  public record Checkpointing(Duration interval, long logBytes) {}

  /// What to do with event times ahead of the clock.
  ///
  /// @param maxClockSkew up to here a time is clamped to the receive time, 0 … 1 h
  /// @param futureEvents what happens beyond
  public record Time(Duration maxClockSkew, FutureEvents futureEvents) {}

  /// Bounds of the idempotency windows.
  ///
  /// @param keys 0 … 16,777,216
  /// @param producers 0 … 65,536
  public record Dedup(int keys, int producers) {}

  /// The defaults, on the system's clock.
  public static EngineOptions defaults() {
    return new EngineOptions(
        InstantSource.system(),
        Durability.BATCHED,
        new Queue(65_536, 64 * MIB, Duration.ofMillis(100)),
        new LogLimits(64 * MIB, 8_192, Duration.ofMillis(50)),
        new Checkpointing(Duration.ofSeconds(30), 256 * MIB),
        new Time(Duration.ofMinutes(5), FutureEvents.REJECT),
        new Dedup(1_048_576, 4_096),
        100_000_000,
        4_096,
        Duration.ofSeconds(30));
  }

  /// Checks every option.
  ///
  /// @throws InvalidRequestException with every finding at once
  public void validate() {
    var findings = new ArrayList<String>();
    range(findings, "queueEvents", queue.events, 1, 1 << 20);
    range(findings, "queueBytes", queue.bytes, 4 * MIB, 1024 * MIB);
    range(findings, "enqueueTimeoutMillis", queue.enqueueTimeout.toMillis(), 0, 60_000);
    range(findings, "segmentBytes", log.segmentBytes, 4_096, 1024 * MIB);
    range(findings, "frameEvents", log.frameEvents, 1, 65_535);
    range(findings, "relaxedSyncIntervalMillis", log.relaxedSyncInterval.toMillis(), 1, 1_000);
    range(findings, "checkpointIntervalMillis", checkpoints.interval.toMillis(), 100, 3_600_000);
    range(findings, "checkpointLogBytes", checkpoints.logBytes, MIB, 8192 * MIB);
    range(findings, "maxClockSkewMillis", time.maxClockSkew.toMillis(), 0, 3_600_000);
    range(findings, "dedupKeys", dedup.keys, 0, 1 << 24);
    range(findings, "dedupProducers", dedup.producers, 0, 65_536);
    range(findings, "entitiesMax", entitiesMax, 1, 2_000_000_000);
    range(findings, "headCapacity", headCapacity, 0, 1 << 20);
    range(findings, "closeTimeoutMillis", closeTimeout.toMillis(), 0, 600_000);
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          "OPTION_OUT_OF_RANGE", "options out of range: " + String.join("; ", findings));
    }
  }

  private static void range(List<String> findings, String name, long given, long least, long most) {
    if (given < least || given > most) {
      findings.add(name + " given=" + given + " allowed=" + least + "…" + most);
    }
  }

  /// The defaults, to be changed one by one.
  public static Builder builder() {
    return new Builder();
  }

  /// Collects options; nothing is checked before [EngineOptions#validate()].
  public static final class Builder {

    private EngineOptions built = defaults();

    /// See the door's option of this name.
    public void durability(Durability value) {
      built =
          new EngineOptions(
              built.clock,
              value,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void clock(InstantSource value) {
      built =
          new EngineOptions(
              value,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void queueEvents(int value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              new Queue(value, built.queue.bytes, built.queue.enqueueTimeout),
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void queueBytes(long value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              new Queue(built.queue.events, value, built.queue.enqueueTimeout),
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void enqueueTimeout(Duration value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              new Queue(built.queue.events, built.queue.bytes, value),
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void segmentBytes(long value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              new LogLimits(value, built.log.frameEvents, built.log.relaxedSyncInterval),
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void relaxedSyncInterval(Duration value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              new LogLimits(built.log.segmentBytes, built.log.frameEvents, value),
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void checkpointInterval(Duration value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              new Checkpointing(value, built.checkpoints.logBytes),
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void checkpointLogBytes(long value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              new Checkpointing(built.checkpoints.interval, value),
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void maxClockSkew(Duration value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              new Time(value, built.time.futureEvents),
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void futureEvents(FutureEvents value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              new Time(built.time.maxClockSkew, value),
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void dedupKeys(int value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              new Dedup(value, built.dedup.producers),
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void dedupProducers(int value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              new Dedup(built.dedup.keys, value),
              built.entitiesMax,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void entitiesMax(int value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              value,
              built.headCapacity,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void headCapacity(int value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              value,
              built.closeTimeout);
    }

    /// See the door's option of this name.
    public void closeTimeout(Duration value) {
      built =
          new EngineOptions(
              built.clock,
              built.durability,
              built.queue,
              built.log,
              built.checkpoints,
              built.time,
              built.dedup,
              built.entitiesMax,
              built.headCapacity,
              value);
    }

    /// The options as they are now.
    public EngineOptions build() {
      return built;
    }
  }
}
