package io.tidaldb.engine;

import io.tidaldb.query.ExplorationLimits;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.SessionPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
/// @param collections bounds of collections
/// @param users bounds of what is kept of users
/// @param cohorts bounds of cohorts
/// @param headCapacity members of each signal's head, 0 turns heads off
/// @param exploration what counts as new and hardly shown: age 1 min … 30 d, impressions 1 …
///   1,000,000
/// @param sessions bounds of sessions
/// @param load when queries spend less
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
    Collections collections,
    Users users,
    Cohorts cohorts,
    int headCapacity,
    ExplorationLimits exploration,
    Sessions sessions,
    Load load,
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

  /// Bounds of collections.
  ///
  /// @param perOwner collections of one owner, 1 … 100,000
  /// @param items members of one collection, 1 … 100,000
  public record Collections(int perOwner, int items) {}

  /// Bounds of sessions.
  ///
  /// @param active sessions that may run, 1 … 10,000,000
  /// @param perUser sessions of one user that may run, 1 … 10,000
  /// @param sweepInterval time between sweeps of expired ones, 100 ms … 1 h
  /// @param agentRate how fast signals of all sessions of one agent may come; empty for any; 0.001
  ///   … 1,000,000 per second, burst 1 … 1,000,000
  public record Sessions(
      int active, int perUser, Duration sweepInterval, Optional<SessionPolicy.Rate> agentRate) {

    private void validate(List<String> findings) {
      range(findings, "activeSessions", active, 1, 10_000_000);
      range(findings, "activeSessionsPerUser", perUser, 1, 10_000);
      range(findings, "sessionSweepIntervalMillis", sweepInterval.toMillis(), 100, 3_600_000);
      agentRate.ifPresent(
          rate -> {
            if (!(rate.perSecond() >= 0.001 && rate.perSecond() <= 1e6)) {
              findings.add("agentRate given=" + rate.perSecond() + " allowed=0.001…1000000.0");
            }
            range(findings, "agentRateBurst", rate.burst(), 1, 1_000_000);
          });
    }
  }

  /// Bounds of what is kept of users.
  ///
  /// @param relations relations of one user, of each type, 1 … 10,000,000
  /// @param networkFanOut users in a network, 1 … 100,000
  /// @param cacheBytes lists of users in memory, 1 MiB … 64 GiB
  public record Users(int relations, int networkFanOut, long cacheBytes) {}

  /// Bounds of cohorts.
  ///
  /// @param definitions cohorts at a time, 1 … 4,096
  /// @param pairs pairs of cohort, entity and signal with events, 1,024 … 2^31
  public record Cohorts(int definitions, long pairs) {}

  /// When queries spend less, by how many are in flight; each not below the one before, 0 …
  /// 1,000,000.
  ///
  /// @param reduced above so many, sources give half
  /// @param coarse above so many, also windows are coarse
  /// @param noDiversity above so many, also diversity is skipped
  /// @param queriesMax above so many, queries are refused; 1 … 1,000,000
  public record Load(int reduced, int coarse, int noDiversity, int queriesMax) {

    private static final int MOST = 1_000_000;

    /// The level of a query that is one of so many.
    ///
    /// @throws LimitExceededException if there are too many
    LoadLevel level(int inFlight) {
      if (inFlight <= reduced) {
        return LoadLevel.FULL;
      }
      if (inFlight > queriesMax) {
        throw new LimitExceededException("queriesInFlight", queriesMax, inFlight, "");
      }
      if (inFlight <= coarse) {
        return LoadLevel.REDUCED_CANDIDATES;
      }
      return inFlight <= noDiversity ? LoadLevel.COARSE_AGGREGATES : LoadLevel.NO_DIVERSITY;
    }

    private void validate(List<String> findings) {
      range(findings, "reducedAbove", reduced, 0, MOST);
      range(findings, "coarseAbove", coarse, reduced, MOST);
      range(findings, "noDiversityAbove", noDiversity, coarse, MOST);
      range(findings, "queriesMax", queriesMax, Math.max(1, noDiversity), MOST);
    }
  }

  /// The defaults, on the system's clock.
  public static EngineOptions defaults() {
    return builder().build();
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
    range(findings, "collectionsPerOwner", collections.perOwner, 1, 100_000);
    range(findings, "itemsPerCollection", collections.items, 1, 100_000);
    range(findings, "relationsPerUser", users.relations, 1, 10_000_000);
    range(findings, "networkFanOut", users.networkFanOut, 1, 100_000);
    range(findings, "userCacheBytes", users.cacheBytes, MIB, 65_536 * MIB);
    range(findings, "cohorts", cohorts.definitions, 1, 4_096);
    range(findings, "cohortPairs", cohorts.pairs, 1_024, 1L << 31);
    range(findings, "headCapacity", headCapacity, 0, 1 << 20);
    range(findings, "explorationAgeMillis", millis(exploration.age()), 60_000, 2_592_000_000L);
    range(findings, "explorationImpressions", exploration.impressions(), 1, 1_000_000);
    sessions.validate(findings);
    load.validate(findings);
    range(findings, "closeTimeoutMillis", closeTimeout.toMillis(), 0, 600_000);
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          "OPTION_OUT_OF_RANGE", "options out of range: " + String.join("; ", findings));
    }
  }

  private static long millis(Duration span) {
    return span.compareTo(Duration.ofDays(31)) > 0 ? Long.MAX_VALUE : span.toMillis();
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

  /// Collects options, each named and described as at the door; nothing is checked before
  /// [EngineOptions#validate()].
  public static final class Builder {

    private static final int FRAME_EVENTS = 8_192;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private Durability durability = Durability.BATCHED;
    private InstantSource clock = InstantSource.system();
    private int queueEvents = 65_536;
    private long queueBytes = 64 * MIB;
    private Duration enqueueTimeout = Duration.ofMillis(100);
    private long segmentBytes = 64 * MIB;
    private Duration relaxedSyncInterval = Duration.ofMillis(50);
    private Duration checkpointInterval = Duration.ofSeconds(30);
    private long checkpointLogBytes = 256 * MIB;
    private Duration maxClockSkew = Duration.ofMinutes(5);
    private FutureEvents futureEvents = FutureEvents.REJECT;
    private int dedupKeys = 1_048_576;
    private int dedupProducers = 4_096;
    private int entitiesMax = 100_000_000;
    private int collectionsPerOwner = 1_000;
    private int itemsPerCollection = 10_000;
    private int relationsPerUser = 100_000;
    private int networkFanOut = 2_000;
    private long userCacheBytes = 256 * MIB;
    private int cohorts = 256;
    private long cohortPairs = 8_388_608;
    private int headCapacity = 4_096;
    private Duration explorationAge = ExplorationLimits.DEFAULT.age();
    private int explorationImpressions = ExplorationLimits.DEFAULT.impressions();
    private int activeSessions = 100_000;
    private int activeSessionsPerUser = 100;
    private Duration sessionSweepInterval = Duration.ofSeconds(60);
    private Optional<SessionPolicy.Rate> agentRate = Optional.empty();
    private Load load = new Load(25 * CORES, 100 * CORES, 250 * CORES, 1_000 * CORES);
    private Duration closeTimeout = Duration.ofSeconds(30);

    private Builder() {}

    /// Sets this option.
    public void durability(Durability value) {
      durability = value;
    }

    /// Sets this option.
    public void clock(InstantSource value) {
      clock = value;
    }

    /// Sets this option.
    public void queueEvents(int value) {
      queueEvents = value;
    }

    /// Sets this option.
    public void queueBytes(long value) {
      queueBytes = value;
    }

    /// Sets this option.
    public void enqueueTimeout(Duration value) {
      enqueueTimeout = value;
    }

    /// Sets this option.
    public void segmentBytes(long value) {
      segmentBytes = value;
    }

    /// Sets this option.
    public void relaxedSyncInterval(Duration value) {
      relaxedSyncInterval = value;
    }

    /// Sets this option.
    public void checkpointInterval(Duration value) {
      checkpointInterval = value;
    }

    /// Sets this option.
    public void checkpointLogBytes(long value) {
      checkpointLogBytes = value;
    }

    /// Sets this option.
    public void maxClockSkew(Duration value) {
      maxClockSkew = value;
    }

    /// Sets this option.
    public void futureEvents(FutureEvents value) {
      futureEvents = value;
    }

    /// Sets this option.
    public void dedupKeys(int value) {
      dedupKeys = value;
    }

    /// Sets this option.
    public void dedupProducers(int value) {
      dedupProducers = value;
    }

    /// Sets this option.
    public void entitiesMax(int value) {
      entitiesMax = value;
    }

    /// Sets this option.
    public void collectionsPerOwner(int value) {
      collectionsPerOwner = value;
    }

    /// Sets this option.
    public void itemsPerCollection(int value) {
      itemsPerCollection = value;
    }

    /// Sets this option.
    public void relationsPerUser(int value) {
      relationsPerUser = value;
    }

    /// Sets this option.
    public void networkFanOut(int value) {
      networkFanOut = value;
    }

    /// Sets this option.
    public void userCacheBytes(long value) {
      userCacheBytes = value;
    }

    /// Sets this option.
    public void cohorts(int value) {
      cohorts = value;
    }

    /// Sets this option.
    public void cohortPairs(long value) {
      cohortPairs = value;
    }

    /// Sets this option.
    public void headCapacity(int value) {
      headCapacity = value;
    }

    /// Sets this option.
    public void explorationAge(Duration value) {
      explorationAge = value;
    }

    /// Sets this option.
    public void explorationImpressions(int value) {
      explorationImpressions = value;
    }

    /// Sets this option.
    public void activeSessions(int value) {
      activeSessions = value;
    }

    /// Sets this option.
    public void activeSessionsPerUser(int value) {
      activeSessionsPerUser = value;
    }

    /// Sets this option.
    public void sessionSweepInterval(Duration value) {
      sessionSweepInterval = value;
    }

    /// Sets this option.
    public void agentRate(SessionPolicy.Rate value) {
      agentRate = Optional.of(value);
    }

    /// Sets these options.
    public void load(Load value) {
      load = value;
    }

    /// Sets this option.
    public void closeTimeout(Duration value) {
      closeTimeout = value;
    }

    /// The options as they are now.
    public EngineOptions build() {
      return new EngineOptions(
          clock,
          durability,
          new Queue(queueEvents, queueBytes, enqueueTimeout),
          new LogLimits(segmentBytes, FRAME_EVENTS, relaxedSyncInterval),
          new Checkpointing(checkpointInterval, checkpointLogBytes),
          new Time(maxClockSkew, futureEvents),
          new Dedup(dedupKeys, dedupProducers),
          entitiesMax,
          new Collections(collectionsPerOwner, itemsPerCollection),
          new Users(relationsPerUser, networkFanOut, userCacheBytes),
          new Cohorts(cohorts, cohortPairs),
          headCapacity,
          new ExplorationLimits(explorationAge, explorationImpressions),
          new Sessions(activeSessions, activeSessionsPerUser, sessionSweepInterval, agentRate),
          load,
          closeTimeout);
    }
  }
}
